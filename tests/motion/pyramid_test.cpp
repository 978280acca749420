#include "dsp/motion/pyramid.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/motion/scene.h"

using namespace dsm;
using namespace dsm::test;

TEST_CASE("a pyramid with something added is the pyramid of the sum") {
    for (const Extent extent : {Extent{128, 96}, Extent{101, 75}}) {
        Image<float> plain = picture(
            extent, [](double, double) { return Point{}; }, 0.01, 3);
        const Pyramid before = pyramid_of(plain);
        Image<float> added(before.levels.front().value.extent());
        for (int y = 0; y < added.height(); ++y) {
            for (int x = 0; x < added.width(); ++x) {
                added(x, y) = static_cast<float>(0.2 * std::sin(0.3 * x) * std::cos(0.2 * y));
                // Each half-resolution pixel is the mean of these four.
                for (const int i : {0, 1}) {
                    plain(2 * x + i, 2 * y) += added(x, y);
                    plain(2 * x + i, 2 * y + 1) += added(x, y);
                }
            }
        }
        const Pyramid expected = pyramid_of(plain);
        Pyramid sum;
        build_sum(before, added.view(), sum);
        REQUIRE(sum.levels.size() == expected.levels.size());
        for (std::size_t i = 0; i < sum.levels.size(); ++i) {
            const auto a = sum.levels[i].value.pixels();
            const auto b = expected.levels[i].value.pixels();
            REQUIRE(a.size() == b.size());
            float worst = 0.0F;
            for (std::size_t p = 0; p < a.size(); ++p) {
                worst = std::max(worst, std::abs(a[p] - b[p]));
            }
            CHECK(worst < 1e-5F);
            CHECK(sum.levels[i].pixel_px == expected.levels[i].pixel_px);
        }
    }
}

TEST_CASE("a small picture has two levels, and one too small has fewer") {
    const auto levels = [](Extent extent) {
        return pyramid_of(Image<float>(extent, 1.0F)).levels.size();
    };
    CHECK(levels({40, 40}) == 2);
    CHECK(levels({16, 16}) == 2);
    CHECK(levels({8, 8}) < 2);
    CHECK(levels({1024, 1024}) == kPyramidLevels);
}
