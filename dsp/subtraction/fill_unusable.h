// Makes a picture whole before it is filtered, so that what is no measurement says nothing.
#pragma once

#include <cstdint>

#include "dsp/core/image.h"

namespace dsm {

// Replaces pixels that are not usable by the mean of usable ones around them: of their block of
// 8 px, else of the smallest larger block that has some; 0 where the picture has none at all.
void fill_unusable(ImageView<float> picture, ImageView<const std::uint8_t> usable);

}  // namespace dsm
