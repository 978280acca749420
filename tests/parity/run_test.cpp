// Whole runs on the GPU against the same on the processor; and runs whose driver fails on the way.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "dsp/gpu/shader_files.h"
#include "dsp/phantom/recipe.h"
#include "dsp/pipeline/bench.h"
#include "dsp/pipeline/bench_report.h"
#include "dsp/pipeline/gpu_trial.h"
#include "dsp/pipeline/process.h"
#include "tests/parity/gl_here.h"
#include "tests/pipeline/made_run.h"
#include "tests/pipeline/phantom_source.h"
#include "tests/support/support.h"

using namespace dsm;
using dsm::test::MadeRun;

namespace {

struct Processed {
    std::vector<Image<float>> opacity;
    BackendChoice chosen;
    RunResult result;
};

Result<RunResult> process_into(FrameSource& run, const PipelineParams& params, Processed& all) {
    ProcessHooks hooks;
    hooks.on_backend = [&](const BackendChoice& choice) { all.chosen = choice; };
    hooks.on_frame = [&](const FrameOutput& out) -> Result<void> {
        copy_pixels(out.opacity, all.opacity.emplace_back(out.opacity.extent()).view());
        return {};
    };
    return process_run(run, params, hooks);
}

Processed processed(FrameSource& run, Backend backend, Mode mode = Mode::live) {
    Processed all;
    PipelineParams params;
    params.backend = backend;
    params.mode = mode;
    auto result = process_into(run, params, all);
    REQUIRE(result);
    all.result = std::move(*result);
    return all;
}

// Breathing texture; a column of contrast comes from frame 8 on.
MadeRun breathing_run() {
    return MadeRun({192, 160}, 18, [](double x, double y, FrameIndex k) {
        const double phase = 2.0 * 3.14159265 * k / 6.0;
        const double level = MadeRun::still(x, y + (2.0 + 0.01 * x) * std::sin(phase), k);
        const bool contrast = k >= 8 && x >= 88 && x < 112 && y > 160.0 - 25.0 * (k - 7);
        return level * std::exp(contrast ? -0.3 : 0.0);
    });
}

struct Apart {
    double largest{0.0};
    double share{0.0};  // of pixels over 1e-4
};

Apart apart(const Processed& a, const Processed& b) {
    REQUIRE(a.opacity.size() == b.opacity.size());
    Apart result;
    double over = 0.0;
    double all = 0.0;
    for (std::size_t k = 0; k < a.opacity.size(); ++k) {
        for (std::size_t i = 0; i < a.opacity[k].pixels().size(); ++i) {
            const double difference = std::abs(static_cast<double>(a.opacity[k].pixels()[i]) -
                                               static_cast<double>(b.opacity[k].pixels()[i]));
            result.largest = difference <= result.largest ? result.largest : difference;
            over += difference <= 1e-4 ? 0.0 : 1.0;
            all += 1.0;
        }
    }
    result.share = over / all;
    return result;
}

// Rounding may carry a pixel over the threshold of arrival.
void check_maps(const RunResult& a, const RunResult& b) {
    REQUIRE(a.peak_opacity.extent() == b.peak_opacity.extent());
    REQUIRE(!a.peak_opacity.empty());
    std::size_t peaks = 0;
    std::size_t arrivals = 0;
    for (std::size_t i = 0; i < a.peak_opacity.pixels().size(); ++i) {
        const float difference = std::abs(a.peak_opacity.pixels()[i] - b.peak_opacity.pixels()[i]);
        peaks += difference <= 1e-4F ? 0U : 1U;
        arrivals += a.arrival_frame.pixels()[i] != b.arrival_frame.pixels()[i] ? 1U : 0U;
    }
    CHECK(peaks * 1000 < a.peak_opacity.pixels().size());
    CHECK(arrivals * 1000 < a.peak_opacity.pixels().size());
}

// Set for as long as it lives.
class Fault {
 public:
    explicit Fault(const char* plan) { setenv("DSM_GPU_FAULT", plan, 1); }
    ~Fault() { unsetenv("DSM_GPU_FAULT"); }
    Fault(const Fault&) = delete;
    Fault& operator=(const Fault&) = delete;
    Fault(Fault&&) = delete;
    Fault& operator=(Fault&&) = delete;
};

}  // namespace

