// Steps of the displacement field that the evidence asks for, under the models of the ladder.
#pragma once

#include <vector>

#include "dsp/core/image.h"
#include "dsp/motion/displacement.h"
#include "dsp/motion/normal_cells.h"

namespace dsm {

// The same step everywhere; false where the picture does not say which.
[[nodiscard]] bool step_shift(const Evidence& evidence, Displacement& field);

// A step that is an affine function of position; false likewise.
[[nodiscard]] bool step_affine(const Evidence& evidence, Displacement& field);

// Each control point by itself, tied to its four neighbours: minimises
//     sum_i (evidence misfit) + sum_ij rho(|u_i - u_j|),
// rho a Cauchy function, so that structures may slide along each other. `spread_px` is the
// difference between neighbours that is nothing unusual. Solved by sweeps over the rows, down and
// up in turn: each row takes the newest values of the row before it, and its own old ones.
class MeshStep {
 public:
    void operator()(const Evidence& evidence, float spread_px, Displacement& field);

 private:
    void tie(const Displacement& field, float spread_px);
    void invert(const Evidence& evidence, const Displacement& field);
    void sweep_row(int y, Displacement& field);

    // Ties to the left, right, above and below; the inverse of each point's 2 x 2 matrix; its
    // right side without the neighbours.
    Image<float> left_, right_, above_, below_;
    Image<float> xx_, xy_, yy_, bx_, by_;
    std::vector<float> row_;
};

}  // namespace dsm
