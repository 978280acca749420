// Each stage of registration and subtraction by itself. Arguments: side in px, threads.
#include <benchmark/benchmark.h>

#include <cmath>
#include <memory>
#include <vector>

#include "dsp/core/noise.h"
#include "dsp/core/parallel.h"
#include "dsp/motion/misfit.h"
#include "dsp/motion/normal_cells.h"
#include "dsp/motion/register.h"
#include "dsp/motion/warp.h"
#include "dsp/pipeline/mask_mixer.h"
#include "dsp/subtraction/contrast_memory.h"
#include "dsp/subtraction/exposure.h"
#include "dsp/subtraction/half_resolution.h"
#include "dsp/subtraction/linearise.h"
#include "dsp/subtraction/subtract.h"
#include "tests/benchmark/scene_run.h"
#include "tests/benchmark/stage_bytes.h"

namespace dsm::bench {
namespace {

RegistrationParams mesh() {
    RegistrationParams params;
    params.noise = std::sqrt(2.0F) * kNoise;
    return params;
}

// What two frames become: the mask registered, and a second one for the mix.
struct Registered {
    Image<float> a, b, share, opacity, sigma;
    Displacement field;
    NoiseModel noise{0.0F, 0.1F, std::vector<float>(100, kNoise* kNoise)};

    explicit Registered(int side)
        : a({side, side}),
          b({side, side}),
          share({side, side}, 0.5F),
          opacity({side, side}),
          sigma({side, side}) {
        Registrar registrar;
        const PreparedFrame& live = prepared_of(side, kLive);
        field =
            registrar.estimate(live.pyramid, prepared_of(side, kMask).pyramid, {side, side}, mesh())
                .field;
        warp(prepared_of(side, kMask).log_intensity.view(), field, a.view());
        warp(prepared_of(side, kMask + 1).log_intensity.view(), field, b.view());
        subtract({live.log_intensity.view(), a.view(), share.view()}, noise, opacity.view(),
                 sigma.view());
    }
};

void linearise(benchmark::State& state) {
    const ThreadLimit limit(threads_of(state));
    const int side = side_of(state);
    const Lineariser lineariser(run_of(side));
    Image<float> out({side, side});
    Image<std::uint8_t> usable(out.extent());
    const Image<std::uint16_t>& words = words_of(side, kLive);
    for (auto _ : state) {
        lineariser.apply(words.view(), out.view(), usable.view());
    }
    count_bytes(state, 2 + 4 + 1);
}

void prepare_frame(benchmark::State& state) {
    const ThreadLimit limit(threads_of(state));
    const int side = side_of(state);
    PreparedFrame frame;
    frame.log_intensity = prepared_of(side, kLive).log_intensity.clone();
    frame.usable = prepared_of(side, kLive).usable.clone();
    for (auto _ : state) {
        prepare(frame);
    }
    count_bytes(state, 5 * (1 + 1.0 / 4 + 1.0 / 4 + 1.0 / 8));
}

void choose_masks(benchmark::State& state) {
    const ThreadLimit limit(threads_of(state));
    const int side = side_of(state);
    const PreparedFrame& live = prepared_of(side, kLive);
    for (FrameIndex k = 0; k < 8; ++k) {
        static_cast<void>(prepared_of(side, k));
    }
    for (auto _ : state) {
        double sum = 0.0;
        for (FrameIndex k = 0; k < 8; ++k) {
            sum += phase_distance(prepared_of(side, k), live);
        }
        benchmark::DoNotOptimize(sum);
    }
    count_bytes(state, 8 * 4.0 / 16);
}

void estimate_cold(benchmark::State& state) {
    const ThreadLimit limit(threads_of(state));
    const int side = side_of(state);
    const PreparedFrame& live = prepared_of(side, kLive);
    const PreparedFrame& mask = prepared_of(side, kMask);
    Registrar registrar;
    for (auto _ : state) {
        benchmark::DoNotOptimize(
            registrar.estimate(live.pyramid, mask.pyramid, {side, side}, mesh()));
    }
    count_bytes(state, 9.0 / 4 * 4.0 / 3);
}

void estimate_warm(benchmark::State& state) {
    const ThreadLimit limit(threads_of(state));
    const int side = side_of(state);
    const PreparedFrame& live = prepared_of(side, kLive);
    const PreparedFrame& mask = prepared_of(side, kMask);
    Registrar registrar;
    const Registration before = registrar.estimate(prepared_of(side, kLive - 1).pyramid,
                                                   mask.pyramid, {side, side}, mesh());
    RegistrationParams params = mesh();
    params.start = &before.field;
    for (auto _ : state) {
        benchmark::DoNotOptimize(
            registrar.estimate(live.pyramid, mask.pyramid, {side, side}, params));
    }
    count_bytes(state, 9.0 / 4 * 4.0 / 3);
}

void warp_mask(benchmark::State& state) {
    const ThreadLimit limit(threads_of(state));
    const int side = side_of(state);
    Registered made(side);
    for (auto _ : state) {
        warp(prepared_of(side, kMask).log_intensity.view(), made.field, made.a.view());
    }
    count_bytes(state, 4 + 4);
}

void cover(benchmark::State& state) {
    const ThreadLimit limit(threads_of(state));
    const int side = side_of(state);
    const Registered made(side);
    Image<std::uint8_t> usable = prepared_of(side, kLive).usable.clone();
    for (auto _ : state) {
        keep_covered(made.field, prepared_of(side, kMask).usable.view(), usable.view());
    }
    count_bytes(state, 2 + 1);
}

// Six masks, as with late ones; the mix at a quarter, at a half and at full resolution.
struct Mixing {
    MaskMixer mixer;
    MaskMix mix;

