// Pictures at half resolution, where contrast put back into masks is kept: pixel (x, y) is the mean
// of 2 x 2 px and lies at (2x + 1/2, 2y + 1/2). An odd last row or column takes no part.
#pragma once

#include <cstdint>

#include "dsp/core/image.h"
#include "dsp/core/units.h"

namespace dsm {

// Both thread-safe; run on all cores. `half` gets half the extent of `full`, at least 1 x 1.
void halve(ImageView<const float> full, Image<float>& half);

// Bilinear; beyond the outermost centres the border repeats. `full` is what `half` was made from.
void double_size(ImageView<const float> half, ImageView<float> full);

// The same added to `full`. All but `half` have one extent.
void add_double(ImageView<const float> half, ImageView<const float> full, ImageView<float> sum);

// Nothing below zero where not usable, and nothing at all outside `field_px` of full resolution.
// Both images have one extent.
void bound_unusable(const Image<std::uint8_t>& usable, PixelRect field_px, Image<float>& picture);

}  // namespace dsm
