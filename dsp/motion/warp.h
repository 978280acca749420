// Resampling a mask on the frame's grid: registered(x, y) = mask(x + dx, y + dy).
#pragma once

#include "dsp/core/image.h"
#include "dsp/core/stage.h"
#include "dsp/core/units.h"

namespace dsm {

inline constexpr StageInfo kWarpStage{.name = "warp",
                                      .purpose = "mask resampled on the grid of the frame",
                                      .inputs = {"mask", "displacement"},
                                      .outputs = {"mask_registered"},
                                      .halo_px = 2,
                                      .parity = {.absolute = 1e-5F}};

// One displacement for the whole picture, Catmull-Rom cubic interpolation (Keys, IEEE ASSP
// 29:1153, 1981, a = -1/2); beyond the border the edge pixel repeats. A displacement of whole
// pixels copies exactly. Thread-safe; runs on all cores.
void warp_shift(ImageView<const float> mask, Point displacement_px, ImageView<float> registered);

}  // namespace dsm
