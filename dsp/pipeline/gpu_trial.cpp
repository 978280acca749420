#include "dsp/pipeline/gpu_trial.h"

#include <cmath>
#include <vector>

#include "dsp/gpu/frame_stages.h"
#include "dsp/motion/warp.h"
#include "dsp/subtraction/mask_weights.h"
#include "dsp/subtraction/subtract.h"

namespace dsm {
namespace {

constexpr Extent kExtent{88, 56};
constexpr float kMostApart = 1e-4F;

struct Trial {
    RunInfo run;
    NoiseModel noise{5.0F, 1.0F, {4e-3F, 2e-3F, 1e-3F, 5e-4F}};
    Image<std::uint16_t> words{kExtent};
    Image<float> mask{kExtent}, weight{{kExtent.width / 8, kExtent.height / 8}, 1.0F};
    Image<std::uint8_t> mask_usable{kExtent, std::uint8_t{1}};
    Displacement field{kExtent};

    Trial() {
        run.extent = kExtent;
        run.bits_stored = 12;
        run.intensity.relationship = PixelIntensityRelationship::linear;
        for (int y = 0; y < kExtent.height; ++y) {
            for (int x = 0; x < kExtent.width; ++x) {
                words(x, y) = static_cast<std::uint16_t>((97 * x + 61 * y) % 4096);
                mask(x, y) = 7.0F + std::sin(0.3F * static_cast<float>(x)) +
                             0.5F * std::cos(0.4F * static_cast<float>(y));
            }
        }
        for (int y = 0; y < field.nodes().height; ++y) {
            for (int x = 0; x < field.nodes().width; ++x) {
                field.dx_px(x, y) = 0.37F * static_cast<float>(x) - 1.2F;
                field.dy_px(x, y) = 0.21F * static_cast<float>(x - y);
            }
        }
    }
};

struct Tried {
    Image<float> live{kExtent}, mix{kExtent}, opacity{kExtent}, sigma{kExtent};
    Image<std::uint8_t> usable{kExtent};
    RunningMaps maps{kExtent};  // after as many frames as arrival takes
};

void by_processor(const Trial& trial, Tried& out) {
    Lineariser(trial.run).apply(trial.words.view(), out.live.view(), out.usable.view());
    Image<float> share(kExtent);
    warp_weighted(
        {{trial.mask.view(), trial.mask_usable.view(), &trial.field, trial.weight.view()}}, 1,
        kWeightBlock_px, {out.mix.view(), share.view(), out.usable.view()});
    subtract({out.live.view(), out.mix.view(), share.view()}, trial.noise, out.opacity.view(),
             out.sigma.view());
    for (FrameIndex frame = 0; frame < RunningMaps::kArrivalFrames; ++frame) {
        out.maps.follow(frame, out.opacity.view(), out.sigma.view(), out.usable.view());
    }
}

Result<void> follow(gpu::FrameStages& stages, RunningMaps& maps) {
    for (FrameIndex frame = 0; frame < RunningMaps::kArrivalFrames; ++frame) {
        if (auto done = stages.follow_maps(frame); !done) {
            return done;
        }
    }
    return stages.read_maps(maps.resume());
}

Result<void> by_driver(const std::filesystem::path& shaders, const Trial& trial, Tried& out) {
    auto stages = gpu::FrameStages::create(shaders, kExtent, Lineariser(trial.run),
                                           {0, 0, kExtent.width, kExtent.height});
    if (!stages) {
        return tl::unexpected(stages.error());
    }
    stages->put_mask(0, trial.mask.view(), trial.mask_usable.view());
    const std::vector<gpu::LayerInMix> masks{{0, &trial.field, trial.weight.view()}};
    return stages->linearise(trial.words.view(), out.live.view(), out.usable.view())
        .and_then([&] {
            return stages->mix_subtract(
                {masks, kWeightBlock_px, {}, 0.0F, &trial.noise},
                {out.mix.view(), out.usable.view(), out.opacity.view(), out.sigma.view()});
        })
        .and_then([&] { return follow(*stages, out.maps); });
}

// Written so that what is not a number is not alike.
bool alike(const Tried& a, const Tried& b) {
    const float* const peak_a = a.maps.peak().data();
    const float* const peak_b = b.maps.peak().data();
    for (std::size_t i = 0; i < kExtent.pixels(); ++i) {
        const bool fine = std::abs(a.opacity.pixels()[i] - b.opacity.pixels()[i]) <= kMostApart &&
                          std::abs(a.sigma.pixels()[i] - b.sigma.pixels()[i]) <= kMostApart &&
                          std::abs(peak_a[i] - peak_b[i]) <= kMostApart &&
                          a.usable.pixels()[i] == b.usable.pixels()[i];
        if (!fine) {
            return false;
        }
    }
    return true;
}

}  // namespace

Result<void> try_gpu(const std::filesystem::path& shaders, const std::string& device) {
    const Trial trial;
    Tried processor;
    Tried driver;
    by_processor(trial, processor);
    if (auto done = by_driver(shaders, trial, driver); !done) {
        return done;
    }
    if (!alike(processor, driver)) {
        return fail(ErrorKind::unsupported, "graphics driver, " + device,
                    "its results are not those of the processor",
                    "update the driver, or use --backend cpu");
    }
    return {};
}

}  // namespace dsm
