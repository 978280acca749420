// How badly a registered mask explains a frame.
#pragma once

#include <cstddef>
#include <cstdint>

#include "dsp/core/image.h"

namespace dsm {

// Mean of Tukey's rho over usable pixels, scaled so that a small residual costs (r / noise)^2; what
// lies beyond 4.685 noise, as contrast does, costs a constant. 0 without a usable pixel.
// Thread-safe; runs on all cores.
[[nodiscard]] double robust_misfit(ImageView<const float> mask_registered,
                                   ImageView<const float> live,
                                   ImageView<const std::uint8_t> usable, float noise);

// The parts of it: of a pixel with residual r it is 1 - max(0, 1 - r^2 misfit_per_square)^3; and
// the mean of those, as it is given above.
[[nodiscard]] float misfit_per_square(float noise);
[[nodiscard]] double mean_misfit(double sum, double pixels);

[[nodiscard]] std::size_t count_usable(ImageView<const std::uint8_t> usable);

// By how much the summed misfit of `pixels` pixels must fall before `parameters` more parameters
// are believed: what they take away from pure noise, and five standard deviations of that.
[[nodiscard]] double chance_gain(double parameters, double pixels);

}  // namespace dsm
