// A textured scene for registration tests, defined everywhere, and pictures taken of it.
#pragma once

#include <cmath>
#include <cstdint>
#include <functional>
#include <random>

#include "dsp/core/image.h"
#include "dsp/core/units.h"
#include "dsp/motion/pyramid.h"
#include "dsp/motion/register.h"

namespace dsm::test {

// Log intensity; structure from 6 to 120 px, amplitude about 0.4 as between bone and soft tissue.
inline double scene_at(double x, double y) {
    return 7.0 + 0.2 * std::sin(0.11 * x + 0.3) * std::cos(0.07 * y) +
           0.15 * std::sin(0.05 * x + 0.13 * y) + 0.1 * std::cos(0.31 * y - 0.12 * x) +
           0.06 * std::sin(0.6 * x + 1.0) * std::sin(0.5 * y + 0.4 * std::sin(0.1 * x));
}

using Field = std::function<Point(double x, double y)>;

// The picture whose pixel (x, y) shows the scene at (x, y) + field(x, y).
inline Image<float> picture(Extent extent, const Field& field, double noise, unsigned seed) {
    std::mt19937 random(seed);
    std::normal_distribution<double> normal(0.0, 1.0);
    Image<float> image(extent);
    for (int y = 0; y < extent.height; ++y) {
        for (int x = 0; x < extent.width; ++x) {
            const Point d = field(x, y);
            image(x, y) = static_cast<float>(scene_at(x + d.x, y + d.y) + noise * normal(random));
        }
    }
    return image;
}

inline Pyramid pyramid_of(const Image<float>& image) {
    const Image<std::uint8_t> usable(image.extent(), 1);
    Pyramid pyramid;
    build_pyramid(image.view(), usable.view(), kPyramidLevels, pyramid);
    return pyramid;
}

// Root mean square distance between two fields in px, `margin` px from the border.
inline double end_point_error(const Displacement& found, const Field& truth, Extent extent,
                              int margin) {
    double sum = 0.0;
    int count = 0;
    for (int y = margin; y < extent.height - margin; y += 4) {
        for (int x = margin; x < extent.width - margin; x += 4) {
            const Point error =
                found.at({static_cast<double>(x), static_cast<double>(y)}) - truth(x, y);
            sum += error.x * error.x + error.y * error.y;
            ++count;
        }
    }
    return std::sqrt(sum / count);
}

}  // namespace dsm::test
