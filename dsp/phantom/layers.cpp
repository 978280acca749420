#include "dsp/phantom/layers.h"

#include <algorithm>
#include <cmath>

#include "dsp/core/parallel.h"

namespace dsm::phantom {
namespace {

double chord(double distance, double radius) {
    const double rest = radius * radius - distance * distance;
    return rest > 0.0 ? 2.0 * std::sqrt(rest) : 0.0;
}

struct Foot {
    double distance_mm{1e30};
    double along_mm{0.0};
};

Foot nearest(PointMm p, const std::vector<PointMm>& path) {
    Foot best;
    double walked = 0.0;
    for (std::size_t i = 0; i + 1 < path.size(); ++i) {
        const double dx = path[i + 1].x - path[i].x;
        const double dy = path[i + 1].y - path[i].y;
        const double square = dx * dx + dy * dy;
        const double length = std::sqrt(square);
        const double part =
            square > 0.0
                ? std::clamp(((p.x - path[i].x) * dx + (p.y - path[i].y) * dy) / square, 0.0, 1.0)
                : 0.0;
        const double distance =
            std::hypot(p.x - path[i].x - part * dx, p.y - path[i].y - part * dy);
        if (distance < best.distance_mm) {
            best = {distance, walked + part * length};
        }
        walked += length;
    }
    return best;
}

double path_length(const std::vector<PointMm>& path) {
    double length = 0.0;
    for (std::size_t i = 0; i + 1 < path.size(); ++i) {
        length += std::hypot(path[i + 1].x - path[i].x, path[i + 1].y - path[i].y);
    }
    return length;
}

}  // namespace

void draw_tube(const Grid& grid, const Tube& tube,
               const std::function<void(int, int, double, double)>& at) {
    if (tube.path.size() < 2) {
        return;
    }
    const double reach = std::max(tube.radius_mm, tube.end_radius_mm);
    PointMm low{1e30, 1e30};
    PointMm high{-1e30, -1e30};
    for (const PointMm p : tube.path) {
        low = {std::min(low.x, p.x - reach), std::min(low.y, p.y - reach)};
        high = {std::max(high.x, p.x + reach), std::max(high.y, p.y + reach)};
    }
    const Extent padded = grid.padded();
    const Point from = grid.to_px(low);
    const Point to = grid.to_px(high);
    const auto bound = [&](double px, int limit) {
        return static_cast<int>(std::clamp(std::floor(px) + grid.margin_px, -1.0, limit + 1.0));
    };
    const double total = std::max(path_length(tube.path), 1e-9);
    for (int y = std::max(0, bound(from.y, padded.height));
         y <= std::min(padded.height - 1, bound(to.y, padded.height) + 1); ++y) {
        for (int x = std::max(0, bound(from.x, padded.width));
             x <= std::min(padded.width - 1, bound(to.x, padded.width) + 1); ++x) {
            // Two by two points in a pixel: a thin vein must not flicker with its position.
            double sum = 0.0;
            double along = 0.0;
            for (int part = 0; part < 4; ++part) {
                const double off_x = (part % 2 == 0) ? -0.25 : 0.25;
                const double off_y = (part / 2 == 0) ? -0.25 : 0.25;
                const Foot foot = nearest(
                    grid.to_mm(x - grid.margin_px + off_x, y - grid.margin_px + off_y), tube.path);
                const double radius =
                    tube.radius_mm + (tube.end_radius_mm - tube.radius_mm) * foot.along_mm / total;
                double length = chord(foot.distance_mm, radius);
                if (tube.wall_mm > 0.0) {
                    length -= (1.0 - tube.core) * chord(foot.distance_mm, radius - tube.wall_mm);
                }
                sum += 0.25 * length;
                along += 0.25 * foot.along_mm;
            }
            if (sum > 0.0) {
                at(x, y, sum, along);
            }
        }
    }
}

std::vector<Layer> draw_layers(const Recipe& recipe, const Spine& spine, const Grid& grid) {
    std::vector<Layer> layers;
    const auto keep = [&](Layer layer) {
        const auto values = layer.attenuation.pixels();
        if (std::any_of(values.begin(), values.end(), [](float v) { return v != 0.0F; })) {
            layers.push_back(std::move(layer));
        }
    };
    keep(draw_spine_layer(recipe, spine, grid));
    keep(draw_rib_layer(recipe, spine, grid));
    if (recipe.anatomy.lung_depth_cm > 0.0) {
        keep(draw_lung_layer(recipe, spine, grid));
        keep(draw_heart_layer(recipe, spine, grid));
    }
    keep(draw_abdomen_layer(recipe, spine, grid));
    if (recipe.anatomy.bowel_gas > 0) {
        keep(draw_bowel_layer(recipe, spine, grid));
    }
    return layers;
}

}  // namespace dsm::phantom
