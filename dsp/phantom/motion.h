// How each layer moves. Displacements are mm, from where a thing was drawn to where it is seen;
// magnitudes come from the recipe, shapes from respiratory imaging: the diaphragm moves most and
// towards the feet on breathing in, ribs rise laterally and little beside the spine, the spine
// itself stays.
#pragma once

#include "dsp/phantom/layers.h"
#include "dsp/phantom/recipe.h"
#include "dsp/phantom/spine.h"

namespace dsm::phantom {

// Times of the frames, s; the first is 0.
[[nodiscard]] std::vector<double> frame_times(const Recipe& recipe);

// 0 at the end of breathing out, 1 at the end of an ordinary breath in; holds, drift, release.
[[nodiscard]] double breathing_state(const Recipe& recipe, double time_s);

class Motion {
 public:
    Motion(const Recipe& recipe, const Spine& spine, double time_s);
    // The place on the layer's drawing that is seen at `p`.
    [[nodiscard]] PointMm drawn_at(LayerKind layer, PointMm p) const;
    // Whole-patient movement alone, forwards: where the drawn point is seen.
    [[nodiscard]] PointMm seen_at(PointMm drawn) const;

 private:
    const Spine& spine_;
    PointMm shift_mm_;
    double cosine_{1.0};
    double sine_{0.0};
    double breath_mm_{0.0};
    double beat_mm_{0.0};
    PointMm gas_mm_;
    PointMm heart_;
    double lung_top_mm_{0.0};
};

// The largest movement a recipe can cause, mm: how far beyond the picture layers must be drawn.
[[nodiscard]] double largest_motion_mm(const Recipe& recipe);

}  // namespace dsm::phantom
