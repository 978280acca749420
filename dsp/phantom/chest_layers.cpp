// Ribs, lungs with their vessels, heart and aorta: what breathes and beats beside the spine.
#include <algorithm>
#include <cmath>

#include "dsp/core/parallel.h"
#include "dsp/phantom/layers.h"
#include "dsp/phantom/random.h"

namespace dsm::phantom {
namespace {

enum Purpose : std::uint64_t { kVessel = 301, kLungTexture = 302, kRibTexture = 303 };

// Inflated lung against soft tissue at 52 keV, per cm.
constexpr double kLungPerCm = -0.155;
// The visible mediastinum reaches this far from the midline.
constexpr double kMediastinumMm = 24.0;

double side_sign(Side side) {
    return side == Side::left ? 1.0 : -1.0;
}

// Share of the lung's depth that lies in the beam at a place.
double lung_share(const Spine& spine, PointMm p) {
    const double off = p.x - spine.x_at(p.y);
    const double beyond = std::abs(off) - kMediastinumMm + 3.0 * std::sin(p.y / 23.0);
    const double lateral = 0.28 * soft_step(beyond, 1.8) + 0.72 * soft_step(beyond - 24.0, 26.0);
    // Behind the dome the lung goes on downwards, thinner and thinner.
    const double above = diaphragm_y(spine, p.x) - p.y;
    const double dome = 0.42 * soft_step(above, 1.3) + 0.58 * soft_step(above - 18.0, 42.0);
    const double top = soft_step(p.y - spine.y_of(kOrderT1 + 0.5), 12.0);
    return lateral * dome * top;
}

void draw_vessels(const Recipe& recipe, const Spine& spine, const Grid& grid,
                  ImageView<float> out) {
    Random random(recipe.seed, kVessel);
    for (int tree = 0; tree < 70; ++tree) {
        const double sign = tree % 2 == 0 ? 1.0 : -1.0;
        PointMm p{spine.x_at(0.0) + sign * random.uniform(26.0, 40.0),
                  spine.y_of(kOrderT1 + random.uniform(4.0, 7.0))};
        double angle = random.uniform(-1.35, 1.35);
        const double length = random.uniform(35.0, 110.0);
        Tube tube;
        tube.radius_mm = random.uniform(0.9, 2.6);
        tube.end_radius_mm = 0.35;
        tube.per_mm = 0.017;
        for (double walked = 0.0; walked < length; walked += 5.0) {
            tube.path.push_back(p);
            angle += random.uniform(-0.16, 0.16);
            p.x += sign * 5.0 * std::cos(angle);
            p.y += 5.0 * std::sin(angle);
        }
        draw_tube(grid, tube, [&](int x, int y, double chord_mm, double) {
            const PointMm at = grid.to_mm(x - grid.margin_px, y - grid.margin_px);
            out(x, y) += static_cast<float>(tube.per_mm * chord_mm *
                                            std::min(1.0, 1.6 * lung_share(spine, at)));
        });
    }
}

}  // namespace

double diaphragm_y(const Spine& spine, double x_mm) {
    const double off = x_mm - spine.x_at(0.0);
    const bool left = off > 0.0;
    const double dome = left ? spine.y_of(kOrderT1 + 9.4) : spine.y_of(kOrderT1 + 8.9);
    const double center = left ? 62.0 : -58.0;
    return dome + 34.0 * (1.0 - std::cos(std::clamp((off - center) / 75.0, -1.4, 1.4)));
}

PointMm heart_center(const Spine& spine) {
    const double y = spine.y_of(kOrderT1 + 6.9);
    return {spine.x_at(y) + 20.0, y};
}

std::vector<PointMm> rib_course(const Spine& spine, int order, Side side, double length_mm) {
    const Vertebra& v = spine.vertebrae()[static_cast<std::size_t>(order)];
    const double sign = side_sign(side);
    const double rank = std::clamp((order - kOrderT1) / 11.0, 0.0, 1.0);
    const double slope = 0.06 + 0.42 * rank;
    std::vector<PointMm> path;
    double walked = 0.0;
    // No two ribs are alike.
    const double bend = 1.3 * std::sin(2.1 * order + 5.0 * sign);
    for (double r = 0.0; walked < length_mm; r += 3.0) {
        // Out of the costovertebral joint slightly upwards, then down around the chest wall.
        const double y = v.center.y - 0.40 * v.pitch_mm - 4.5 * std::sin(std::min(r, 50.0) / 16.0) +
                         slope * r + r * r / 330.0 + bend * std::sin(r / 27.0);
        path.push_back({v.center.x + sign * (v.half_width_mm - 1.0 + r), y});
        if (path.size() > 1) {
            walked += std::hypot(path.back().x - path[path.size() - 2].x,
                                 path.back().y - path[path.size() - 2].y);
        }
    }
    return path;
}

Layer draw_rib_layer(const Recipe& recipe, const Spine& spine, const Grid& grid) {
    Layer layer{LayerKind::ribs, Image<float>(grid.padded())};
    const ImageView<float> out = layer.attenuation.view();
    for (int order = kOrderT1; order < kOrderL1; ++order) {
        const int number = order - kOrderT1 + 1;
        const double length = number == 12 ? 75.0 : (number == 11 ? 110.0 : 170.0);
        for (const Side side : {Side::left, Side::right}) {
            Tube tube;
            tube.path = rib_course(spine, order, side, length);
            tube.radius_mm = 4.0 * spine.size();
            tube.end_radius_mm = 5.6 * spine.size();
            tube.wall_mm = 0.9;
            tube.core = 0.16;
            tube.per_mm = 0.036 * recipe.anatomy.bone;
            draw_tube(grid, tube, [&](int x, int y, double chord_mm, double along_mm) {
                const PointMm p = grid.to_mm(x - grid.margin_px, y - grid.margin_px);
                const double grain =
                    1.0 + 0.35 * recipe.anatomy.texture *
                              fractal_noise(recipe.seed + kRibTexture, p.x / 2.2, p.y / 2.2, 2);
                // The head of the rib fades into the vertebra it meets.
                const double joint = std::min(1.0, 0.35 + along_mm / 12.0);
                out(x, y) += static_cast<float>(tube.per_mm * chord_mm * grain * joint);
            });
            if (number <= 9) {
                // Its front part comes back towards the breastbone, lower and fainter.
                Tube front = tube;
                front.path.clear();
                const double sign = side_sign(side);
                const Vertebra& v = spine.vertebrae()[static_cast<std::size_t>(order)];
                for (double t = 0.0; t <= 1.0; t += 0.1) {
                    front.path.push_back({v.center.x + sign * (135.0 - 82.0 * t),
                                          v.center.y + 38.0 + 46.0 * t - 14.0 * t * t});
                }
                front.radius_mm = 5.5;
                front.end_radius_mm = 6.0;
                front.per_mm = 0.020 * recipe.anatomy.bone;
                draw_tube(grid, front, [&](int x, int y, double chord_mm, double along_mm) {
                    const double fade = std::clamp((92.0 - along_mm) / 25.0, 0.0, 1.0);
                    out(x, y) += static_cast<float>(front.per_mm * chord_mm * fade);
                });
            }
        }
    }
    return layer;
}

Layer draw_lung_layer(const Recipe& recipe, const Spine& spine, const Grid& grid) {
    Layer layer{LayerKind::lungs, Image<float>(grid.padded())};
    const ImageView<float> out = layer.attenuation.view();
    parallel_rows(out.height(), 8, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            for (int x = 0; x < out.width(); ++x) {
                const PointMm p = grid.to_mm(x - grid.margin_px, y - grid.margin_px);
                const double share = lung_share(spine, p);
                const double grain = 1.0 + 0.10 * recipe.anatomy.texture *
                                               fractal_noise(recipe.seed + kLungTexture, p.x / 9.0,
                                                             p.y / 9.0, 4, 0.6);
                out(x, y) =
                    static_cast<float>(kLungPerCm * recipe.anatomy.lung_depth_cm * share * grain);
            }
        }
    });
    draw_vessels(recipe, spine, grid, out);
    return layer;
}

