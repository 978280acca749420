#include "dsp/core/sharpen.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

using namespace dsm;

namespace {

Image<float> filled(Extent extent, float value) {
    Image<float> image(extent);
    for (int y = 0; y < extent.height; ++y) {
        for (int x = 0; x < extent.width; ++x) {
            image(x, y) = value;
        }
    }
    return image;
}

}  // namespace

TEST_CASE("sharpening leaves what is even or rises evenly, and steepens an edge") {
    auto image = filled({16, 9}, 0.25F);
    CHECK(sharpened(image.cview())(0, 0) == Approx(0.25F));
    for (int y = 0; y < 9; ++y) {
        for (int x = 8; x < 16; ++x) {
            image(x, y) = 1.25F;
        }
    }
    const auto edge = sharpened(image.cview());
    CHECK(edge(2, 4) == Approx(0.25F));
    CHECK(edge(7, 4) == Approx(0.25F - 5.0F / 16.0F));  // 4 + 1 of 16 weights lie beyond it
    CHECK(edge(8, 4) == Approx(1.25F + 5.0F / 16.0F));
    CHECK(edge(15, 8) == Approx(1.25F));
}

TEST_CASE("sharpening keeps what is not a number, and its neighbours free of it") {
    auto image = filled({9, 9}, 0.5F);
    image(4, 4) = std::numeric_limits<float>::quiet_NaN();
    const auto out = sharpened(image.cview());
    CHECK(std::isnan(out(4, 4)));
    for (int y = 0; y < 9; ++y) {
        for (int x = 0; x < 9; ++x) {
            if (x != 4 || y != 4) {
                CHECK(out(x, y) == Approx(0.5F));
            }
        }
    }
    CHECK(sharpened(Image<float>().cview()).empty());
}
