// Units and small geometric values. Lengths in names: _px (detector pixels), _mm (at the patient),
// _s.
#pragma once

#include <chrono>
#include <cmath>
#include <span>

namespace dsm {

using Seconds = std::chrono::duration<double>;
using FrameIndex = int;  // from 0

// A position or a displacement in pixels; x rightwards, y downwards, pixel centres at integers.
struct Point {
    double x{};
    double y{};

    friend Point operator+(Point a, Point b) { return {a.x + b.x, a.y + b.y}; }
    friend Point operator-(Point a, Point b) { return {a.x - b.x, a.y - b.y}; }
    friend Point operator*(double s, Point a) { return {s * a.x, s * a.y}; }
    friend bool operator==(const Point&, const Point&) = default;
};

[[nodiscard]] inline double length(Point a) {
    return std::hypot(a.x, a.y);
}
[[nodiscard]] inline double distance(Point a, Point b) {
    return length(a - b);
}

struct PixelRect {
    int x{};
    int y{};
    int width{};
    int height{};
    friend bool operator==(const PixelRect&, const PixelRect&) = default;
};

// Shortest distance in px from `p` to the polyline `path` (one point is a point; empty is
// infinity).
[[nodiscard]] double distance_to_polyline(Point p, std::span<const Point> path);

}  // namespace dsm
