// How good a subtraction of a trial scene is.
//
//   floor  sqrt(var_live + var_mask) of ln I, root mean square over the pixels free of contrast
//   A      root mean square of the noise-free artefact over the floor, where there is no contrast
//   R      the same with noise
//   keep   slope of recovered against true opacity (least squares with intercept), noise-free
//   err    root mean square error of recovered opacity over the mean true one
//   EPE    mean distance of found and true displacement
#pragma once

#include <optional>

#include "dsp/evaluation/trial_scene.h"

namespace dsm::evaluation {

struct Kept {
    double slope{0.0};
    double error{0.0};
};

struct TrialFigures {
    double artefact{0.0};  // A
    double ratio{0.0};     // R
    std::optional<double> end_point_error_px;
    std::optional<Kept> column, leak;  // nothing where the scene has too few such pixels
    double time_ms{0.0};
};

[[nodiscard]] double noise_floor(const TrialScene& scene, const LiveFrame& live);
// Root mean square of opacity - truth where there is no contrast.
[[nodiscard]] double residual(const LiveFrame& live, ImageView<const float> opacity);
// Mean over the same pixels of the product of two residuals.
[[nodiscard]] double residual_product(const LiveFrame& live, ImageView<const float> a,
                                      ImageView<const float> b);
[[nodiscard]] std::optional<Kept> kept(const LiveFrame& live, Place place,
                                       ImageView<const float> opacity);
// Over the pixels that score, every fourth each way. A missing field is no displacement.
[[nodiscard]] double end_point_error_px(const LiveFrame& live, const Displacement* found);

// Of a subtraction whose noise-free twin is known.
[[nodiscard]] TrialFigures score(const TrialScene& scene, const LiveFrame& live,
                                 ImageView<const float> noise_free, ImageView<const float> noisy);

}  // namespace dsm::evaluation
