// Liver, kidneys, stomach and bowel gas: what breathes below the diaphragm.
#include <algorithm>
#include <cmath>

#include "dsp/core/parallel.h"
#include "dsp/phantom/layers.h"
#include "dsp/phantom/random.h"

namespace dsm::phantom {
namespace {

enum Purpose : std::uint64_t { kBubble = 401, kBowelTexture = 402 };

double ellipse(PointMm p, PointMm center, double half_x, double half_y, double tilt) {
    const double dx = p.x - center.x;
    const double dy = p.y - center.y;
    const double u = (dx * std::cos(tilt) + dy * std::sin(tilt)) / half_x;
    const double v = (-dx * std::sin(tilt) + dy * std::cos(tilt)) / half_y;
    return std::hypot(u, v);
}

double bulge(double radius) {
    return radius < 1.0 ? std::sqrt(1.0 - radius * radius) : 0.0;
}

}  // namespace

Layer draw_abdomen_layer(const Recipe& recipe, const Spine& spine, const Grid& grid) {
    Layer layer{LayerKind::abdomen, Image<float>(grid.padded())};
    const ImageView<float> out = layer.attenuation.view();
    const double kidney_y = spine.y_of(kOrderL1 + 0.3);
    const double liver_bottom = spine.y_of(kOrderL1 + 1.4);
    const double stomach_y = spine.y_of(kOrderT1 + 10.2);
    parallel_rows(out.height(), 8, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            for (int x = 0; x < out.width(); ++x) {
                const PointMm p = grid.to_mm(x - grid.margin_px, y - grid.margin_px);
                const double below = p.y - diaphragm_y(spine, p.x);
                const double off = p.x - spine.x_at(p.y);
                double sum = 0.0;
                if (below > -2.0 && off < 20.0) {
                    const double edge = liver_bottom + 0.55 * (off + 60.0) - p.y;
                    sum += 0.30 * soft_step(below, 1.2) * soft_step(-off - 8.0, 22.0) *
                           soft_step(edge, 2.0);
                }
                sum += 0.26 * bulge(ellipse(p, {spine.x_at(p.y) - 58.0, kidney_y + 8.0}, 27.0, 54.0,
                                            0.28));
                sum +=
                    0.26 * bulge(ellipse(p, {spine.x_at(p.y) + 58.0, kidney_y}, 27.0, 54.0, -0.28));
                if (recipe.anatomy.lung_depth_cm > 0.0) {
                    const double bubble =
                        ellipse(p, {spine.x_at(p.y) + 66.0, stomach_y}, 26.0, 15.0, 0.2);
                    sum -= 0.45 * bulge(bubble) + 0.10 * soft_step(1.0 - bubble, 0.05);
                }
                out(x, y) = static_cast<float>(sum);
            }
        }
    });
    return layer;
}

std::vector<Bubble> bowel_bubbles(const Recipe& recipe, const Spine& spine, const Grid& grid) {
    std::vector<Bubble> bubbles;
    Random random(recipe.seed, kBubble);
    const double half_width = 0.5 * grid.picture.width * grid.pixel_mm;
    const double bottom = 0.5 * grid.picture.height * grid.pixel_mm;
    const double top = std::min(spine.y_of(kOrderT1 + 10.5), 0.4 * bottom);
    for (int i = 0; i < recipe.anatomy.bowel_gas; ++i) {
        Bubble bubble;
        bubble.radius_mm = random.uniform(5.0, 13.0);
        const double sign = random.uniform() < 0.5 ? -1.0 : 1.0;
        bubble.center.x = sign * random.uniform(0.22, 0.95) * half_width;
        bubble.center.y = random.uniform(top, bottom);
        bubbles.push_back(bubble);
    }
    return bubbles;
}

Layer draw_bowel_layer(const Recipe& recipe, const Spine& spine, const Grid& grid) {
    Layer layer{LayerKind::bowel_gas, Image<float>(grid.padded())};
    const ImageView<float> out = layer.attenuation.view();
    const std::vector<Bubble> bubbles = bowel_bubbles(recipe, spine, grid);
    parallel_rows(out.height(), 8, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            for (int x = 0; x < out.width(); ++x) {
                const PointMm p = grid.to_mm(x - grid.margin_px, y - grid.margin_px);
                double sum = 0.0;
                for (const Bubble& bubble : bubbles) {
                    const double wobble =
                        1.0 + 0.30 * fractal_noise(recipe.seed + kBowelTexture,
                                                   p.x / (1.1 * bubble.radius_mm),
                                                   p.y / (1.1 * bubble.radius_mm), 3);
                    const double radius =
                        ellipse(p, bubble.center, 1.25 * bubble.radius_mm, bubble.radius_mm, 0.3) /
                        wobble;
                    // Gas against soft tissue: about 0.02 per mm of its depth.
                    sum -= 0.020 * 2.0 * bubble.radius_mm * bulge(radius);
                }
                out(x, y) = static_cast<float>(std::max(sum, -1.2));
            }
        }
    });
    return layer;
}

}  // namespace dsm::phantom
