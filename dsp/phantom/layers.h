// The anatomy as layers of log attenuation that move apart. Each layer is one picture of the added
// (or, for air, removed) line integral of attenuation, natural log, beyond an even background.
#pragma once

#include <functional>
#include <vector>

#include "dsp/core/image.h"
#include "dsp/phantom/recipe.h"
#include "dsp/phantom/spine.h"

namespace dsm::phantom {

enum class LayerKind { spine, ribs, lungs, heart, abdomen, bowel_gas };

struct Layer {
    LayerKind kind{LayerKind::spine};
    Image<float> attenuation;  // over the padded grid
};

// The padded grid the layers are drawn on: the picture and a margin for what moves into it.
struct Grid {
    Extent picture{};
    int margin_px{0};
    double pixel_mm{1.0};

    [[nodiscard]] Extent padded() const {
        return {picture.width + 2 * margin_px, picture.height + 2 * margin_px};
    }
    // Picture pixels, (0, 0) the centre of the top-left one.
    [[nodiscard]] PointMm to_mm(double x_px, double y_px) const {
        return {(x_px - 0.5 * (picture.width - 1)) * pixel_mm,
                (y_px - 0.5 * (picture.height - 1)) * pixel_mm};
    }
    [[nodiscard]] Point to_px(PointMm p) const {
        return {p.x / pixel_mm + 0.5 * (picture.width - 1),
                p.y / pixel_mm + 0.5 * (picture.height - 1)};
    }
};

// A tube seen from the side: adds `strength` times its chord at each pixel along the centre line.
struct Tube {
    std::vector<PointMm> path;
    double radius_mm{1.0};      // at the start
    double end_radius_mm{1.0};  // at the end
    double wall_mm{0.0};        // 0: solid; else only the wall and `core` of the inside count
    double core{0.0};
    double per_mm{0.01};  // attenuation per mm of chord
};
// `at` is told the pixel's chord in mm and the length along the path up to its foot.
void draw_tube(const Grid& grid, const Tube& tube,
               const std::function<void(int x, int y, double chord_mm, double along_mm)>& at);

[[nodiscard]] Layer draw_spine_layer(const Recipe&, const Spine&, const Grid&);
[[nodiscard]] Layer draw_rib_layer(const Recipe&, const Spine&, const Grid&);
[[nodiscard]] Layer draw_lung_layer(const Recipe&, const Spine&, const Grid&);
[[nodiscard]] Layer draw_heart_layer(const Recipe&, const Spine&, const Grid&);
[[nodiscard]] Layer draw_abdomen_layer(const Recipe&, const Spine&, const Grid&);
[[nodiscard]] Layer draw_bowel_layer(const Recipe&, const Spine&, const Grid&);

// All that the recipe asks for; layers with nothing in view are left out.
[[nodiscard]] std::vector<Layer> draw_layers(const Recipe&, const Spine&, const Grid&);

// The under-edge of a rib, from the spine outwards, mm: what a lateral vein runs along.
[[nodiscard]] std::vector<PointMm> rib_course(const Spine&, int order, Side side, double length_mm);
[[nodiscard]] PointMm heart_center(const Spine&);
// Height of the diaphragm at x, y in mm, before it moves.
[[nodiscard]] double diaphragm_y(const Spine&, double x_mm);
struct Bubble {
    PointMm center;
    double radius_mm{};
};
[[nodiscard]] std::vector<Bubble> bowel_bubbles(const Recipe&, const Spine&, const Grid&);

// 0 below -edge, 1 above +edge, smooth between.
[[nodiscard]] inline double soft_step(double value, double edge) {
    const double t = value / (2.0 * edge) + 0.5;
    const double u = t < 0.0 ? 0.0 : (t > 1.0 ? 1.0 : t);
    return u * u * (3.0 - 2.0 * u);
}

}  // namespace dsm::phantom
