// From attenuation to stored values: scatter, blur, quanta, read-out, encoding.
#pragma once

#include <cstdint>

#include "dsp/core/image.h"
#include "dsp/phantom/recipe.h"

namespace dsm::phantom {

// The value of `layer` at (x, y) by cubic convolution (Keys 1981, a = -1/2); edges repeat.
[[nodiscard]] float sample_cubic(ImageView<const float> layer, double x, double y);

// Separable Gaussian of `sigma_px`, edges repeated; `scratch` is resized as needed.
void blur(Image<float>& image, double sigma_px, Image<float>& scratch);

// Scattered radiation: a wide Gaussian of the primary (`sigma_px`), worked out on a coarse grid.
// Scaled so that scatter / (scatter + primary) is `fraction` for an even picture.
void scatter_field(ImageView<const float> primary, double sigma_px, double fraction,
                   ImageView<float> scatter);

// Quanta detected per pixel at 1 uGy and a pixel of `detector_pixel_mm`: 31500 per mm2 and uGy at
// 70 kVp behind 20 cm of water, detective quantum efficiency 0.70.
[[nodiscard]] double quanta_per_ugy(double detector_pixel_mm);

// Stored value and back. LIN is proportional to quanta; LOG to their logarithm over exp(5.5).
class Encoding {
 public:
    Encoding() = default;
    Encoding(const ImageRecipe& recipe, double brightest_quanta);
    [[nodiscard]] std::uint16_t stored(double quanta) const;
    // Entry v: intensity of stored value v, the largest being 65535. Empty for LIN.
    [[nodiscard]] std::vector<float> table_to_linear() const;

 private:
    bool logarithmic_{false};
    double largest_{4095.0};
    double full_scale_quanta_{1.0};
};

// Poisson of `quanta` plus read-out noise, encoded; the randomness depends on seed, frame and row.
void expose(const Recipe& recipe, const Encoding& encoding, int frame,
            ImageView<const float> quanta, ImageView<std::uint16_t> words);

}  // namespace dsm::phantom
