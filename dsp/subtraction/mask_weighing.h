// The numbers that mask_weights.h is made with, for the processor and the graphics card alike.
#pragma once

#include <algorithm>

#include "dsp/core/image.h"

namespace dsm::mask_weighing {

inline constexpr int kLocalMean = 17;     // quarter-resolution pixels
inline constexpr int kNeighbourhood = 7;  // blocks
inline constexpr float kMostResidual =
    0.1F;  // a residue beyond this, common to all masks, counts less
inline constexpr float kLeastTrust = 0.05F;
inline constexpr float kPerPixel =
    1.0F / 16.0F;  // variance of a quarter-resolution pixel over a pixel's
inline constexpr float kRidge = 0.125F * kPerPixel;  // of the variance of a pixel
inline constexpr float kDoubt = 14.0F * kPerPixel;   // likewise
inline constexpr float kDoubtShare = 0.2F;           // of the contrast
inline constexpr int kDoubtBlocks = 3;
inline constexpr float kLeastWeight = 0.03F;
inline constexpr float kNotUsable = 10.0F;  // keeps a mask from being used where it is not usable
inline constexpr float kSmall = 1e-9F;
inline constexpr float kRidgeShare = 1e-5F;  // of the smallest of C's diagonal, for masks of a kind
inline constexpr float kMostWeight = 8.0F;   // sum of |w|; beyond it noise would be blown up

[[nodiscard]] inline Extent blocks_of_quarter(Extent quarter) {
    return {std::max(1, (quarter.width + 1) / 2), std::max(1, (quarter.height + 1) / 2)};
}

}  // namespace dsm::mask_weighing
