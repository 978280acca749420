#include "dsp/phantom/layers.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace dsm::phantom {
namespace {

double chord(double distance, double radius) {
    const double rest = radius * radius - distance * distance;
    return rest > 0.0 ? 2.0 * std::sqrt(rest) : 0.0;
}

// Four points in each pixel: a thin vein must not flicker with its position.
constexpr int kParts = 4;
constexpr double kPartOffset[kParts][2] = {
    {-0.25, -0.25}, {0.25, -0.25}, {-0.25, 0.25}, {0.25, 0.25}};

struct Foot {
    double distance_mm{1e30};
    double along_mm{0.0};
};

// A rectangle of the padded grid with, for each part of each pixel, the nearest place on a path.
struct Neighbourhood {
    PixelRect box;
    std::vector<Foot> feet;

    [[nodiscard]] Foot& at(int x, int y, int part) {
        return feet[(static_cast<std::size_t>(y - box.y) * static_cast<std::size_t>(box.width) +
                     static_cast<std::size_t>(x - box.x)) *
                        kParts +
                    static_cast<std::size_t>(part)];
    }
};

// The pixels within `reach_mm` of the points, cut to the padded grid; empty if there are none.
PixelRect box_around(const Grid& grid, std::span<const PointMm> points, double reach_mm) {
    PointMm low{1e30, 1e30};
    PointMm high{-1e30, -1e30};
    for (const PointMm p : points) {
        low = {std::min(low.x, p.x - reach_mm), std::min(low.y, p.y - reach_mm)};
        high = {std::max(high.x, p.x + reach_mm), std::max(high.y, p.y + reach_mm)};
    }
    const Extent padded = grid.padded();
    const Point from = grid.to_px(low);
    const Point to = grid.to_px(high);
    const auto inside = [&](double px, int size) {
        return static_cast<int>(std::clamp(std::floor(px) + grid.margin_px, -1.0, size + 0.0));
    };
    const int left = std::max(0, inside(from.x, padded.width));
    const int top = std::max(0, inside(from.y, padded.height));
    const int right = std::min(padded.width - 1, inside(to.x, padded.width) + 1);
    const int bottom = std::min(padded.height - 1, inside(to.y, padded.height) + 1);
    return {left, top, std::max(0, right - left + 1), std::max(0, bottom - top + 1)};
}

void approach(const Grid& grid, PointMm a, PointMm b, double walked_mm, const PixelRect& near,
              Neighbourhood& neighbourhood) {
    const double dx = b.x - a.x;
    const double dy = b.y - a.y;
    const double square = dx * dx + dy * dy;
    const double length = std::sqrt(square);
    for (int y = near.y; y < near.y + near.height; ++y) {
        for (int x = near.x; x < near.x + near.width; ++x) {
            for (int part = 0; part < kParts; ++part) {
                const PointMm p = grid.to_mm(x - grid.margin_px + kPartOffset[part][0],
                                             y - grid.margin_px + kPartOffset[part][1]);
                const double t =
                    square > 0.0
                        ? std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / square, 0.0, 1.0)
                        : 0.0;
                const double off_x = p.x - a.x - t * dx;
                const double off_y = p.y - a.y - t * dy;
                const double distance = std::sqrt(off_x * off_x + off_y * off_y);
                Foot& foot = neighbourhood.at(x, y, part);
                if (distance < foot.distance_mm) {
                    foot = {distance, walked_mm + t * length};
                }
            }
        }
    }
}

Neighbourhood find_feet(const Grid& grid, const std::vector<PointMm>& path, double reach_mm) {
    Neighbourhood neighbourhood;
    neighbourhood.box = box_around(grid, path, reach_mm);
    neighbourhood.feet.resize(static_cast<std::size_t>(neighbourhood.box.width) *
                              static_cast<std::size_t>(neighbourhood.box.height) * kParts);
    double walked = 0.0;
    for (std::size_t i = 0; i + 1 < path.size(); ++i) {
        const PixelRect near = box_around(grid, std::span(path).subspan(i, 2), reach_mm);
        approach(grid, path[i], path[i + 1], walked, near, neighbourhood);
        walked += std::hypot(path[i + 1].x - path[i].x, path[i + 1].y - path[i].y);
    }
    return neighbourhood;
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
    Neighbourhood near = find_feet(grid, tube.path, reach);
    const double total = std::max(path_length(tube.path), 1e-9);
    for (int y = near.box.y; y < near.box.y + near.box.height; ++y) {
        for (int x = near.box.x; x < near.box.x + near.box.width; ++x) {
            double sum = 0.0;
            double along = 1e30;
            for (int part = 0; part < kParts; ++part) {
                const Foot& foot = near.at(x, y, part);
                if (foot.distance_mm > reach) {
                    continue;
                }
                const double radius =
                    tube.radius_mm + (tube.end_radius_mm - tube.radius_mm) * foot.along_mm / total;
                double length = chord(foot.distance_mm, radius);
                if (tube.wall_mm > 0.0) {
                    length -= (1.0 - tube.core) * chord(foot.distance_mm, radius - tube.wall_mm);
                }
                sum += length / kParts;
                along = std::min(along, foot.along_mm);
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
