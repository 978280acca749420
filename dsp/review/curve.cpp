#include "dsp/review/curve.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace dsm {
namespace {

// The part of [from, to] whose pixel centres lie in 0..size-1.
std::optional<std::pair<int, int>> clip(double from, double to, int size) {
    const double first = std::max(std::ceil(from), 0.0);
    const double last = std::min(std::floor(to), size - 1.0);
    if (!(first <= last)) {
        return std::nullopt;
    }
    return std::pair{static_cast<int>(first), static_cast<int>(last)};
}

void add_span(RegionPixels& pixels, int y, double from, double to, int width) {
    const auto columns = clip(from, to, width);
    if (!columns) {
        return;
    }
    if (!pixels.empty() && pixels.back().y == y && pixels.back().last >= columns->first) {
        pixels.back().last = std::max(pixels.back().last, columns->second);
        return;
    }
    pixels.push_back({y, columns->first, columns->second});
}

RegionPixels ellipse_pixels(const EllipseShape& ellipse, Extent extent) {
    RegionPixels pixels;
    const auto rows = clip(ellipse.center_px.y - ellipse.radius_y_px,
                           ellipse.center_px.y + ellipse.radius_y_px, extent.height);
    if (!rows) {
        return pixels;
    }
    for (int y = rows->first; y <= rows->second; ++y) {
        const double v =
            ellipse.radius_y_px > 0.0 ? (y - ellipse.center_px.y) / ellipse.radius_y_px : 0.0;
        const double half = ellipse.radius_x_px * std::sqrt(std::max(0.0, 1.0 - v * v));
        add_span(pixels, y, ellipse.center_px.x - half, ellipse.center_px.x + half, extent.width);
    }
    return pixels;
}

struct Interval {
    double from;
    double to;
};

// Where the row y runs inside, by crossings of edges that are open at their lower end, and where
// it runs along a level edge.
std::vector<Interval> crossings(const std::vector<Point>& vertices, double y) {
    std::vector<double> at;
    std::vector<Interval> intervals;
    for (std::size_t i = 0; i < vertices.size(); ++i) {
        const Point a = vertices[i];
        const Point b = vertices[(i + 1) % vertices.size()];
        if ((a.y <= y) != (b.y <= y)) {
            at.push_back(a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x));
        } else if (a.y == y && b.y == y) {
            intervals.push_back({std::min(a.x, b.x), std::max(a.x, b.x)});
        } else if (a.y == y) {
            intervals.push_back({a.x, a.x});
        } else if (b.y == y) {
            intervals.push_back({b.x, b.x});
        }
    }
    std::sort(at.begin(), at.end());
    for (std::size_t i = 0; i + 1 < at.size(); i += 2) {
        intervals.push_back({at[i], at[i + 1]});
    }
    std::sort(intervals.begin(), intervals.end(),
              [](const Interval& a, const Interval& b) { return a.from < b.from; });
    return intervals;
}

RegionPixels polygon_pixels(const PolygonShape& polygon, Extent extent) {
    RegionPixels pixels;
    if (polygon.vertices_px.size() < 3) {
        return pixels;
    }
    const auto [top, bottom] =
        std::minmax_element(polygon.vertices_px.begin(), polygon.vertices_px.end(),
                            [](Point a, Point b) { return a.y < b.y; });
    const auto rows = clip(top->y, bottom->y, extent.height);
    if (!rows) {
        return pixels;
    }
    for (int y = rows->first; y <= rows->second; ++y) {
        for (const Interval& inside : crossings(polygon.vertices_px, y)) {
            add_span(pixels, y, inside.from, inside.to, extent.width);
        }
    }
    return pixels;
}

}  // namespace

RegionPixels pixels_of(const Shape& shape, Extent extent) {
    if (const auto* ellipse = std::get_if<EllipseShape>(&shape)) {
        return ellipse_pixels(*ellipse, extent);
    }
    if (const auto* polygon = std::get_if<PolygonShape>(&shape)) {
        return polygon_pixels(*polygon, extent);
    }
    return {};
}

RegionPixels pixels_around(Point center_px, double radius_px, Extent extent) {
    return ellipse_pixels({center_px, radius_px, radius_px}, extent);
}

std::size_t pixel_count(const RegionPixels& pixels) {
    std::size_t count = 0;
    for (const PixelSpan& span : pixels) {
        count += static_cast<std::size_t>(span.last - span.first + 1);
    }
    return count;
}

std::optional<RegionOpacity> mean_opacity(const RegionPixels& pixels,
                                          ImageView<const float> opacity,
                                          ImageView<const float> sigma) {
    assert(sigma.empty() || sigma.extent() == opacity.extent());
    const bool has_sigma = !sigma.empty() && sigma.extent() == opacity.extent();
    RegionOpacity found;
    double squares = 0.0;  // of the distance from the running mean (Welford 1962)
    double variance = 0.0;
    for (const PixelSpan& span : pixels) {
        if (span.y < 0 || span.y >= opacity.height()) {
            continue;
        }
        for (int x = std::max(span.first, 0); x <= std::min(span.last, opacity.width() - 1); ++x) {
            const auto value = static_cast<double>(opacity(x, span.y));
            const double noise = has_sigma ? static_cast<double>(sigma(x, span.y)) : 0.0;
            if (!std::isfinite(value) || !std::isfinite(noise)) {
                continue;
            }
            ++found.pixels;
            const double step = value - found.mean;
            found.mean += step / static_cast<double>(found.pixels);
            squares += step * (value - found.mean);
            variance += noise * noise;
        }
    }
    if (found.pixels == 0) {
        return std::nullopt;
    }
    const auto count = static_cast<double>(found.pixels);
    found.spread = found.pixels > 1 ? std::sqrt(squares / (count - 1.0)) : 0.0;
    found.standard_error =
        has_sigma ? std::sqrt(variance) / count : found.spread / std::sqrt(count);
    return found;
}

}  // namespace dsm