    explicit Mixing(int side) {
        Registrar registrar;
        const PreparedFrame& live = prepared_of(side, kLive);
        mixer.begin(live);
        for (FrameIndex k = 0; k < 6; ++k) {
            const PreparedFrame& mask = prepared_of(side, k);
            // The frames outlive the benchmark; nothing is owned here.
            mixer.add({std::shared_ptr<const PreparedFrame>(), &mask},
                      registrar.estimate(live.pyramid, mask.pyramid, {side, side}, mesh()).field);
        }
    }
    void weigh() { mixer.weigh({mixer.count(), {}, nullptr, kNoise}); }
};

void weigh_masks(benchmark::State& state) {
    const ThreadLimit limit(threads_of(state));
    Mixing mixing(side_of(state));
    for (auto _ : state) {
        mixing.weigh();
    }
    count_bytes(state, 7 * 4.0 / 16);
}

void mix_masks(benchmark::State& state) {
    const ThreadLimit limit(threads_of(state));
    Mixing mixing(side_of(state));
    mixing.weigh();
    for (auto _ : state) {
        mixing.mixer.mix_full(mixing.mix);
    }
    count_bytes(state, 2 * 4 + 2 * 4);
}

void remember_contrast(benchmark::State& state) {
    const ThreadLimit limit(threads_of(state));
    const int side = side_of(state);
    const Registered made(side);
    Image<float> opacity({side / 2, side / 2});
    Image<float> sigma(opacity.extent());
    halve(made.opacity.view(), opacity);
    halve(made.sigma.view(), sigma);
    ContrastMemory memory;
    Image<float> contrast;
    for (auto _ : state) {
        memory.follow({opacity.view(), {}, sigma.view(), 0.1}, contrast);
    }
    count_bytes(state, 12 * 4.0 / 4);
}

void subtract_mask(benchmark::State& state) {
    const ThreadLimit limit(threads_of(state));
    const int side = side_of(state);
    Registered made(side);
    for (auto _ : state) {
        subtract({prepared_of(side, kLive).log_intensity.view(), made.a.view(), made.share.view()},
                 made.noise, made.opacity.view(), made.sigma.view());
    }
    count_bytes(state, 5 * 4);
}

void artefact(benchmark::State& state) {
    const ThreadLimit limit(threads_of(state));
    const int side = side_of(state);
    const Registered made(side);
    for (auto _ : state) {
        benchmark::DoNotOptimize(artefact_ratio(made.opacity.view(), made.sigma.view(),
                                                prepared_of(side, kLive).usable.view()));
    }
    count_bytes(state, 2 * 4 + 1);
}

void misfit(benchmark::State& state) {
    const ThreadLimit limit(threads_of(state));
    const int side = side_of(state);
    const Registered made(side);
    const PreparedFrame& live = prepared_of(side, kLive);
    for (auto _ : state) {
        benchmark::DoNotOptimize(
            robust_misfit(made.a.view(), live.log_intensity.view(), live.usable.view(), kNoise));
    }
    count_bytes(state, 2 * 4 + 1);
}

void exposure(benchmark::State& state) {
    const ThreadLimit limit(threads_of(state));
    const int side = side_of(state);
    const Pyramid::Level& live = prepared_of(side, kLive).pyramid.levels[2];
    const Pyramid::Level& mask = prepared_of(side, kMask).pyramid.levels[2];
    for (auto _ : state) {
        benchmark::DoNotOptimize(
            exposure_offset(mask.value.view(), live.value.view(), live.usable.view()));
    }
    count_bytes(state, 9.0 / 64);
}

BENCHMARK(linearise)->Apply(arguments);
BENCHMARK(prepare_frame)->Apply(arguments);
BENCHMARK(choose_masks)->Apply(arguments);
BENCHMARK(estimate_cold)->Apply(arguments);
BENCHMARK(estimate_warm)->Apply(arguments);
BENCHMARK(warp_mask)->Apply(arguments);
BENCHMARK(cover)->Apply(arguments);
BENCHMARK(weigh_masks)->Apply(arguments);
BENCHMARK(mix_masks)->Apply(arguments);
BENCHMARK(remember_contrast)->Apply(arguments);
BENCHMARK(subtract_mask)->Apply(arguments);
BENCHMARK(artefact)->Apply(arguments);
BENCHMARK(misfit)->Apply(arguments);
BENCHMARK(exposure)->Apply(arguments);

}  // namespace
}  // namespace dsm::bench
