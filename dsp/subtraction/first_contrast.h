// When contrast first shows, found and not assumed.
//
// Motion and noise make opacity go both ways and back again; contrast raises it and stays. Opacity
// in means over 8 x 8 px is reduced to what lasted over the last three frames: its minimum where
// positive, its maximum where negative, and summed in excess of five standard deviations of quantum
// noise. The negative side, which no contrast can reach, is the null of the same frames: contrast
// is declared when the positive sum exceeds four times the negative one plus forty limits.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "dsp/core/image.h"
#include "dsp/core/stage.h"
#include "dsp/core/units.h"

namespace dsm {

inline constexpr StageInfo kFirstContrastStage{.name = "first_contrast",
                                               .purpose = "first frame that holds contrast",
                                               .inputs = {"opacity"},
                                               .outputs = {"first_contrast_frame"},
                                               .history_frames = 2};

class FirstContrast {
 public:
    static constexpr int kLasting = 3;  // frames

    // `opacity` in block means, `noise` its standard deviation from quanta. Frames in order.
    // Returns true from the frame on in which contrast is declared; it began up to kLasting - 1
    // frames earlier, which frame() allows for.
    bool look(FrameIndex frame, ImageView<const float> opacity,
              ImageView<const std::uint8_t> usable, float noise);
    // The first frame that holds contrast, once declared.
    [[nodiscard]] std::optional<FrameIndex> frame() const { return frame_; }

 private:
    struct Excess {
        double positive{0.0};
        double negative{0.0};
    };
    [[nodiscard]] Excess lasting_excess(float limit) const;

    std::array<Image<float>, kLasting> recent_;
    int seen_{0};
    std::optional<FrameIndex> frame_;
};

}  // namespace dsm
