// One mask out of several registered ones, patch by patch.
//
// Where all explain the background equally the mean is taken, which lowers the noise; where one
// explains it better it gets the weight 1 / misfit^2, its misfit measured on structures of 4 to 64
// px over a neighbourhood of about 60 px. Contrast is in the live frame alone: it adds the same to
// every misfit and can not choose among masks.
#pragma once

#include <cstdint>
#include <vector>

#include "dsp/core/image.h"
#include "dsp/core/stage.h"

namespace dsm {

inline constexpr StageInfo kCombineStage{.name = "combine",
                                         .purpose = "mix of masks that explains each patch best",
                                         .inputs = {"masks_registered", "log_intensity"},
                                         .outputs = {"mask_registered", "mask_variance_share"},
                                         .halo_px = 64,
                                         .parity = {.absolute = 1e-4F}};

// All images have one extent. `share` receives the variance of the mix over that of one frame.
// Thread-safe; runs on all cores.
void combine_masks(const std::vector<ImageView<const float>>& masks, ImageView<const float> live,
                   ImageView<float> mixed, ImageView<float> share);

}  // namespace dsm
