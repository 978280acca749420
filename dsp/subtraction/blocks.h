// Means over blocks of 8 x 8 px: what exposure, shading and first contrast are judged by. In a
// block the noise is an eighth of a pixel's, contrast is not.
#pragma once

#include <algorithm>
#include <cstdint>

#include "dsp/core/image.h"

namespace dsm {

inline constexpr int kBlock_px = 8;

// Whole blocks alone, at least 1 x 1.
[[nodiscard]] inline Extent whole_blocks(Extent picture) {
    return {std::max(1, picture.width / kBlock_px), std::max(1, picture.height / kBlock_px)};
}

// All images have one extent, that of whole_blocks().
struct Blocks {
    Image<float> difference;  // mask - live
    Image<float> live;        // log intensity
    Image<std::uint8_t> usable;

    // The same as `other`, in the memory there is.
    void assign(const Blocks& other) {
        difference.resize(other.difference.extent());
        live.resize(other.live.extent());
        usable.resize(other.usable.extent());
        copy_pixels(other.difference.cview(), difference.view());
        copy_pixels(other.live.cview(), live.view());
        copy_pixels(other.usable.cview(), usable.view());
    }
};

// Pixels that are not usable take no part; a block is usable where most of its pixels are. All
// pictures have one extent. Thread-safe; runs on all cores.
void block_means(ImageView<const float> mask, ImageView<const float> live,
                 ImageView<const std::uint8_t> usable, Blocks& blocks);

}  // namespace dsm
