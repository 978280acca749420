// Masks from the whole run, for `review`: every frame, before contrast or after, is a mask for the
// others once its own contrast has been put back (dsp/subtraction/lasting_contrast.h). So each
// phase of breathing that the run went through has masks, also those first seen after contrast
// came. Frames evenly spread over the run serve, no more than kMostFrames and kMostBytes allow, and
// of those the ones whose own subtraction is fair: residue would pass for contrast in the others.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "dsp/core/image.h"
#include "dsp/core/run_info.h"
#include "dsp/subtraction/mask_bank.h"

namespace dsm {

// Not thread-safe; works on all cores. Takes about 8 bytes per pixel and frame.
class MaskLibrary {
 public:
    static constexpr int kMostFrames = 48;
    static constexpr std::size_t kMostBytes = std::size_t{1} << 30;

    // Every how many frames of the run one serves.
    [[nodiscard]] static FrameIndex step_for(const RunInfo& run);

    // A frame that holds contrast, as subtracted from masks of before contrast. Frames in order.
    void add(FrameIndex frame, ImageView<const float> log_intensity,
             ImageView<const std::uint8_t> usable, ImageView<const float> opacity);
    // Settles the contrast of what was added; `before_contrast` are masks too from here on.
    void settle(const SharedFrames& before_contrast);

    // Whether masks from the library suit the frame: one that lies between two of them.
    [[nodiscard]] bool spans(FrameIndex frame) const;
    // Contrast of a frame that is spanned, between that of its neighbours in the library. Of the
    // pictures' extent.
    void contrast_at(FrameIndex frame, ImageView<float> contrast) const;
    // Without contrast, nearest in phase first, never `live` itself.
    [[nodiscard]] SharedFrames nearest(const PreparedFrame& live, std::size_t count) const {
        return nearest_in_phase(masks_, live, count);
    }

 private:
    struct Entry {
        std::shared_ptr<PreparedFrame> frame;  // contrast put back, once settled
        Image<float> contrast;                 // half resolution; the opacity until settled
    };
    std::vector<Entry> entries_;
    SharedFrames masks_;
};

}  // namespace dsm
