// What comes back of a frame that was subtracted on the graphics card, instead of its pictures.
#pragma once

#include <cstdint>

#include "dsp/core/image.h"
#include "dsp/opacification/frame_sums.h"
#include "dsp/subtraction/subtract.h"

namespace dsm::gpu {

// Images get their extents where they are filled.
struct SubtractedSums {
    FrameSums sums;
    Image<PatchSums> patches;  // for artefact_of()
    Image<std::uint8_t> usable;
    Image<float> half_opacity;  // as halve(), where it was asked for
};

}  // namespace dsm::gpu
