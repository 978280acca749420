// What a frame asked of the graphics card: what `dsm bench` tabulates beside its times.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace dsm {

enum class GpuStage : std::size_t {
    linearise,
    pyramids,
    registration,
    mask_weights,
    mix_half,
    mix_subtract,
    frame_sums,
    running_maps,
    lines
};
inline constexpr std::size_t kGpuStages = 9;
inline constexpr std::array<std::string_view, kGpuStages> kGpuStageNames{
    "linearise",    "pyramids",   "registration", "mask_weights", "mix_half",
    "mix_subtract", "frame_sums", "running_maps", "lines"};

// Bytes that have to be moved whatever the card: each value read or written once.
struct GpuUse {
    bool used{false};
    double device_bytes{0.0};  // between the shader and the card's memory
    double upload_bytes{0.0};  // from the computer's memory to the card's, masks included
    double readback_bytes{0.0};
    double waits{0.0};      // how often the processor waited for the card to come to something
    double shader_ms{0.0};  // by timestamps around the shader
};
using GpuUses = std::array<GpuUse, kGpuStages>;

}  // namespace dsm
