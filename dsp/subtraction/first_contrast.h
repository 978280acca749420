// When contrast first shows, found and not assumed.
//
// Contrast makes the live frame darker than anything the mask shows thereabouts, over more than one
// block, and stays. A moved edge is as dark as the other side of that edge: it is matched by a
// neighbouring block of the mask. So the evidence of a block is
//     e = min over 3 x 3 blocks of the registered mask - live,
// its lesser value over two frames, in units of
//     s = max(5 standard deviations of quantum noise, 98th percentile of -opacity where negative)
// - the second is what motion has left in this very run, taken from the side that contrast can not
// reach. The score is the sum of max(0, e / s - 1) over the best 3 x 3 blocks; the null is the same
// score of live - max over 3 x 3 blocks, in which dark and bright have changed places. Contrast is
// declared when the score exceeds both kLimit and twice the null. In the first frames the mask bank
// does not span a breath and the run has no null of its own yet: there the limit is kEarlyLimit.
//
// Noise alone: a block of noise is beyond 5 standard deviations in two frames that share a mask
// less than once in 1e6, and a score needs several, so noise declares nothing. Motion is what is
// left. The limits were chosen on 40 contrast-free phantom runs of 20 s; of 60 others, made with
// another seed, 3 declared contrast (95 % interval 0.01 to 0.14): kFalseContrastRate.
//
// Where contrast was declared, the frames before are looked at again, at that place alone and with
// kTrace of the limit: contrast began with the first of an unbroken row that shows a trace.
//
// The trade-off: contrast taken for background is lost in every later frame, while a mask too few
// costs noise and a phase of breathing. So frames wait kHeld frames before they become masks, which
// covers the usual delay of 2 to 4 frames between the first trace and its detection, and those that
// prove clean then become masks after all; yet a false alarm in the first second would leave one
// mask, and that is why the early limit is high.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "dsp/core/image.h"
#include "dsp/core/noise.h"
#include "dsp/core/stage.h"
#include "dsp/core/units.h"
#include "dsp/subtraction/blocks.h"

namespace dsm {

inline constexpr StageInfo kFirstContrastStage{.name = "first_contrast",
                                               .purpose = "first frame that holds contrast",
                                               .inputs = {"blocks", "noise_model"},
                                               .outputs = {"first_contrast_frame"},
                                               .history_frames = 3};

class FirstContrast {
 public:
    static constexpr int kHeld = 3;  // frames a candidate for a mask waits
    static constexpr int kLasting = 2;
    static constexpr double kLimit = 3.0;
    static constexpr double kEarlyLimit = 10.0;
    static constexpr int kEarlyFrames = 4;
    static constexpr float kTrace = 0.6F;
    // Share of contrast-free runs in which contrast is declared, measured; see above.
    static constexpr double kFalseContrastRate = 0.05;

    // Frames in order. Returns true from the frame on in which contrast is declared.
    bool look(FrameIndex frame, const Blocks& blocks, const NoiseModel& noise);
    // The first frame that holds contrast, once declared; up to kHeld frames earlier.
    [[nodiscard]] std::optional<FrameIndex> frame() const { return frame_; }

 private:
    struct Evidence {
        FrameIndex frame{0};
        Image<float> darker;    // than the mask around; what contrast does
        Image<float> brighter;  // than the mask around; what contrast can not do
        float residue{0.0F};    // 98th percentile of -opacity
    };
    [[nodiscard]] static Evidence evidence_of(FrameIndex frame, const Blocks& blocks);
    [[nodiscard]] FrameIndex began(int column, int row, const Image<float>& limit) const;

    std::deque<Evidence> recent_;  // latest last
    int seen_{0};
    std::optional<FrameIndex> frame_;
};

}  // namespace dsm
