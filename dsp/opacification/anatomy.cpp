#include "dsp/opacification/anatomy.h"

#include <algorithm>
#include <cmath>

#include "dsp/opacification/path_curve.h"

namespace dsm {
namespace {

// Half the distance over which the change is taken: about the blur of an edge.
constexpr double kReach_px = 1.5;

}  // namespace

void Anatomy::follow(const WorkGrid& grid, ImageView<const float> mask,
                     ImageView<const std::uint8_t> usable) {
    if (!mask.empty() && calls_++ % kRenewed == 0) {
        grid.bin(mask, {}, usable, mask_);
    }
}

void Anatomy::follow(const BinElsewhere& bin) {
    if (calls_++ % kRenewed == 0) {
        bin(mask_);
    }
}

std::optional<double> Anatomy::change_across(const std::vector<Point>& path,
                                             double mm_per_px) const {
    const Extent extent = mask_.opacity.extent();
    double square = 0.0;
    int count = 0;
    const auto at = [&](Point p) -> std::optional<double> {
        const int x = static_cast<int>(std::lround(p.x));
        const int y = static_cast<int>(std::lround(p.y));
        if (x < 0 || y < 0 || x >= extent.width || y >= extent.height || !mask_.valid(x, y)) {
            return std::nullopt;
        }
        return static_cast<double>(mask_.opacity(x, y));
    };
    for (std::size_t i = 0; i < path.size(); ++i) {
        const Point normal = normal_at(path, i);
        const auto before = at(path[i] - kReach_px * normal);
        const auto after = at(path[i] + kReach_px * normal);
        if (before && after) {
            const double change = (*after - *before) / (2.0 * kReach_px * mm_per_px);
            square += change * change;
            ++count;
        }
    }
    return count > 0 ? std::optional(std::sqrt(square / count)) : std::nullopt;
}

}  // namespace dsm
