// From opacity to grey for a still picture: dark is contrast. The sac is thirty times denser than a
// vein, so the scale is an inverse hyperbolic sine: linear where veins are, logarithmic in the sac.
#pragma once

#include <vector>

#include "dsp/core/image.h"

namespace dsm {

class Tone {
 public:
    // White at the faintest of `opacity` (its 5 %), black at its densest parts (99.8 %).
    // Not-a-number pixels are left out.
    explicit Tone(ImageView<const float> opacity);

    // 0 (black) .. 1 (white); monotone; NaN is a neutral grey.
    [[nodiscard]] double grey(double opacity) const;
    [[nodiscard]] double white() const { return white_; }  // opacity shown lightest
    [[nodiscard]] double black() const { return black_; }  // opacity shown darkest
    // 0 at white(), 1 at black(): where an opacity lies on the scale bar.
    [[nodiscard]] double position(double opacity) const;
    [[nodiscard]] double opacity_at(double position) const;
    // Round opacities between white and black for the scale bar, ascending.
    [[nodiscard]] std::vector<double> ticks() const;

 private:
    double white_{0.0};
    double black_{0.1};
    double knee_{0.02};
};

}  // namespace dsm
