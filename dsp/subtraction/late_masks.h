// Masks from after the arrival of contrast.
//
// A recent frame lies nearer to the live one than any mask from before contrast: layers that have
// drifted apart since then, and that no warp of an early mask can bring together, still match. Its
// contrast is put back first, what lasted of it over the 5 frames around (lasting_contrast.h). So
// what is subtracted in the end is, in the coarse and in what lasts, the early mask; only detail
// finer than a vein is wide, and that comes and goes, is taken from the late one.
#pragma once

#include <deque>
#include <memory>

#include "dsp/core/image.h"
#include "dsp/core/stage.h"
#include "dsp/subtraction/mask_bank.h"

namespace dsm {

inline constexpr StageInfo kLateMaskStage{.name = "late_masks",
                                          .purpose = "recent frames, their contrast put back",
                                          .inputs = {"log_intensity", "opacity"},
                                          .outputs = {"masks"},
                                          .halo_px = 8,
                                          .history_frames = 4,
                                          .parity = {.absolute = 1e-4F}};

// Causal: a frame serves once two later ones have been followed. Not thread-safe.
class LateMasks {
 public:
    explicit LateMasks(std::size_t capacity) : capacity_(capacity) {}

    // `opacity` is the frame's subtraction against early masks alone. Frames in order.
    void follow(std::shared_ptr<const PreparedFrame> frame, ImageView<const float> opacity);
    [[nodiscard]] const SharedFrames& masks() const { return masks_; }

 private:
    struct Recent {
        std::shared_ptr<const PreparedFrame> frame;
        Image<float> opacity;
    };
    [[nodiscard]] std::shared_ptr<const PreparedFrame> middle_without_contrast() const;

    std::size_t capacity_;
    std::deque<Recent> recent_;
    SharedFrames masks_;
};

}  // namespace dsm
