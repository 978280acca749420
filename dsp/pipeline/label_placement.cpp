#include "dsp/pipeline/label_placement.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace dsm {

double overlap_area(const Box& a, const Box& b) {
    const double width = std::min(a.right(), b.right()) - std::max(a.x, b.x);
    const double height = std::min(a.bottom(), b.bottom()) - std::max(a.y, b.y);
    return width > 0.0 && height > 0.0 ? width * height : 0.0;
}

void LabelPlacement::avoid(std::span<const Point> path, double radius) {
    for (std::size_t i = 0; i < path.size(); ++i) {
        const Point from = path[i];
        const Point to = i + 1 < path.size() ? path[i + 1] : from;
        const int steps = 1 + static_cast<int>(distance(from, to) / std::max(1.0, radius));
        for (int step = 0; step < steps; ++step) {
            const Point at = from + (static_cast<double>(step) / steps) * (to - from);
            avoid(Box{at.x - radius, at.y - radius, 2 * radius, 2 * radius});
        }
    }
}

bool LabelPlacement::is_free(const Box& box) const {
    const bool inside = box.x >= frame_.x && box.y >= frame_.y && box.right() <= frame_.right() &&
                        box.bottom() <= frame_.bottom();
    return inside && std::none_of(taken_.begin(), taken_.end(),
                                  [&](const Box& other) { return overlap_area(box, other) > 0.0; });
}

std::optional<Box> LabelPlacement::place(std::span<const Point> anchors, double width,
                                         double height) {
    constexpr int kDirections = 16;
    constexpr double kReach = 220.0;
    constexpr double kStep = 6.0;
    for (double gap = 14.0; gap < kReach; gap += kStep) {
        for (const Point anchor : anchors) {
            for (int i = 0; i < kDirections; ++i) {
                const double angle = 2 * std::numbers::pi * i / kDirections;
                const double x = anchor.x + std::cos(angle) * (gap + width / 2);
                const double y = anchor.y + std::sin(angle) * (gap + height / 2);
                const Box box{x - width / 2, y - height / 2, width, height};
                if (is_free(box)) {
                    taken_.push_back(box);
                    return box;
                }
            }
        }
    }
    return std::nullopt;
}

}  // namespace dsm
