// Resampling a mask on the frame's grid: registered(x, y) = mask(x + dx, y + dy).
#pragma once

#include <cstdint>
#include <vector>

#include "dsp/core/image.h"
#include "dsp/core/stage.h"
#include "dsp/motion/displacement.h"

namespace dsm {

inline constexpr StageInfo kWarpStage{.name = "warp",
                                      .purpose = "mask resampled on the grid of the frame",
                                      .inputs = {"mask", "displacement"},
                                      .outputs = {"mask_registered"},
                                      .halo_px = 2,
                                      .parity = {.absolute = 1e-5F}};

// Catmull-Rom cubic interpolation (Keys, IEEE ASSP 29:1153, 1981, a = -1/2); beyond the border the
// edge pixel repeats. Where the displacement is zero the pixel is copied exactly. Both images have
// one extent. Thread-safe; runs on all cores.
void warp(ImageView<const float> mask, const Displacement& displacement,
          ImageView<float> registered);

// Clears `usable` where the mask was looked up outside its picture or at a pixel that is not
// usable there.
void keep_covered(const Displacement& displacement, ImageView<const std::uint8_t> mask_usable,
                  ImageView<std::uint8_t> usable);

// Both in one pass over a picture with pixels of `pixel_px`: a level of a pyramid. `weight`
// receives 1 where the live frame and the mask found there are usable, else 0.
struct LevelWarp {
    ImageView<const float> mask;
    ImageView<const std::uint8_t> mask_usable, live_usable;
    ImageView<float> registered, weight;
};
void warp_level(const LevelWarp& level, const Displacement& displacement, int pixel_px);

// Several masks resampled and added, each with its weights: where a mask's weight is 0 it is not
// looked at.
struct WeightedMask {
    ImageView<const float> mask;
    ImageView<const std::uint8_t> usable;
    const Displacement* field{nullptr};
    ImageView<const float> weight;  // by blocks, see dsp/core/block_maps.h
};
struct WeightedSum {
    ImageView<float> sum;
    ImageView<float> squares;        // sum of the squares of the weights
    ImageView<std::uint8_t> usable;  // cleared where a mask with a weight within 8 px is not usable
};
// Pictures with pixels of `pixel_px`; blocks of `block_px` full-resolution pixels. All of one
// extent. Thread-safe; runs on all cores.
void warp_weighted(const std::vector<WeightedMask>& masks, int pixel_px, int block_px,
                   const WeightedSum& to);

}  // namespace dsm
