// Steps of the displacement field that the evidence asks for, under the models of the ladder.
#pragma once

#include "dsp/core/image.h"
#include "dsp/motion/displacement.h"
#include "dsp/motion/normal_cells.h"

namespace dsm {

// The same step everywhere; false where the picture does not say which.
[[nodiscard]] bool step_shift(ImageView<const NodeEvidence> evidence, Displacement& field);

// A step that is an affine function of position; false likewise.
[[nodiscard]] bool step_affine(ImageView<const NodeEvidence> evidence, Displacement& field);

// Each control point by itself, tied to its four neighbours: minimises
//     sum_i (evidence misfit) + sum_ij rho(|u_i - u_j|),
// rho a Cauchy function, so that structures may slide along each other. `spread_px` is the
// difference between neighbours that is nothing unusual.
void step_mesh(ImageView<const NodeEvidence> evidence, float spread_px, Displacement& field);

}  // namespace dsm
