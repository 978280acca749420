// The arrival map as a picture.
#pragma once

#include <span>

#include "dsp/core/image.h"

namespace dsm {

// `arrival_frame`: frame index in which each pixel opacified, -1 for never (RunningMaps). Gives the
// time of that frame in seconds, NaN for never; the frame's number from 1 where `frame_time_s` does
// not hold the frame. Thread-safe.
[[nodiscard]] Image<float> arrival_for_display(ImageView<const float> arrival_frame,
                                               std::span<const double> frame_time_s);

}  // namespace dsm
