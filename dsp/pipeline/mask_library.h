// Masks from the whole run, for `review`: every frame from after the arrival of contrast is a mask
// for the others once its own contrast has been put back, and that is known from the frames before
// and after it (dsp/subtraction/contrast_memory.h, forwards and backwards). So each phase of
// breathing that the run went through has masks, also those first seen after contrast came. Frames
// evenly spread over the run serve, no more than kMostFrames and kMostBytes allow.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "dsp/core/image.h"
#include "dsp/core/run_info.h"
#include "dsp/subtraction/contrast_memory.h"
#include "dsp/subtraction/mask_bank.h"

namespace dsm {

// Not thread-safe; works on all cores.
class MaskLibrary {
 public:
    static constexpr int kMostFrames = 60;
    static constexpr std::size_t kMostBytes = std::size_t{1} << 30;

    // What the first pass found of a frame; see ContrastMeasurement.
    struct Measured {
        Image<float> certain, mixed, sigma;
        double time_s{0.0};
    };

    // Every how many frames of the run one serves.
    [[nodiscard]] static FrameIndex step_for(const RunInfo& run);

    [[nodiscard]] bool empty() const { return entries_.empty(); }
    // A frame that holds contrast. Frames in order.
    void add(FrameIndex frame, ImageView<const float> log_intensity,
             ImageView<const std::uint8_t> usable, Measured measured);
    // Puts the contrast back into all that was added.
    void settle();

    // Whether the library knows the frame's contrast: one that lies between two of its own.
    [[nodiscard]] bool spans(FrameIndex frame) const;
    // Of a frame that is spanned, at half resolution, between that of its neighbours.
    void contrast_at(FrameIndex frame, Image<float>& contrast) const;
    // Nearest in phase first, never `live` itself.
    [[nodiscard]] SharedFrames nearest(const PreparedFrame& live, std::size_t count) const {
        return nearest_in_phase(masks_, live, count);
    }

 private:
    struct Entry {
        std::shared_ptr<PreparedFrame> frame;  // a mask once settled
        Measured measured;                     // until settled
        Image<float> contrast;                 // from then on
    };
    // `seconds` lie between it and the frame measured before.
    [[nodiscard]] static ContrastMeasurement measurement_of(const Measured& measured,
                                                            double seconds);

    std::vector<Entry> entries_;
    SharedFrames masks_;
};

}  // namespace dsm
