// Each stage that follows the opacity by itself. Arguments: side in px, threads.
#include <benchmark/benchmark.h>

#include <cmath>

#include "dsp/core/parallel.h"
#include "dsp/opacification/corridor.h"
#include "dsp/opacification/line_filter.h"
#include "dsp/opacification/running_maps.h"
#include "dsp/opacification/work_grid.h"
#include "dsp/subtraction/display_filter.h"
#include "dsp/subtraction/ground.h"
#include "tests/benchmark/scene_run.h"
#include "tests/benchmark/stage_bytes.h"

namespace dsm::bench {
namespace {

// The difference of two frames, which is all that these stages' time depends on.
struct Subtracted {
    Image<float> opacity, sigma;
    const PreparedFrame& live;
    const PreparedFrame& mask;

    explicit Subtracted(int side)
        : opacity({side, side}),
          sigma({side, side}, kNoise),
          live(prepared_of(side, kLive)),
          mask(prepared_of(side, kMask)) {
        for (std::size_t i = 0; i < opacity.pixels().size(); ++i) {
            opacity.pixels()[i] = mask.log_intensity.pixels()[i] - live.log_intensity.pixels()[i];
        }
    }
};

void remove_ground_of_mix(benchmark::State& state) {
    const ThreadLimit limit(threads_of(state));
    Subtracted made(side_of(state));
    const Ground ground{1e-6F, std::nullopt};
    for (auto _ : state) {
        remove_ground(ground, made.opacity.view());
    }
    count_bytes(state, 2 * 4);
}

void running_maps(benchmark::State& state) {
    const ThreadLimit limit(threads_of(state));
    const Subtracted made(side_of(state));
    RunningMaps maps(made.opacity.extent());
    FrameIndex frame = 0;
    for (auto _ : state) {
        maps.follow(frame++, made.opacity.view(), made.sigma.view(), made.live.usable.view());
    }
    count_bytes(state, 4 + 4 + 1 + 2 * (4 + 4 + 4 + 1));
}

void bin_frame(benchmark::State& state) {
    const ThreadLimit limit(threads_of(state));
    const Subtracted made(side_of(state));
    const WorkGrid grid(run_of(side_of(state)));
    WorkFrame work;
    for (auto _ : state) {
        grid.bin(made.opacity.view(), made.sigma.view(), made.live.usable.view(), work);
    }
    count_bytes(state, 4 + 4 + 1 + 9.0 / (grid.factor() * grid.factor()));
}

void line_evidence(benchmark::State& state) {
    const ThreadLimit limit(threads_of(state));
    const Subtracted made(side_of(state));
    const WorkGrid grid(run_of(side_of(state)));
    WorkFrame work;
    grid.bin(made.opacity.view(), made.sigma.view(), made.live.usable.view(), work);
    LineResponse response;
    for (auto _ : state) {
        line_response(work.opacity.view(), {2.0 / grid.mm(), 8.0 / grid.mm()}, response);
    }
    count_bytes(state, (4 + 2 * 5.0) / (grid.factor() * grid.factor()));
}

void corridor(benchmark::State& state) {
    const ThreadLimit limit(threads_of(state));
    const Subtracted made(side_of(state));
    FrameIndex frame = 0;
    CorridorMonitor monitor(std::nullopt);
    for (auto _ : state) {
        // A monitor that is full measures every second frame only.
        if (monitor.kept_frames() == CorridorMonitor::kFewestFrames) {
            monitor = CorridorMonitor(std::nullopt);
        }
        monitor.follow({frame++, made.mask.log_intensity.view(), made.opacity.view(),
                        made.sigma.view(), made.live.usable.view()});
    }
    count_bytes(state, 3 * 4 + 1);
}

void display_filter(benchmark::State& state) {
    const ThreadLimit limit(threads_of(state));
    const Subtracted made(side_of(state));
    DisplayFilter filter(made.opacity.extent(), kLiveDisplay);
    FrameIndex frame = 0;
    for (auto _ : state) {
        const auto done = filter.push(
            {frame++, true, made.opacity.view(), made.sigma.view(), made.live.usable.view()},
            [](FrameIndex, ImageView<const float>) -> Result<void> { return {}; });
        benchmark::DoNotOptimize(done.has_value());
    }
    count_bytes(state, 9 + kLiveDisplay.frames_before * 13.0 + 4);
}

BENCHMARK(remove_ground_of_mix)->Apply(arguments);
BENCHMARK(running_maps)->Apply(arguments);
BENCHMARK(bin_frame)->Apply(arguments);
BENCHMARK(line_evidence)->Apply(arguments);
BENCHMARK(corridor)->Apply(arguments);
BENCHMARK(display_filter)->Apply(arguments);

}  // namespace
}  // namespace dsm::bench