Layer draw_heart_layer(const Recipe& recipe, const Spine& spine, const Grid& grid) {
    Layer layer{LayerKind::heart, Image<float>(grid.padded())};
    const ImageView<float> out = layer.attenuation.view();
    const PointMm heart = heart_center(spine);
    // The heart takes the place of lung in front of the spine: about two thirds of the depth.
    const double fill = -kLungPerCm * 0.62 * recipe.anatomy.lung_depth_cm;
    const double aorta_top = spine.y_of(kOrderT1 + 3.6);
    parallel_rows(out.height(), 8, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            for (int x = 0; x < out.width(); ++x) {
                const PointMm p = grid.to_mm(x - grid.margin_px, y - grid.margin_px);
                const double share = lung_share(spine, p);
                const double u = (p.x - heart.x) * 0.86 + (p.y - heart.y) * 0.51;
                const double w = -(p.x - heart.x) * 0.51 + (p.y - heart.y) * 0.86;
                const double radius = std::hypot(u / 58.0, w / 44.0);
                const double thickness = radius < 1.0 ? std::sqrt(1.0 - radius * radius) : 0.0;
                const double rim = soft_step(1.0 - radius, 0.03);
                double sum = fill * share * (0.35 * rim + 0.65 * thickness);
                // Descending aorta, its left edge just beside the spine.
                const double aorta = p.x - spine.x_at(p.y) - 15.0;
                if (std::abs(aorta) < 12.5 && p.y > aorta_top - 20.0) {
                    sum += 0.011 * 2.0 * std::sqrt(12.5 * 12.5 - aorta * aorta) * share *
                           soft_step(p.y - aorta_top, 6.0);
                }
                out(x, y) = static_cast<float>(sum);
            }
        }
    });
    return layer;
}

}  // namespace dsm::phantom
