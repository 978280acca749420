#include "dsp/opacification/anatomy.h"

#include <catch2/catch.hpp>

using namespace dsm;

namespace {

constexpr Extent kExtent{400, 300};

RunInfo run_of(double pixel_mm) {
    RunInfo run;
    run.extent = kExtent;
    run.spacing = PixelSpacing{pixel_mm, pixel_mm, SpacingBasis::calibrated};
    return run;
}

// Log intensity rises by `per_mm` a millimetre to the right.
Image<float> slope(double per_mm, double pixel_mm) {
    Image<float> mask(kExtent);
    for (int y = 0; y < kExtent.height; ++y) {
        for (int x = 0; x < kExtent.width; ++x) {
            mask(x, y) = static_cast<float>(6.0 + per_mm * pixel_mm * x);
        }
    }
    return mask;
}

std::vector<Point> line(Point from, Point step) {
    std::vector<Point> path;
    for (int i = 0; i < 20; ++i) {
        path.push_back(from + static_cast<double>(i) * step);
    }
    return path;
}

}  // namespace

TEST_CASE("the change of the mask across a line is that of its slope, whatever the pixels") {
    const double pixel_mm = GENERATE(0.2, 0.24, 0.5);
    const WorkGrid grid(run_of(pixel_mm));
    Anatomy anatomy;
    CHECK_FALSE(anatomy.change_across(line({30.0, 20.0}, {0.0, 1.0}), grid.mm()));
    anatomy.follow(grid, slope(0.1, pixel_mm).view(), Image<std::uint8_t>(kExtent, 1).view());
    const auto down = anatomy.change_across(line({30.0, 20.0}, {0.0, 1.0}), grid.mm());
    const auto across = anatomy.change_across(line({30.0, 20.0}, {1.0, 0.0}), grid.mm());
    REQUIRE((down && across));
    CHECK(*down == Approx(0.1).epsilon(0.02));
    CHECK(*across == Approx(0.0).margin(1e-4));
}

TEST_CASE("outside the picture nothing is known of the mask") {
    const WorkGrid grid(run_of(0.24));
    Anatomy anatomy;
    anatomy.follow(grid, slope(0.1, 0.24).view(), Image<std::uint8_t>(kExtent, 1).view());
    CHECK_FALSE(anatomy.change_across(line({-60.0, -60.0}, {0.0, 1.0}), grid.mm()));
}
