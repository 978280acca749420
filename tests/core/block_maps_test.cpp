#include "dsp/core/block_maps.h"

#include <catch2/catch.hpp>
#include <cmath>

using namespace dsm;

namespace {

Image<float> filled(Extent extent, float value) {
    return Image<float>(extent, value);
}

}  // namespace

TEST_CASE("blocks cover a picture of any size") {
    for (const int side : {1, 7, 8, 9, 16, 1021}) {
        const Extent blocks = blocks_of({side, side});
        CHECK(blocks.width * kMapBlock >= side);
        CHECK((blocks.width - 1) * kMapBlock < side);
        const Stretch last = rows_of_block(blocks.height - 1, side);
        CHECK(last.last == side);
        CHECK(last.first < last.last);
    }
}

TEST_CASE("the mean of squares of blocks is right where the last blocks are smaller") {
    Image<float> picture = filled({19, 13}, 2.0F);
    for (int y = 0; y < 13; ++y) {
        picture(18, y) = -4.0F;
    }
    Image<float> map;
    block_means_of_squares(picture.view(), map);
    REQUIRE(map.extent() == Extent{3, 2});
    CHECK(map(0, 0) == Approx(4.0));
    CHECK(map(2, 0) == Approx((4.0 + 4.0 + 16.0) / 3.0));
    CHECK(map(2, 1) == Approx((4.0 + 4.0 + 16.0) / 3.0));
}

TEST_CASE("the box mean spreads an impulse over its box, and leaves a flat map as it is") {
    Image<float> mean;
    Image<float> impulse({9, 7});
    impulse(4, 3) = 9.0F;
    impulse(0, 0) = 4.0F;
    box_mean(impulse.view(), 3, mean);
    CHECK(mean(4, 3) == Approx(1.0));
    CHECK(mean(5, 4) == Approx(1.0));
    CHECK(mean(6, 3) == Approx(0.0).margin(1e-6));
    CHECK(mean(0, 0) == Approx(1.0));  // of the four that there are
    CHECK(mean(1, 1) == Approx(4.0 / 9.0));
    box_mean(filled({9, 5}, 3.0F).view(), 5, mean);
    for (const float value : mean.pixels()) {
        CHECK(value == Approx(3.0));
    }
}

TEST_CASE("between centres of blocks a map is linear, beyond them constant") {
    Image<float> map({4, 3});
    for (int y = 0; y < 3; ++y) {
        for (int x = 0; x < 4; ++x) {
            map(x, y) = static_cast<float>(10 * x + 100 * y);
        }
    }
    MapRow row(29);
    const auto expected = [](int at, double last) {
        return std::min(last, std::max(0.0, (at - 3.5) / 8.0));
    };
    for (const int y : {0, 3, 4, 11, 17, 22}) {
        const float* values = row.at(map.view(), y);
        for (int x = 0; x < 29; ++x) {
            INFO("pixel " << x << ", " << y);
            CHECK(values[x] == Approx(10 * expected(x, 3) + 100 * expected(y, 2)).margin(1e-3));
        }
    }
}
