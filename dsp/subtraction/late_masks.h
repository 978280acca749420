// Masks from after the arrival of contrast.
//
// A recent frame lies nearer to the live one than any mask from before contrast: layers that have
// drifted apart since then, and that no warp of an early mask can bring together, still match, and
// phases of breathing come that were not seen before. The contrast it holds is put back first
// (contrast_memory.h).
#pragma once

#include <cstddef>
#include <vector>

#include "dsp/core/image.h"
#include "dsp/core/stage.h"
#include "dsp/subtraction/frame_pool.h"
#include "dsp/subtraction/mask_bank.h"

namespace dsm {

inline constexpr StageInfo kLateMaskStage{.name = "late_masks",
                                          .purpose = "recent frames, their contrast put back",
                                          .inputs = {"log_intensity", "contrast"},
                                          .outputs = {"masks"},
                                          .parity = {.absolute = 1e-4F}};

// Not thread-safe; works on all cores.
class LateMasks {
 public:
    explicit LateMasks(std::size_t capacity) : capacity_(capacity) {}

    static constexpr double kRecent_s = 8.0;  // two breaths

    // `contrast` is what the frame holds, at half resolution; `time_s` the frame's time. Beyond the
    // capacity the oldest mask makes room where it is no longer recent, else the older one of the
    // two most alike.
    void add(const PreparedFrame& frame, ImageView<const float> contrast, double time_s);
    [[nodiscard]] const SharedFrames& masks() const { return masks_; }

 private:
    void find_distance(std::size_t i);

    std::size_t capacity_;
    FramePool pool_;
    SharedFrames masks_;
    std::vector<double> time_s_;
    std::vector<double> distance_;  // of each mask to the one after it most like it
};

}  // namespace dsm
