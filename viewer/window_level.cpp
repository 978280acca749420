#include "viewer/window_level.h"

#include <algorithm>
#include <cmath>

namespace dsm::viewer {

namespace {
// Screen pixels that change the width e-fold.
constexpr double kPixelsPerFold = 160.0;
constexpr double kFine = 0.2;
}  // namespace

DisplayWindow kept_sane(const DisplayWindow& window) {
    const double smallest = std::max(1e-4, 1e-6 * std::abs(window.center));
    const double center = std::isfinite(window.center) ? window.center : 0.0;
    const double width = std::isfinite(window.width) ? window.width : 1.0;
    return {center, std::clamp(width, smallest, 1e6)};
}

DisplayWindow dragged(const DisplayWindow& window, double dx, double dy, bool fine) {
    const double pace = (fine ? kFine : 1.0) / kPixelsPerFold;
    return kept_sane(
        {window.center - dy * pace * window.width, window.width * std::exp(dx * pace)});
}

DisplayWindow window_between(double low, double high) {
    return kept_sane({0.5 * (low + high), high - low});
}

DisplayWindow window_for_opacity(double high) {
    // Inverted display: low is white. (0 - low) / width = 3/8 leaves grey 5/8 at zero opacity.
    return window_between(-0.6 * high, high);
}

}  // namespace dsm::viewer
