// Edge-preserving smoothing in units of the noise: the undecimated wavelet transform with the cubic
// B-spline (Starck & Murtagh, "Astronomical Image and Data Analysis", 2006, chapter 2), each scale
// weighed by its local energy against that of the noise. What rises above the noise over a
// neighbourhood, as a vein does along its length, keeps its contrast; what does not is lowered,
// never to nothing.
#pragma once

#include <array>
#include <cstdint>

#include "dsp/core/image.h"

namespace dsm {

struct ShrinkParams {
    // Mean square of a scale's details around a pixel, over that of noise alone: up to here they
    // are lowered to the least gain, from there on they are whole.
    float noise_energy{1.8F};
    float signal_energy{4.5F};
    // Least part of a detail that stays: some grain at the finest scale, where most of the noise
    // is, and the more of the coarser ones, where veins are.
    std::array<float, 3> least_gain{0.12F, 0.35F, 0.6F};
};

// Not thread-safe (it keeps its working memory); runs on all cores.
class WaveletShrink {
 public:
    static constexpr int kScales = 3;  // details of 1-2, 2-4 and 4-8 px; coarser ones stay as is

    // `sigma` is the noise of `picture` per pixel; its spectrum is taken from the picture itself,
    // by the median absolute deviation at each scale over the usable pixels. All of one extent;
    // values must be finite and sigma positive. `out` may be `picture`.
    void apply(ImageView<const float> picture, ImageView<const float> sigma,
               ImageView<const std::uint8_t> usable, const ShrinkParams& params,
               ImageView<float> out);

 private:
    void shrink_scale(int scale, ImageView<const float> sigma, ImageView<const std::uint8_t> usable,
                      const ShrinkParams& params, ImageView<float> out);

    Image<float> fine_, coarse_, detail_, energy_, rows_;
};

// One step of the transform: [1 4 6 4 1]/16 along both axes with `step` px between its taps,
// mirrored at the border. `rows` is working memory; `from` and `to` may be the same.
void spline_smooth(ImageView<const float> from, int step, ImageView<float> rows,
                   ImageView<float> to);

}  // namespace dsm
