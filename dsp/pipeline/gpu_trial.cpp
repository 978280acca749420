#include "dsp/pipeline/gpu_trial.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <vector>

#include "dsp/core/block_maps.h"
#include "dsp/gpu/context.h"
#include "dsp/gpu/frame_stages.h"
#include "dsp/motion/register.h"
#include "dsp/motion/warp.h"
#include "dsp/subtraction/mask_bank.h"
#include "dsp/subtraction/mask_weights.h"
#include "dsp/subtraction/subtract.h"

namespace dsm {
namespace {

constexpr Extent kSmall{88, 56};
constexpr float kMostApart = 1e-4F;
constexpr float kMostApart_px = 0.02F;
constexpr double kMostApartShare = 1e-3;
constexpr float kDrift = 0.3F;  // between the mask and the frame that is registered
constexpr int kMasks = 3;

// A frame, a mask that takes part three times, and a frame that has moved against it.
struct Trial {
    Extent extent;
    RunInfo run;
    NoiseModel noise{5.0F, 1.0F, {4e-3F, 2e-3F, 1e-3F, 5e-4F}};
    Image<std::uint16_t> words, moved;
    Image<float> mask, weight;
    Image<std::uint8_t> mask_usable;
    Displacement field;
    Pyramid mask_pyramid;

    explicit Trial(Extent size)
        : extent(size),
          words(size),
          moved(size),
          mask(size),
          weight(blocks_of(size), 1.0F / kMasks),
          mask_usable(size, std::uint8_t{1}),
          field(size) {
        run.extent = size;
        run.bits_stored = 12;
        run.intensity.relationship = PixelIntensityRelationship::linear;
        build_frames();
        for (int y = 0; y < field.nodes().height; ++y) {
            for (int x = 0; x < field.nodes().width; ++x) {
                field.dx_px(x, y) = 3.7F * std::sin(0.8F * static_cast<float>(x + y));
                field.dy_px(x, y) = 2.1F * std::cos(0.9F * static_cast<float>(x - y));
            }
        }
    }
    [[nodiscard]] static float value_at(float x, float y) {
        return 7.0F + std::sin(0.3F * x) + 0.5F * std::cos(0.4F * y);
    }
    void build_frames() {
        for (int y = 0; y < extent.height; ++y) {
            for (int x = 0; x < extent.width; ++x) {
                words(x, y) = static_cast<std::uint16_t>((97 * x + 61 * y) % 4096);
                const auto across = static_cast<float>(x);
                const auto down = static_cast<float>(y);
                mask(x, y) = value_at(across, down);
                moved(x, y) = static_cast<std::uint16_t>(
                    std::exp(value_at(across + 1.3F, down - 0.6F) - kDrift));
            }
        }
        build_pyramid(mask.view(), mask_usable.view(), kPyramidLevels, mask_pyramid);
    }
};

struct Tried {
    Image<float> live, mix, share, opacity, sigma;
    Image<std::uint8_t> usable;
    Displacement found;
    gpu::SubtractedSums sums;  // by the driver

