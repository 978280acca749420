// Moving a noise-free picture along a known field.
#pragma once

#include "dsp/core/image.h"
#include "dsp/motion/displacement.h"

namespace dsm::evaluation {

// moved(x, y) = picture(x + dx, y + dy) by Lanczos interpolation with 3 lobes: sharper than the
// cubic kernel the methods under trial use, so that their interpolation is on trial too. The edge
// pixel repeats beyond the border. A zero field copies exactly.
[[nodiscard]] Image<float> moved(ImageView<const float> picture, const Displacement& field);

}  // namespace dsm::evaluation
