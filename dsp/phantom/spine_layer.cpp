// Vertebrae, discs and the soft tissue that does not move: what stays with the thecal sac.
#include <algorithm>
#include <cmath>

#include "dsp/core/parallel.h"
#include "dsp/phantom/layers.h"
#include "dsp/phantom/random.h"

namespace dsm::phantom {
namespace {

// Attenuation beyond soft tissue at 52 keV mean (70 kVp behind 20 cm of water), per mm:
// compact bone 0.07, cancellous bone 0.010, air -0.016 for inflated lung (NIST tables, rounded).
constexpr double kCompactPerMm = 0.070;
constexpr double kCancellousPerMm = 0.0105;
constexpr double kCortexMm = 0.45;

enum Texture : std::uint64_t { kTrabecula = 201, kMuscle = 202, kGrain = 203, kOutline = 204 };

struct Local {
    double x;  // from the vertebra's centre, towards the image's right
    double y;
};

double square(double v) {
    return v * v;
}

double distance_to_segment(Local p, Local a, Local b) {
    const double dx = b.x - a.x;
    const double dy = b.y - a.y;
    const double part =
        std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / (dx * dx + dy * dy), 0.0, 1.0);
    return std::hypot(p.x - a.x - part * dx, p.y - a.y - part * dy);
}

// Front and side walls seen edge on, end plates seen edge on, spongy inside. `obliquity` is the
// distance from the central ray in mm: away from it the end plates are seen at a slant.
double body(const Vertebra& v, Local p, double trabecula, double obliquity) {
    const double across = std::min(1.0, std::abs(p.x) / v.half_width_mm);
    // End plates are hollow towards the disc, and the corners are round.
    const double half_height =
        0.5 * v.height_mm - 1.1 * (1.0 - square(across)) - 1.6 * std::pow(across, 8.0);
    const double relative_y = std::min(1.0, std::abs(p.y) / half_height);
    // Waisted: narrower in the middle than at the end plates.
    const double half_width = v.half_width_mm * (0.91 + 0.09 * square(relative_y));
    const double slant = 0.7 + 0.010 * obliquity;
    const double inside = soft_step(half_height - std::abs(p.y), slant);
    const double edge = std::abs(p.x) / half_width;
    if (inside <= 0.0 || edge >= 1.0) {
        return 0.0;
    }
    const double outer = std::sqrt(1.0 - square(edge));
    const double inner_edge = std::abs(p.x) / (half_width - kCortexMm);
    const double inner = inner_edge < 1.0 ? std::sqrt(1.0 - square(inner_edge)) : 0.0;
    const double depth = v.depth_mm * std::pow(outer, 0.6);
    // The wall seen edge on is short front to back: a fraction of the body's depth.
    const double wall = 0.45 * v.depth_mm * (outer - inner) + 2.0 * kCortexMm * outer;
    const double plate = std::exp(-0.5 * square((std::abs(p.y) - half_height + 0.8) / slant));
    return inside * (kCancellousPerMm * depth * (1.0 + 0.40 * trabecula) + kCompactPerMm * wall) +
           0.17 / slant * plate * outer;
}

// An oval bone seen end on: a bright ring with spongy inside.
double ring(Local p, double half_x, double half_y, double wall, double inside) {
    const double radius = std::hypot(p.x / half_x, p.y / half_y);
    if (radius > 1.6) {
        return 0.0;
    }
    const double off_mm = (radius - 1.0) * std::min(half_x, half_y);
    return wall * std::exp(-0.5 * square(off_mm / 0.65)) + inside * soft_step(-off_mm, 0.8);
}

double arch(const Vertebra& v, Local p) {
    const double w = v.half_width_mm;
    const double h = 0.5 * v.height_mm;
    const double side_x = std::abs(p.x);
    const double scale = w / 18.0;
    double sum = ring({side_x - 0.62 * w, p.y + 0.38 * h}, 3.0 * scale, 4.6 * scale, 0.20, 0.07);
    // Spinous process, pointing down over the disc below.
    const double droop = v.thoracic() ? 1.25 * h : 0.75 * h;
    sum += ring({p.x, p.y - droop}, 2.2 * scale, 5.0 * scale, 0.22, 0.12);
    const Local folded{side_x, p.y};
    const double lamina =
        distance_to_segment(folded, {0.52 * w, -0.05 * h}, {2.0 * scale, 0.95 * h});
    sum += 0.12 * soft_step(3.6 * scale - lamina, 1.2);
    const double facet = distance_to_segment(folded, {0.50 * w, 0.55 * h}, {0.55 * w, 1.30 * h});
    sum += 0.13 * soft_step(3.4 * scale - facet, 0.9);
    const double reach = v.thoracic() ? 13.0 * scale : 17.0 * scale;
    const Local root{0.75 * w, -0.30 * h};
    const Local tip{w + reach, v.thoracic() ? -0.75 * h : -0.45 * h};
    const double process = distance_to_segment(folded, root, tip);
    // Thick at the tip in the chest, thin in the loins.
    const double out = std::clamp((side_x - root.x) / (tip.x - root.x), 0.0, 1.0);
    const double half = scale * (v.thoracic() ? 3.2 + 1.0 * out : 4.2 - 2.2 * out);
    sum += 0.08 * soft_step(half - process, 1.0) +
           0.06 * std::exp(-0.5 * square((process - half + 0.6) / 0.7));
    return sum;
}

double soft_tissue(const Recipe& recipe, const Spine& spine, PointMm p) {
    const double order = spine.order_at(p.y);
    const double side_x = std::abs(p.x - spine.x_at(p.y));
    // Long back muscles, and the psoas from L1 downwards.
    double sum = 0.22 * soft_step(42.0 - side_x, 14.0);
    const double psoas_edge = 22.0 + 11.0 * std::max(0.0, order - kOrderL1);
    if (order > kOrderL1 - 0.5) {
        sum += 0.12 * soft_step(psoas_edge - side_x, 1.5) * soft_step(order - kOrderL1, 1.0);
    }
    const double texture = recipe.anatomy.texture;
    sum += texture * 0.075 * fractal_noise(recipe.seed + kMuscle, p.x / 30.0, p.y / 30.0, 6, 0.6);
    return sum + texture * 0.008 * fractal_noise(recipe.seed + kGrain, p.x / 1.1, p.y / 1.1, 2);
}

}  // namespace

