// Pictures sharpened for the eye; nothing is ever measured in them.
#pragma once

#include "dsp/core/image.h"

namespace dsm {

// Unsharp masking (Schreiber 1970): each value moves away from the mean around it by as much as it
// differs from that. The mean is over 5 x 5 pixels, binomial (standard deviation 1 px); beyond the
// border the edge pixel repeats. White noise becomes 1.9 times as large. What is not a number stays
// so and takes no part in its neighbours. Thread-safe.
[[nodiscard]] Image<float> sharpened(ImageView<const float> values);

}  // namespace dsm
