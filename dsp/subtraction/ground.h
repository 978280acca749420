// What a frame has gained or lost against its mask that is no contrast and no motion: an exposure
// offset and, where there is some, slow shading. Found on block means, taken off the mask.
#pragma once

#include <optional>

#include "dsp/core/image.h"
#include "dsp/subtraction/blocks.h"
#include "dsp/subtraction/exposure.h"
#include "dsp/subtraction/shading.h"

namespace dsm {

struct Ground {
    float offset{0.0F};
    std::optional<Shading> shading;
};

// See exposure.h and shading.h. What is found is taken off `blocks` as well; the memory of `sample`
// is kept.
[[nodiscard]] Ground find_ground(Blocks& blocks, OffsetSample& sample);

// Takes it off a picture of any size. Thread-safe; runs on all cores.
void remove_ground(const Ground& ground, ImageView<float> image);

}  // namespace dsm