TEST_CASE("a run on the GPU gives the opacity and the highlights of the processor") {
    if (!test::gl_here()) {
        return;
    }
    auto recipe =
        phantom::read_recipe(std::string(DSM_SOURCE_DIR) + "/sample_runs/fistula_easy.json");
    REQUIRE(recipe);
    recipe->image.columns = 320;
    recipe->image.rows = 400;
    recipe->image.pixel_mm = 0.48;
    recipe->timing.frames = 36;
    const Mode mode = GENERATE(Mode::live, Mode::review);
    test::PhantomSource source(*recipe);
    const Processed cpu = processed(source, Backend::cpu, mode);
    const Processed gpu = processed(source, Backend::gpu, mode);
    CHECK(cpu.result.backend == "cpu");
    CHECK(gpu.result.backend == "gpu");
    CHECK(gpu.result.device == gpu.chosen.device);
    CHECK(gpu.result.mask_frames == cpu.result.mask_frames);
    // Rounding can carry a mask's weight over the 3 % below which it is dropped.
    const Apart difference = apart(gpu, cpu);
    WARN("opacity over 1e-4 apart in " << 100.0 * difference.share << " % of pixels, at most "
                                       << difference.largest);
    CHECK(difference.share < 1e-3);
    REQUIRE(gpu.result.highlights.size() == cpu.result.highlights.size());
    CHECK(!gpu.result.highlights.empty());
    check_maps(gpu.result, cpu.result);
    // Listed by confidence: two that are alike in it may change places.
    for (const Highlight& a : gpu.result.highlights) {
        const auto b = std::find_if(
            cpu.result.highlights.begin(), cpu.result.highlights.end(),
            [&](const Highlight& each) { return length(a.seed_px - each.seed_px) <= 1.0; });
        REQUIRE(b != cpu.result.highlights.end());
        CHECK(a.kind == b->kind);
        CHECK(a.grade == b->grade);
        CHECK(a.onset_frame == b->onset_frame);
        CHECK(a.confidence == Approx(b->confidence).margin(0.01));
        CHECK(a.peak_opacity == Approx(b->peak_opacity).epsilon(1e-3).margin(1e-4));
    }
}

TEST_CASE("pictures that nobody looks at stay on the card, and the result is the same") {
    if (!test::gl_here()) {
        return;
    }
    MadeRun run = breathing_run();
    const char* plan = GENERATE("", "frame_sums:6", "mask_bins:1", "running_maps:5");
    CAPTURE(plan);
    const Processed cpu = processed(run, Backend::cpu);
    std::optional<Fault> fault;
    if (*plan != '\0') {
        fault.emplace(plan);
    }
    std::size_t without_pictures = 0;
    ProcessHooks hooks;
    hooks.pictures = false;
    hooks.on_frame = [&](const FrameOutput& out) -> Result<void> {
        CHECK(!out.usable.empty());
        without_pictures += out.opacity.empty() ? 1U : 0U;
        return {};
    };
    PipelineParams params;
    params.backend = Backend::gpu;
    const auto result = process_run(run, params, hooks);
    REQUIRE(result);
    CHECK(without_pictures >= 1);
    check_maps(*result, cpu.result);
    REQUIRE(result->highlights.size() == cpu.result.highlights.size());
    REQUIRE(result->motion.size() == cpu.result.motion.size());
    for (std::size_t k = 0; k < result->motion.size(); ++k) {
        const auto& expected = cpu.result.motion[k].artefact_ratio;
        const auto& found = result->motion[k].artefact_ratio;
        REQUIRE(found.has_value() == expected.has_value());
        CHECK((!found || *found == Approx(*expected).epsilon(1e-3)));
    }
    CHECK(result->corridor.median_mm.has_value() == cpu.result.corridor.median_mm.has_value());
}

TEST_CASE("when the driver fails the processor goes on with that same frame") {
    if (!test::gl_here()) {
        return;
    }
    MadeRun run = breathing_run();
    const Mode mode = GENERATE(Mode::live, Mode::review);
    const char* plan = GENERATE("linearise:1", "linearise:11", "mix_subtract:1", "mix_subtract:5",
                                "running_maps:1", "running_maps:7", "registration:1",
                                "registration:6", "mask_weights:4", "mix_half:3", "lines:2",
                                "frame_sums:4", "pictures:3", "mask_bins:1");
    CAPTURE(plan);
    const Processed cpu = processed(run, Backend::cpu, mode);
    const Fault fault(plan);
    const Processed failed = processed(run, Backend::gpu, mode);
    CHECK(failed.chosen.name == "gpu");
    CHECK(failed.result.backend.find("gpu, cpu from frame ") == 0);
    CHECK(failed.opacity.size() == 18);
    CHECK(failed.result.motion.size() == 18);
    CHECK(apart(failed, cpu).share < 1e-3);
    check_maps(failed.result, cpu.result);
    const auto& warnings = failed.result.warnings;
    const auto said = std::count_if(warnings.begin(), warnings.end(), [](const std::string& line) {
        return line.find("graphics driver") != std::string::npos &&
               line.find('\n') == std::string::npos;
    });
    CHECK(said == 1);
}

TEST_CASE(
    "a fault that is no stage and use, and shaders that are not there, are told in one line") {
    if (!test::gl_here()) {
        return;
    }
    MadeRun run = breathing_run();
    PipelineParams params;
    params.backend = Backend::gpu;
    Processed unused;
    {
        const Fault fault(GENERATE("abacus:1", "linearise", "linearise:0", "mix_subtract:2x"));
        const auto refused = process_into(run, params, unused);
        REQUIRE(!refused);
        CHECK(refused.error().message().find("DSM_GPU_FAULT") != std::string::npos);
    }
    const test::TemporaryFolder empty;
    setenv("DSM_SHADERS", empty.path().c_str(), 1);
    const auto refused = process_into(run, params, unused);
    params.backend = Backend::automatic;
    const auto went_on = process_into(run, params, unused);
    unsetenv("DSM_SHADERS");
    REQUIRE(!refused);
    CHECK(refused.error().message().find('\n') == std::string::npos);
    REQUIRE(went_on);
    CHECK(went_on->backend == "cpu");
}

