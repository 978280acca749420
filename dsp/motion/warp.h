// Resampling a mask on the frame's grid: registered(x, y) = mask(x + dx, y + dy).
#pragma once

#include <cstdint>

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

}  // namespace dsm