    explicit Tried(Extent size)
        : live(size), mix(size), share(size), opacity(size), sigma(size), usable(size) {}
};

void register_by_processor(const Trial& trial, Registrar& registrar, Tried& out) {
    Lineariser(trial.run).apply(trial.moved.view(), out.live.view(), out.usable.view());
    PreparedFrame frame;
    build_pyramid(out.live.view(), out.usable.view(), kPyramidLevels, frame.pyramid);
    frame.add(kDrift);
    out.found = registrar.estimate(frame.pyramid, trial.mask_pyramid, trial.extent, {}).field;
}

Result<void> register_by_driver(gpu::FrameStages& stages, const Trial& trial, Registrar& registrar,
                                Tried& out) {
    return stages.linearise(trial.moved.view()).and_then([&] {
        stages.begin_registration(kDrift, {});
        out.found = registrar.estimate(stages.against(0), trial.extent, {}).field;
        return gpu::check_driver("registration");
    });
}

void by_processor(const Trial& trial, Registrar& registrar, Tried& out) {
    register_by_processor(trial, registrar, out);
    Lineariser(trial.run).apply(trial.words.view(), out.live.view(), out.usable.view());
    const WeightedMask mask{trial.mask.view(), trial.mask_usable.view(), &trial.field,
                            trial.weight.view()};
    warp_weighted({mask, mask, mask}, 1, kWeightBlock_px,
                  {out.mix.view(), out.share.view(), out.usable.view()});
    subtract({out.live.view(), out.mix.view(), out.share.view()}, trial.noise, out.opacity.view(),
             out.sigma.view());
}

Result<gpu::FrameStages> stages_for(const std::filesystem::path& shaders, const Trial& trial) {
    auto stages = gpu::FrameStages::create(shaders, trial.run,
                                           {0, 0, trial.extent.width, trial.extent.height});
    for (int layer = 0; stages && layer < kMasks; ++layer) {
        stages->put_mask(layer, trial.mask.view(), trial.mask_usable.view());
    }
    if (stages && !trial.mask_pyramid.levels.empty()) {
        stages->put_mask_half(0, trial.mask_pyramid.levels.front());
    }
    return stages;
}

Result<void> by_driver(gpu::FrameStages& stages, const Trial& trial, Registrar& registrar,
                       Tried& out) {
    if (auto done = register_by_driver(stages, trial, registrar, out); !done) {
        return done;
    }
    std::vector<gpu::LayerInMix> masks;
    for (int layer = 0; layer < kMasks; ++layer) {
        masks.push_back({layer, &trial.field, trial.weight.view()});
    }
    return stages.linearise(trial.words.view())
        .and_then([&] {
            return stages.mix_subtract({masks, kWeightBlock_px, {}, 0.0F, &trial.noise});
        })
        .and_then([&] { return stages.sum_subtracted({}, out.sums); });
}

Result<void> bring_pictures(gpu::FrameStages& stages, Tried& out) {
    return stages.read_subtracted(
        {out.mix.view(), out.usable.view(), out.opacity.view(), out.sigma.view()});
}

// Of as many frames, all alike, as arrival takes.
RunningMaps maps_by_processor(const Tried& frame) {
    RunningMaps maps(frame.opacity.extent());
    for (FrameIndex k = 0; k < RunningMaps::kArrivalFrames; ++k) {
        maps.follow(k, frame.opacity.view(), frame.sigma.view(), frame.usable.view());
    }
    return maps;
}

Result<RunningMaps> maps_by_driver(gpu::FrameStages& stages, Extent extent) {
    for (FrameIndex k = 0; k < RunningMaps::kArrivalFrames; ++k) {
        if (auto done = stages.follow_maps(k); !done) {
            return tl::unexpected(done.error());
        }
    }
    RunningMaps maps(extent);
    auto done = stages.send_maps().and_then([&] { return stages.receive_maps(maps.resume()); });
    if (!done) {
        return tl::unexpected(done.error());
    }
    return maps;
}

// Written so that what is not a number is not near.
bool near(ImageView<const float> a, ImageView<const float> b) {
    for (int y = 0; y < a.height(); ++y) {
        for (int x = 0; x < a.width(); ++x) {
            if (!(std::abs(a(x, y) - b(x, y)) <= kMostApart)) {
                return false;
            }
        }
    }
    return true;
}

bool near(const Displacement& a, const Displacement& b) {
    if (a.nodes() != b.nodes()) {
        return false;
    }
    for (int y = 0; y < a.nodes().height; ++y) {
        for (int x = 0; x < a.nodes().width; ++x) {
            if (!(std::abs(a.dx_px(x, y) - b.dx_px(x, y)) <= kMostApart_px &&
                  std::abs(a.dy_px(x, y) - b.dy_px(x, y)) <= kMostApart_px)) {
                return false;
            }
        }
    }
    return true;
}

// What the driver summed of its pictures against what the processor makes of its own.
bool sums_near(const Trial& trial, const Tried& driver, const Tried& processor) {
    WorkFrame bins;
    WorkGrid(trial.run).bin(processor.opacity.view(), processor.sigma.view(),
                            processor.usable.view(), bins);
    const WorkFrame& there = driver.sums.sums.bins;
    const auto ratio =
        find_artefact(processor.opacity.view(), processor.sigma.view(), processor.usable.view());
    const auto ratio_there = artefact_of(driver.sums.patches.view());
    return ratio.has_value() == ratio_there.has_value() &&
           (!ratio || std::abs(ratio_there->ratio / ratio->ratio - 1.0) <= kMostApartShare) &&
           near(there.opacity.view(), bins.opacity.view()) &&
           std::equal(bins.valid.pixels().begin(), bins.valid.pixels().end(),
                      there.valid.pixels().begin()) &&
           std::equal(driver.usable.pixels().begin(), driver.usable.pixels().end(),
                      driver.sums.usable.pixels().begin());
}

template <class Work>
double ms_of(const Work& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
        .count();
}

}  // namespace

Result<void> try_gpu(const std::filesystem::path& shaders, const std::string& device) {
    const Trial trial(kSmall);
    Tried processor(kSmall);
    Tried driver(kSmall);
    Registrar registrar;
    by_processor(trial, registrar, processor);
    auto stages = stages_for(shaders, trial);
    if (!stages) {
        return tl::unexpected(stages.error());
    }
    auto done = by_driver(*stages, trial, registrar, driver).and_then([&] {
        return bring_pictures(*stages, driver);
    });
    if (!done) {
        return done;
    }
    const auto maps = maps_by_driver(*stages, kSmall);
    if (!maps) {
        return tl::unexpected(maps.error());
    }
    const bool alike = near(driver.opacity.view(), processor.opacity.view()) &&
                       near(driver.sigma.view(), processor.sigma.view()) &&
                       near(driver.found, processor.found) && sums_near(trial, driver, processor) &&
                       near(maps->peak(), maps_by_processor(processor).peak()) &&
                       std::equal(driver.usable.pixels().begin(), driver.usable.pixels().end(),
                                  processor.usable.pixels().begin());
    if (!alike) {
        return fail(ErrorKind::unsupported, "graphics driver, " + device,
                    "its results are not those of the processor",
                    "update the driver, or use --backend cpu");
    }
    return {};
}

Result<TrialTimes> time_gpu(const std::filesystem::path& shaders, Extent extent) {
    constexpr int kTimes = 3;
    const Trial trial(extent);
    Tried out(extent);
    Registrar registrar;
    auto stages = stages_for(shaders, trial);
    if (!stages) {
        return tl::unexpected(stages.error());
    }
    TrialTimes best;
    for (int k = 0; k <= kTimes; ++k) {
        Result<void> done;
        const double driver_ms = ms_of([&] { done = by_driver(*stages, trial, registrar, out); });
        if (!done) {
            return tl::unexpected(done.error());
        }
        const double processor_ms = ms_of([&] { by_processor(trial, registrar, out); });
        // The first compiles, and fills caches.
        best.driver_ms = k <= 1 ? driver_ms : std::min(best.driver_ms, driver_ms);
        best.processor_ms = k <= 1 ? processor_ms : std::min(best.processor_ms, processor_ms);
    }
    return best;
}

}  // namespace dsm
