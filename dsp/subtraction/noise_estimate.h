// Photon transfer of a run, measured from the run itself.
//
// Neighbouring frames are subtracted and their mean over 5 x 5 px is taken off: slow structure and
// slow motion drop out, while noise that the detector has blurred over a pixel or two, which a
// second difference (Immerkaer, CVIU 64:300, 1996) would miss by a third, is kept. In each class of
// log intensity the lower quartile of the absolute response, which moving edges reach least, gives
// var(ln I). A quartile scatters: by 0.433 / sqrt(n) / 0.758 / 0.319, twice that in variance, 5 %
// in a class of 5000 pixels; the smaller of several such (quieter_of) would then be low by as much.
// So a line is laid through seven classes of ln(variance) against ln(intensity), which leaves 2 %.
#pragma once

#include <cstdint>

#include "dsp/core/image.h"
#include "dsp/core/noise.h"
#include "dsp/core/stage.h"

namespace dsm {

inline constexpr StageInfo kNoiseStage{.name = "noise",
                                       .purpose = "photon transfer from neighbouring frames",
                                       .inputs = {"log_intensity"},
                                       .outputs = {"noise_model"},
                                       .halo_px = 2,
                                       .history_frames = 1};

// From two frames of one run with the same extent; pixels that are not usable take no part.
// The model is unknown where fewer than 64 usable pixels are left.
[[nodiscard]] NoiseModel estimate_noise(ImageView<const float> earlier,
                                        ImageView<const float> later,
                                        ImageView<const std::uint8_t> usable);

// Class by class the smaller variance: motion and texture only ever add to it.
[[nodiscard]] NoiseModel quieter_of(const NoiseModel& a, const NoiseModel& b);

}  // namespace dsm
