// The measuring half of the chain, one frame after the other: linearise, noise, masks, register,
// subtract. Causal: what a frame becomes depends on it and on earlier frames alone.
#pragma once

#include <cstdint>
#include <vector>

#include "dsp/core/image.h"
#include "dsp/core/noise.h"
#include "dsp/pipeline/process.h"
#include "dsp/subtraction/linearise.h"

namespace dsm {

// Not thread-safe; its stages use all cores.
class Chain {
 public:
    Chain(const RunInfo& run, const PipelineParams& params);

    // Views in the output are valid until the next call.
    [[nodiscard]] FrameOutput process(FrameIndex frame, ImageView<const std::uint16_t> words);

    [[nodiscard]] const std::vector<FrameIndex>& mask_frames() const { return mask_frames_; }
    [[nodiscard]] const NoiseModel& noise() const { return noise_; }
    [[nodiscard]] const Lineariser& lineariser() const { return lineariser_; }

 private:
    void learn_noise(FrameIndex frame);
    void learn_mask(FrameIndex frame);

    PipelineParams params_;
    Lineariser lineariser_;
    PixelRect field_;
    std::vector<FrameIndex> wanted_masks_;
    std::vector<FrameIndex> mask_frames_;
    NoiseModel noise_;
    Image<float> live_, previous_, mask_, mask_registered_, opacity_, sigma_;
    Image<std::uint8_t> usable_;
};

// The masks to use: those asked for, else the file's mask module, else none (found on the way).
[[nodiscard]] std::vector<FrameIndex> masks_asked_for(const RunInfo& run,
                                                      const PipelineParams& params);

}  // namespace dsm
