// dsm bench: how long frames take, paced as they were acquired or flat out.
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "dsp/core/atomic_file.h"
#include "dsp/core/heap_tally.h"
#include "dsp/core/parallel.h"
#include "dsp/evaluation/peer_chain.h"
#include "dsp/phantom/cohort.h"
#include "dsp/phantom/render.h"
#include "dsp/pipeline/bench.h"
#include "dsp/pipeline/bench_report.h"
#include "dsp/pipeline/bench_scaling.h"
#include "dsp/source/open_run.h"
#include "tools/dsm/commands.h"
#include "tools/dsm/interrupt.h"

namespace dsm::cli {
namespace {

struct Options {
    std::string run, json, picture;
    int size{1024};
    int bits{12};
    int frames{300};
    std::optional<double> rate_hz;
    bool flat_out{false};
    bool compare{false};
    bool subtract_only{false};
    bool scaling{false};
    bool frames_given{false};
    int threads{0};
    std::string backend{"auto"};
};

// Rendered as it is asked for.
class PhantomFrames : public FrameSource {
 public:
    explicit PhantomFrames(phantom::PhantomRun run) : run_(std::move(run)) {}
    [[nodiscard]] const RunInfo& info() const override { return run_.info(); }
    [[nodiscard]] Result<void> read(FrameIndex frame, ImageView<std::uint16_t> words) override {
        run_.render(frame, words, {});
        return {};
    }

