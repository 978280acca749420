#include "dsp/core/units.h"

#include <algorithm>
#include <limits>

namespace dsm {

double distance_to_polyline(Point p, std::span<const Point> path) {
    if (path.empty()) {
        return std::numeric_limits<double>::infinity();
    }
    double best = distance(p, path.front());
    for (std::size_t i = 1; i < path.size(); ++i) {
        const Point a = path[i - 1];
        const Point ab = path[i] - a;
        const double squared = ab.x * ab.x + ab.y * ab.y;
        const double along =
            squared > 0.0
                ? std::clamp(((p.x - a.x) * ab.x + (p.y - a.y) * ab.y) / squared, 0.0, 1.0)
                : 0.0;
        best = std::min(best, distance(p, a + along * ab));
    }
    return best;
}

}  // namespace dsm
