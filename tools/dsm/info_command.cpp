// `dsm info`: what is in a run, and what about it is missing or doubtful.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dsp/dicom/pixel_digest.h"
#include "dsp/dicom/run_reader.h"
#include "dsp/source/open_run.h"
#include "dsp/source/single_frames.h"
#include "tools/dsm/commands.h"
#include "tools/dsm/info_format.h"

namespace dsm::cli {

namespace {

struct Options {
    std::vector<std::string> runs;
    bool as_json{false};
    bool with_hash{false};
};

// A run in one file, or in many of one frame.
class DescribedRun {
 public:
    static Result<DescribedRun> open(const std::filesystem::path& file) {
        DescribedRun run;
        if (names_single_frames(file)) {
            auto frames = SingleFrames::open(file);
            if (!frames) {
                return tl::unexpected(frames.error());
            }
            run.frames_ = std::move(*frames);
            return run;
        }
        auto reader = RunReader::open(file);
        if (!reader) {
            return tl::unexpected(reader.error());
        }
        run.reader_ = std::move(*reader);
        return run;
    }

    [[nodiscard]] const RunInfo& info() const {
        return frames_ ? frames_->info() : reader_->info();
    }

    Result<PixelDigest> digest(const std::function<void(double)>& progress) {
        if (!frames_) {
            return digest_pixels(*reader_, progress);
        }
        const auto read = [this](FrameIndex frame) -> Result<std::span<const std::uint8_t>> {
            auto opened = RunReader::open(
                frames_->info().frame_objects.at(static_cast<std::size_t>(frame)).file);
            if (!opened) {
                return tl::unexpected(opened.error());
            }
            reader_ = std::move(*opened);
            return reader_->read_decoded(0);
        };
        return digest_pixels(frames_->info(), read, progress);
    }

 private:
    std::unique_ptr<SingleFrames> frames_;
    std::unique_ptr<RunReader> reader_;
};

Result<void> describe(const std::filesystem::path& file, const Options& options,
                      const Terminal& terminal) {
    auto run = DescribedRun::open(file);
    if (!run) {
        return tl::unexpected(run.error());
    }
    std::optional<PixelDigest> digest;
    if (options.with_hash) {
        ProgressBar bar(terminal, file.filename().string());
        auto made = run->digest([&](double part) { bar.show(part); });
        bar.finish();
        if (!made) {
            return tl::unexpected(made.error());
        }
        digest = std::move(*made);
    }
    const RunInfo& info = run->info();
    const std::string text =
        options.as_json ? info_as_json(info, digest) + "\n" : info_as_text(info, digest);
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() ||
        std::fflush(stdout) != 0) {
        return fail(ErrorKind::io, "standard output", "cannot be written", "check where it goes");
    }
    return {};
}

// Goes on after a run that cannot be read; any such makes the exit code 1.
int run_info(const Options& options, const Terminal& terminal) {
    int exit_code = 0;
    for (const std::string& named : options.runs) {
        const auto files = find_runs(named);
        if (!files) {
            exit_code = terminal.report(files.error());
            continue;
        }
        for (const std::filesystem::path& file : *files) {
            if (auto done = describe(file, options, terminal); !done) {
                exit_code = terminal.report(done.error());
            }
        }
    }
    return exit_code;
}

}  // namespace

void add_info_command(CLI::App& app, Invocation& invocation) {
    auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand(
        "info",
        "what is in a run: class, codec, size, timing, intensity, position, masks, warnings");
    command->add_option("RUN", options->runs, "DICOM file, folder or DICOMDIR")->required();
    command->add_flag("--json", options->as_json, "one JSON object a line, one line a run");
    command->add_flag("--hash", options->with_hash,
                      "decode all frames: SHA-256, minimum, maximum and mean of the stored values");
    command->callback([options, &invocation] {
        invocation.run = [options, &invocation] { return run_info(*options, invocation.terminal); };
    });
}

}  // namespace dsm::cli
