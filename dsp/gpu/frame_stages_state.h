// What FrameStages keeps on the graphics card; for its own files alone.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "dsp/gpu/buffer.h"
#include "dsp/gpu/frame_stages.h"
#include "dsp/gpu/line_filter_shader.h"
#include "dsp/gpu/mask_weights_shader.h"
#include "dsp/gpu/picture_stack.h"
#include "dsp/gpu/program.h"
#include "dsp/gpu/registration_pixels.h"
#include "dsp/gpu/running_maps_shader.h"

namespace dsm::gpu {

// Bytes of a pixel.
inline constexpr double kWord = sizeof(std::uint16_t);
inline constexpr double kValue = sizeof(float);
inline constexpr double kFlag = sizeof(std::uint8_t);

// What is loaded, and may fail.
struct FrameStages::Parts {
    Program linearise, mix, half, pack;
    RunningMapsShader maps;
    std::unique_ptr<RegistrationPixels> registration;
    LineFilterShader lines;
    FrameSumsShader sums;
    MaskWeightsShader weighing;
};

struct FrameStages::State : Parts {
    Extent extent;
    StorageBuffer table, fields, weights, noise, packed;
    ReadbackBuffer half_back;
    UploadRing ring;
    PictureStack<std::uint16_t> words;
    PictureStack<float> live, masks, mixed, opacity, sigma, half_mix, half_share;
    PictureStack<std::uint8_t> live_usable, masks_usable, usable, half_usable;
    std::array<TimestampPair, kGpuStages> timers;
    GpuUses uses{};
    std::vector<float> values;       // what is uploaded next
    Image<std::uint8_t> half_flags;  // that came back

    State(Extent size, Parts parts)
        : Parts(std::move(parts)), extent(size), ring(size.pixels() * sizeof(std::uint16_t)) {
        words.allocate(size);
        for (auto* picture : {&live, &mixed, &opacity, &sigma}) {
            picture->allocate(size);
        }
        live_usable.allocate(size);
        usable.allocate(size);
        masks.allocate(size, kLayers);
        masks_usable.allocate(size, kLayers);
    }
    // What mixed.glsl asks for, of a picture with pixels of `pixel_px`.
    void set_masks(const Program& program, std::span<const LayerInMix> in, int block_px,
                   int pixel_px);
    void set_noise(const NoiseModel& model);
    [[nodiscard]] Result<void> bring_half(const MixedHalf& to);
    [[nodiscard]] SubtractedPictures subtracted() const { return {opacity, sigma, usable, mixed}; }
    GpuUse& use_of(GpuStage stage) { return uses[static_cast<std::size_t>(stage)]; }
    TimestampPair& timer_of(GpuStage stage) { return timers[static_cast<std::size_t>(stage)]; }
    // One thread a pixel, timed.
    void dispatch(GpuStage stage, Extent over) {
        timer_of(stage).begin();
        Program::dispatch_over(over);
        timer_of(stage).end();
    }
    // `per_pixel` in bytes.
    void count(GpuStage stage, Extent over, const GpuUse& per_pixel) {
        GpuUse& use = use_of(stage);
        const auto pixels = static_cast<double>(over.pixels());
        use.used = true;
        use.device_bytes += pixels * per_pixel.device_bytes;
        use.upload_bytes += pixels * per_pixel.upload_bytes;
        use.readback_bytes += pixels * per_pixel.readback_bytes;
        use.waits += per_pixel.readback_bytes > 0.0 ? 1.0 : 0.0;
    }
};

}  // namespace dsm::gpu