Layer draw_spine_layer(const Recipe& recipe, const Spine& spine, const Grid& grid) {
    Layer layer{LayerKind::spine, Image<float>(grid.padded())};
    const ImageView<float> out = layer.attenuation.view();
    parallel_rows(out.height(), 8, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            for (int x = 0; x < out.width(); ++x) {
                const PointMm p = grid.to_mm(x - grid.margin_px, y - grid.margin_px);
                double bone = 0.0;
                // No bone has a drawn outline: wobble the place it is looked up at.
                const PointMm wobbled{
                    p.x + 1.1 * fractal_noise(recipe.seed + kOutline, p.x / 9.0, p.y / 9.0, 3),
                    p.y +
                        0.9 * fractal_noise(recipe.seed + kOutline + 9, p.x / 11.0, p.y / 11.0, 3)};
                const auto level = static_cast<int>(std::floor(spine.order_at(p.y) + 0.5));
                const double trabecula =
                    recipe.anatomy.texture *
                    fractal_noise(recipe.seed + kTrabecula, p.x / 1.6, p.y / 3.6, 3, 0.7);
                for (int near = std::max(0, level - 2);
                     near <= std::min(static_cast<int>(spine.vertebrae().size()) - 1, level + 1);
                     ++near) {
                    const Vertebra& v = spine.vertebrae()[static_cast<std::size_t>(near)];
                    // The bodies tilt with the curve of the spine.
                    const double tilt =
                        (spine.x_at(v.center.y + 10.0) - spine.x_at(v.center.y - 10.0)) / 20.0;
                    const double dx = wobbled.x - v.center.x;
                    const double dy = wobbled.y - v.center.y;
                    const Local local{dx - tilt * dy, dy + tilt * dx};
                    if (std::abs(local.x) < v.half_width_mm + 22.0) {
                        bone += body(v, local, trabecula, std::abs(p.y)) + arch(v, local);
                    }
                }
                out(x, y) =
                    static_cast<float>(recipe.anatomy.bone * bone + soft_tissue(recipe, spine, p));
            }
        }
    });
    return layer;
}

}  // namespace dsm::phantom
