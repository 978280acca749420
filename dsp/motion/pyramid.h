// Means over 2 x 2 pixels, again and again: what registration looks at from coarse to fine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "dsp/core/image.h"

namespace dsm {

// Level i has pixels of 2^(i+1) px; pixel (x, y) of level i is centred on full-resolution pixel
// ((x + 1/2) 2^(i+1) - 1/2, likewise y). A pixel is usable where all it is made of is.
struct Pyramid {
    struct Level {
        int pixel_px{2};
        Image<float> value;
        Image<std::uint8_t> usable;
    };
    std::vector<Level> levels;
};

// Levels of a picture's pyramid: down to a shorter side of 24 pixels, two levels even so down to 4;
// at most `most`.
[[nodiscard]] std::size_t pyramid_levels(Extent extent, int most);

// That many. Keeps the memory of `pyramid`.
void build_pyramid(ImageView<const float> log_intensity, ImageView<const std::uint8_t> usable,
                   int most, Pyramid& pyramid);

// The pyramid of a picture to which something known at half resolution (the extent of the first
// level) has been added.
void build_sum(const Pyramid& pyramid, ImageView<const float> added, Pyramid& sum);

}  // namespace dsm
