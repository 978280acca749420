#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include "dsp/core/scratch_folder.h"
#include "dsp/evaluation/peers.h"

// The environment handed on to elastix; POSIX leaves its declaration to the program.
extern char** environ;

namespace dsm::evaluation {
namespace {

namespace fs = std::filesystem;

constexpr const char* kProgram = "elastix";

bool write_picture(const fs::path& file, ImageView<const float> image) {
    std::ofstream header(file.string() + ".mhd");
    header << "ObjectType = Image\nNDims = 2\nDimSize = " << image.width() << ' ' << image.height()
           << "\nElementType = MET_FLOAT\nElementByteOrderMSB = False\nElementSpacing = 1 1\n"
           << "ElementDataFile = " << file.filename().string() << ".raw\n";
    std::ofstream pixels(file.string() + ".raw", std::ios::binary);
    for (int y = 0; y < image.height(); ++y) {
        const auto row = std::as_bytes(image.row_span(y));
        pixels.write(reinterpret_cast<const char*>(row.data()),
                     static_cast<std::streamsize>(row.size()));
    }
    header.flush();
    pixels.flush();
    return header.good() && pixels.good();
}

bool write_parameters(const fs::path& file) {
    std::ofstream out(file);
    out << R"((FixedInternalImagePixelType "float")
(MovingInternalImagePixelType "float")
(FixedImageDimension 2)
(MovingImageDimension 2)
(UseDirectionCosines "true")
(Registration "MultiResolutionRegistration")
(Interpolator "BSplineInterpolator")
(BSplineInterpolationOrder 3)
(ResampleInterpolator "FinalBSplineInterpolator")
(FinalBSplineInterpolationOrder 3)
(Resampler "DefaultResampler")
(FixedImagePyramid "FixedSmoothingImagePyramid")
(MovingImagePyramid "MovingSmoothingImagePyramid")
(NumberOfResolutions 4)
(Optimizer "AdaptiveStochasticGradientDescent")
(Transform "BSplineTransform")
(FinalGridSpacingInPhysicalUnits 32.0)
(Metric "AdvancedNormalizedCorrelation")
(MaximumNumberOfIterations 400)
(NumberOfSpatialSamples 4000)
(NewSamplesEveryIteration "true")
(ImageSampler "RandomCoordinate")
(AutomaticParameterEstimation "true")
(HowToCombineTransforms "Compose")
(RandomSeed 121212)
(DefaultPixelValue 0)
(WriteResultImage "false")
)";
    out.flush();
    return out.good();
}

// Exit status, or nothing where the program could not be started.
std::optional<int> run_quietly(std::vector<std::string> arguments) {
    std::vector<char*> pointers;
    for (std::string& argument : arguments) {
        pointers.push_back(argument.data());
    }
    pointers.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    for (const int stream : {STDOUT_FILENO, STDERR_FILENO}) {
        ::posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_WRONLY, 0);
    }
    pid_t child = 0;
    // Signals that this process has blocked must still end the child.
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    sigset_t none;
    ::sigemptyset(&none);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    const int failed =
        ::posix_spawnp(&child, pointers.front(), &actions, &attributes, pointers.data(), environ);
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
    if (failed != 0) {
        return std::nullopt;
    }
    int status = 0;
    while (::waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) {
            return std::nullopt;
        }
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

// deformationField.mhd of transformix: two floats a pixel, the displacement from the fixed picture
// (ours: the live frame) to the moving one (the mask), in pixels.
std::optional<Displacement> read_field(const fs::path& folder, Extent extent) {
    std::ifstream pixels(folder / "deformationField.raw", std::ios::binary);
    std::vector<float> flow(2 * extent.pixels());
    const auto bytes = static_cast<std::streamsize>(flow.size() * sizeof(float));
    pixels.read(reinterpret_cast<char*>(flow.data()), bytes);
    if (pixels.gcount() != bytes) {
        return std::nullopt;
    }
    Displacement field(extent, 1);
    for (std::size_t i = 0; i < extent.pixels(); ++i) {
        field.dx_px.pixels()[i] = flow[2 * i];
        field.dy_px.pixels()[i] = flow[2 * i + 1];
    }
    return field;
}

Result<Match> run_elastix(const MatchInput& input, int threads, const fs::path& folder) {
    const auto failure = [](const char* what) {
        return fail(ErrorKind::io, kProgram, what, "check that the temporary folder has room");
    };
    if (folder.empty() || !write_picture(folder / "live", input.live) ||
        !write_picture(folder / "mask", input.masks.back()) ||
        !write_parameters(folder / "parameters.txt")) {
        return failure("its input could not be written");
    }
    const std::string out = folder.string();
    const std::string count = std::to_string(threads);
    const auto found = run_quietly({kProgram, "-f", out + "/live.mhd", "-m", out + "/mask.mhd",
                                    "-p", out + "/parameters.txt", "-out", out, "-threads", count});
    if (found != 0) {
        Match match = match_none(input);
        match.note = "failed: nothing moved";
        return match;
    }
    const auto drawn =
        run_quietly({"transformix", "-def", "all", "-tp", out + "/TransformParameters.0.txt",
                     "-out", out, "-threads", count});
    auto field = drawn == 0 ? read_field(folder, input.live.extent()) : std::nullopt;
    if (!field) {
        return failure("its displacement could not be read");
    }
    Match match = match_none(input);
    match.field = std::move(*field);
    return match;
}

}  // namespace

bool elastix_installed() {
    const char* path = std::getenv("PATH");
    std::istringstream folders(path != nullptr ? path : "");
    for (std::string folder; std::getline(folders, folder, ':');) {
        if (::access((fs::path(folder) / kProgram).c_str(), X_OK) == 0 &&
            ::access((fs::path(folder) / "transformix").c_str(), X_OK) == 0) {
            return true;
        }
    }
    return false;
}

Result<Match> match_elastix(const MatchInput& input, int threads) {
    const ScratchFolder folder("evaluation");
    return run_elastix(input, threads, folder.path());
}

}  // namespace dsm::evaluation