 private:
    phantom::PhantomRun run_;
};

// Free breathing at 30 frames/s with a fistula.
Result<std::unique_ptr<FrameSource>> open_phantom(const Options& options, int side_px) {
    constexpr double kField_mm = 240.0;
    constexpr int kMade = 90;  // played to and fro after that
    phantom::Recipe recipe = phantom::cohort_recipe(1, 0);
    recipe.image.columns = side_px;
    recipe.image.rows = side_px;
    recipe.image.pixel_mm = kField_mm / side_px;
    recipe.image.bits = options.bits;
    recipe.timing.rate_hz = 30.0;
    recipe.timing.frames = kMade;
    recipe.contrast.start_s = 0.7;
    auto run = phantom::PhantomRun::create(recipe);
    if (!run) {
        return tl::unexpected(run.error());
    }
    return std::make_unique<PhantomFrames>(std::move(*run));
}

Result<std::unique_ptr<FrameSource>> open(const Options& options) {
    return options.run.empty() ? open_phantom(options, options.size) : open_run(options.run);
}

double rate_of(const Options& options, const RunInfo& run) {
    if (options.flat_out) {
        return 0.0;
    }
    if (options.rate_hz) {
        return *options.rate_hz;
    }
    const std::size_t count = run.frame_time_s.size();
    const double span_s = count > 1 ? run.frame_time_s.back() - run.frame_time_s.front() : 0.0;
    return span_s > 0.0 ? static_cast<double>(count - 1) / span_s : 0.0;
}

Result<PeerTimes> compare(FrameSource& source, const BenchResult& ours) {
    const RunInfo& run = source.info();
    evaluation::PeerChain chain(run.bits_stored);
    Image<std::uint16_t> words(run.extent);
    std::vector<double> times_ms;
    constexpr FrameIndex kMost = 40;
    for (FrameIndex frame = 0; frame < std::min(kMost, run.frames); ++frame) {
        if (auto read = source.read(frame, words.view()); !read) {
            return tl::unexpected(read.error());
        }
        const auto start = std::chrono::steady_clock::now();
        chain.process(words.view());
        if (frame > 1) {
            times_ms.push_back(
                std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
                    .count());
        }
    }
    PeerTimes peer{evaluation::PeerChain::kName, spread_of(std::move(times_ms)), 0.0};
    peer.times_slower = peer.process_ms.p50 / std::max(1e-6, ours.process_ms.p50);
    return peer;
}

Result<void> write(const Options& options, const BenchResult& result,
                   const std::optional<PeerTimes>& peer) {
    if (!options.json.empty()) {
        if (auto done = write_file_atomically(options.json, bench_json(result, peer)); !done) {
            return done;
        }
    }
    if (!options.picture.empty()) {
        return write_bench_picture(result, options.picture);
    }
    return {};
}

PipelineParams pipeline_of(const Options& options) {
    PipelineParams params;
    params.find = !options.subtract_only;
    params.backend = backend_named(options.backend);
    return params;
}

int scale(const Options& options, const Terminal& terminal, const std::stop_token& stop) {
    ScalingParams params;
    params.pipeline = pipeline_of(options);
    params.stop = stop;
    if (options.frames_given) {
        params.most_frames = options.frames;
    }
    terminal.note("pictures of " + std::to_string(params.sides_px.front()) + " to " +
                  std::to_string(params.sides_px.back()) + " pixels, then up to " +
                  std::to_string(params.most_frames) + " frames");
    const auto result =
        bench_scaling([&](int side_px) { return open_phantom(options, side_px); }, params);
    if (!result) {
        return terminal.report(result.error());
    }
    if (!options.json.empty()) {
        if (auto done = write_file_atomically(options.json, scaling_json(*result)); !done) {
            return terminal.report(done.error());
        }
    }
    return terminal.print(scaling_text(*result));
}

int bench(const Options& options, const Terminal& terminal) {
    const Interrupt interrupt;
    std::optional<ThreadLimit> limit;
    if (options.threads > 0) {
        limit.emplace(options.threads);
    }
    if (options.scaling) {
        return scale(options, terminal, interrupt.token());
    }
    auto source = open(options);
    if (!source) {
        return terminal.report(source.error());
    }
    BenchParams params;
    params.frames = options.frames;
    params.rate_hz = rate_of(options, (*source)->info());
    params.pipeline = pipeline_of(options);
    params.heap_tally = heap_tally;
    params.stop = interrupt.token();
    terminal.note("reading the frames, then timing them");
    auto result = bench_run(**source, params);
    if (!result) {
        return terminal.report(result.error());
    }
    result->threads = options.threads > 0 ? options.threads
                                          : static_cast<int>(std::thread::hardware_concurrency());
    std::optional<PeerTimes> peer;
    if (options.compare) {
        auto times = compare(**source, *result);
        if (!times) {
            return terminal.report(times.error());
        }
        peer = std::move(*times);
    }
    if (auto written = write(options, *result, peer); !written) {
        return terminal.report(written.error());
    }
    return terminal.print(bench_text(*result, peer));
}

}  // namespace

void add_bench_command(CLI::App& app, Invocation& invocation) {
    auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand("bench", "time frames through the whole chain");
    auto* run = command->add_option(
        "RUN", options->run, "run to replay; without one a phantom: free breathing, 30 frames/s");
    auto* rate = command
                     ->add_option("--rate", options->rate_hz,
                                  "frames per second at which they arrive (the run's own)")
                     ->check(CLI::Range(0.1, 1000.0));
    auto* flat_out =
        command->add_flag("--flat-out", options->flat_out, "each frame when the one before is done")
            ->excludes(rate);
    command->add_option("--size", options->size, "side of the phantom in pixels")
        ->check(CLI::Range(256, 2048))
        ->capture_default_str();
    command->add_option("--bits", options->bits, "of the phantom's values")
        ->check(CLI::Range(8, 16))
        ->capture_default_str();
    command->add_option("--frames", options->frames, "frames timed, after 30 that are not")
        ->check(CLI::Range(1, 1000000))
        ->capture_default_str();
    command->add_option("--backend", options->backend, "auto, cpu or gpu, see dsm process --help")
        ->check(CLI::IsMember({"auto", "cpu", "gpu"}))
        ->capture_default_str();
    command->add_option("--threads", options->threads, "0: as many as there are cores")
        ->check(CLI::Range(0, 256))
        ->capture_default_str();
    command->add_flag("--subtract-only", options->subtract_only,
                      "registration and subtraction alone, without looking for leaks");
    command->add_flag("--compare", options->compare,
                      "also time a chain of OpenCV's parts on the same frames, in this process");
    command
        ->add_flag("--scaling", options->scaling,
                   "cost against work: time and memory over 256 to 2048 pixels and over 10 to "
                   "--frames (5000) frames of 256 pixels, flat out, with the fitted exponents")
        ->excludes(run)
        ->excludes(rate)
        ->excludes(flat_out);
    command->add_option("--json", options->json, "write all figures to this file as well");
    command->add_option("--picture", options->picture,
                        "write a PNG: parts of each frame's time over the run, and latencies");
    command->footer(
        "A frame arrives by a fixed schedule and its latency counts from then: one slow frame is\n"
        "charged to those that wait behind it too. It is late when its result is not there before\n"
        "the next frame arrives. No frame is dropped. Frames are decoded beforehand; display is\n"
        "not in the times.");
    command->callback([options, command, &invocation] {
        options->frames_given = command->count("--frames") > 0;
        invocation.run = [options, &invocation] { return bench(*options, invocation.terminal); };
    });
}

}  // namespace dsm::cli