TEST_CASE("a software renderer is never chosen unless it is asked for") {
    const auto context = test::gl_here();
    if (!context || !context->is_software()) {
        return;
    }
    MadeRun run = breathing_run();
    const Processed chosen = processed(run, Backend::automatic);
    CHECK(chosen.chosen.name == "cpu");
    CHECK(chosen.result.backend == "cpu");
    CHECK(!chosen.chosen.reason.empty());
}

TEST_CASE("what a driver takes for a frame is timed beside the processor, at any size") {
    const auto context = test::gl_here();
    if (!context) {
        return;
    }
    const auto shaders = gpu::find_shader_folder();
    REQUIRE(shaders);
    CHECK(try_gpu(*shaders, context->renderer()));
    const Extent extent = GENERATE(Extent{64, 48}, Extent{203, 117});
    const auto times = time_gpu(*shaders, extent);
    REQUIRE(times);
    CHECK(times->driver_ms > 0.0);
    CHECK(times->processor_ms > 0.0);
}

TEST_CASE("a driver whose results are others is refused") {
    const auto context = test::gl_here();
    if (!context) {
        return;
    }
    const auto shaders = gpu::find_shader_folder();
    REQUIRE(shaders);
    const test::TemporaryFolder wrong;
    std::filesystem::copy(*shaders, wrong.path(), std::filesystem::copy_options::recursive);
    const auto file = wrong.path() / "stages/displaced.glsl";
    std::string text = test::read_file(file);
    const std::string right = "t * (t * (1.0 - 0.5 * t) - 0.5)";
    REQUIRE(text.find(right) != std::string::npos);
    text.replace(text.find(right), right.size(), "t * (t * (1.0 - 0.5 * t) - 0.49)");
    std::ofstream(file) << text;
    const auto refused = try_gpu(wrong.path(), "a card");
    REQUIRE(!refused);
    CHECK(refused.error().message().find("a card") != std::string::npos);
}

TEST_CASE("a bench on the GPU counts the bytes of each stage, one on the processor has none") {
    if (!test::gl_here()) {
        return;
    }
    MadeRun run = breathing_run();
    BenchParams params;
    params.frames = 12;
    params.warm_up = 6;
    params.pipeline.backend = Backend::gpu;
    const auto timed = bench_run(run, params);
    REQUIRE(timed);
    const auto pixels = static_cast<double>(run.info().extent.pixels());
    const auto& [linearise, pyramids, registration, weights, half, mix, sums, maps, lines] =
        timed->gpu;
    CHECK(linearise.readback_bytes == 0.0);
    CHECK(mix.readback_bytes == 0.0);
    CHECK(sums.frames == mix.frames);
    CHECK(sums.readback_bytes > 0.0);
    CHECK(maps.frames >= mix.frames);
    CHECK(maps.device_bytes == Approx(35.0 * pixels));
    CHECK(linearise.frames == 12);
    CHECK(linearise.device_bytes == Approx(7.0 * pixels));
    CHECK(linearise.implied_ms() == Approx(7.0 * pixels / 300e6));
    CHECK(linearise.upload_bytes == Approx(2.0 * pixels));
    CHECK(mix.frames > 0);
    // The frame's first level is made of it, 1.25 values and flags a pixel, the others of that.
    CHECK(pyramids.frames > 0);
    CHECK(pyramids.device_bytes > 6.25 * pixels);
    CHECK(registration.frames == pyramids.frames);
    CHECK(registration.readback_bytes > 0.0);
    CHECK(registration.readback_bytes < 4.0 * pixels);  // one picture of values
    CHECK(registration.waits > 4.0);
    CHECK(half.waits == Approx(1.0));
    CHECK(weights.frames > 0);
    CHECK(weights.readback_bytes > 0.0);
    CHECK(weights.readback_bytes < pixels);
    CHECK(half.frames == registration.frames);
    CHECK(half.readback_bytes == Approx(6.125 * pixels / 4.0));
    CHECK(mix.device_bytes > 18.0 * pixels);
    CHECK(mix.shader_ms.max >= mix.shader_ms.p50);
    CHECK(bench_text(*timed, std::nullopt).find("mix_subtract") != std::string::npos);
    CHECK(bench_text(*timed, std::nullopt).find("a frame") != std::string::npos);
    CHECK(bench_json(*timed, std::nullopt).find("implied_ms_at_300_gb_s") != std::string::npos);
    params.pipeline.backend = Backend::cpu;
    const auto processor = bench_run(run, params);
    REQUIRE(processor);
    CHECK(processor->gpu.front().frames == 0);
    CHECK(bench_text(*processor, std::nullopt).find("mix_subtract") == std::string::npos);
}
