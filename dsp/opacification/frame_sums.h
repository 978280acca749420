// What those who follow opacification need of a subtracted frame, summed where its pictures lie, so
// that these need not come to memory.
#pragma once

#include "dsp/core/block_maps.h"
#include "dsp/core/image.h"
#include "dsp/opacification/corridor.h"
#include "dsp/opacification/work_grid.h"

namespace dsm {

inline constexpr int kOpacityBlock_px = 16;
[[nodiscard]] inline Extent opacity_blocks(Extent picture) {
    return blocks_of(picture, kOpacityBlock_px);
}

struct FrameSums {
    WorkFrame bins;
    Image<float> block_opacity, block_variance;  // means of usable pixels, variance of those means
    CorridorCells corridor;
};

}  // namespace dsm
