#include "dsp/review/curve.h"

#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <cmath>
#include <limits>
#include <numbers>
#include <set>

#include "tests/review/random_commands.h"

using namespace dsm;

namespace {

std::set<std::pair<int, int>> as_set(const RegionPixels& pixels) {
    std::set<std::pair<int, int>> all;
    for (const PixelSpan& span : pixels) {
        for (int x = span.first; x <= span.last; ++x) {
            CHECK(all.insert({x, span.y}).second);  // none twice
        }
    }
    return all;
}

// A ramp, whose mean over a region is its value at the region's centroid.
Image<float> ramp(Extent extent) {
    Image<float> image(extent);
    for (int y = 0; y < extent.height; ++y) {
        for (int x = 0; x < extent.width; ++x) {
            image(x, y) = static_cast<float>(x + 1000 * y);
        }
    }
    return image;
}

}  // namespace

TEST_CASE("a polygon holds the pixel centres inside it and on its edge") {
    const PolygonShape square{{{2, 3}, {5, 3}, {5, 6}, {2, 6}}};
    const auto pixels = as_set(pixels_of(square, {20, 20}));
    CHECK(pixels.size() == 16);
    CHECK(pixels.count({2, 3}) == 1);
    CHECK(pixels.count({5, 6}) == 1);
    CHECK(pixels.count({6, 6}) == 0);
    const PolygonShape between{{{2.1, 3.1}, {4.9, 3.1}, {4.9, 5.9}, {2.1, 5.9}}};
    CHECK(as_set(pixels_of(between, {20, 20})).size() == 4);
    const PolygonShape triangle{{{0, 0}, {4, 0}, {0, 4}}};
    CHECK(as_set(pixels_of(triangle, {20, 20})).size() == 15);
}

TEST_CASE("a polygon that crosses itself follows the even-odd rule, one that is concave its edge") {
    const PolygonShape bow_tie{{{0, 0}, {8, 8}, {8, 0}, {0, 8}}};
    const auto crossed = as_set(pixels_of(bow_tie, {20, 20}));
    CHECK(crossed.count({1, 4}) == 1);
    CHECK(crossed.count({7, 4}) == 1);
    CHECK(crossed.count({4, 2}) == 0);
    const PolygonShape notch{{{0, 0}, {8, 0}, {8, 8}, {6, 8}, {6, 2}, {2, 2}, {2, 8}, {0, 8}}};
    const auto concave = as_set(pixels_of(notch, {20, 20}));
    CHECK(concave.count({4, 5}) == 0);
    CHECK(concave.count({1, 5}) == 1);
    CHECK(concave.count({7, 5}) == 1);
    CHECK(concave.count({4, 1}) == 1);
}

TEST_CASE("polygon pixels agree with a point-by-point test, inside the picture alone") {
    CHECK(rc::check([] {
        const auto vertices =
            *rc::gen::resize(8, rc::gen::container<std::vector<std::pair<int, int>>>(rc::gen::pair(
                                    rc::gen::inRange(-60, 260), rc::gen::inRange(-60, 260))));
        PolygonShape polygon;
        for (const auto& [x, y] : vertices) {  // off the grid: no pixel lies on an edge
            polygon.vertices_px.push_back({x / 10.0 + 0.0137, y / 10.0 + 0.0271});
        }
        const Extent extent{20, 18};
        const auto found = as_set(pixels_of(polygon, extent));
        std::set<std::pair<int, int>> expected;
        const auto& v = polygon.vertices_px;
        for (int y = 0; y < extent.height && v.size() >= 3; ++y) {
            for (int x = 0; x < extent.width; ++x) {
                bool inside =
                    false;  // a ray to the left crosses the outline an odd number of times
                for (std::size_t i = 0, j = v.size() - 1; i < v.size(); j = i++) {
                    if ((v[i].y > y) != (v[j].y > y) &&
                        x > v[i].x + (y - v[i].y) * (v[j].x - v[i].x) / (v[j].y - v[i].y)) {
                        inside = !inside;
                    }
                }
                if (inside) {
                    expected.insert({x, y});
                }
            }
        }
        RC_ASSERT(found == expected);
    }));
}

TEST_CASE("the area of an ellipse is pi a b, and a circle of radius zero is one pixel") {
    const auto ellipse = pixels_of(EllipseShape{{100.3, 80.7}, 60.5, 40.25}, {300, 200});
    CHECK(static_cast<double>(pixel_count(ellipse)) ==
          Approx(std::numbers::pi * 60.5 * 40.25).epsilon(0.005));
    CHECK(as_set(pixels_around({7, 9}, 0.0, {20, 20})) == std::set<std::pair<int, int>>{{7, 9}});
    CHECK(pixel_count(pixels_around({7, 9}, 1.0, {20, 20})) == 5);
    CHECK(pixel_count(pixels_around({0, 0}, 1.0, {20, 20})) == 3);
    CHECK(pixels_around({-9, 4}, 2.0, {20, 20}).empty());
    CHECK(pixels_around({1e300, 4}, 2.0, {20, 20}).empty());
    CHECK(pixels_of(ArrowShape{{1, 1}, {9, 9}}, {20, 20}).empty());
}

TEST_CASE("the mean of a ramp over a symmetric region is its value at the centre") {
    const Image<float> image = ramp({64, 64});
    const auto found = mean_opacity(pixels_around({30, 20}, 7.5, image.extent()), image.view(), {});
    REQUIRE(found);
    CHECK(found->mean == Approx(30 + 1000 * 20));
}

TEST_CASE("the standard error of a mean is sigma over the root of the number of pixels") {
    Image<float> opacity({32, 32}, 0.02F);
    const Image<float> sigma({32, 32}, 0.012F);
    const auto region = pixels_of(PolygonShape{{{2, 2}, {11, 2}, {11, 11}, {2, 11}}}, {32, 32});
    const auto found = mean_opacity(region, opacity.view(), sigma.view());
    REQUIRE(found);
    CHECK(found->pixels == 100);
    CHECK(found->mean == Approx(0.02));
    CHECK(found->spread == Approx(0).margin(1e-9));
    CHECK(found->standard_error == Approx(0.0012));
    opacity(5, 5) = std::numeric_limits<float>::quiet_NaN();
    const auto without = mean_opacity(region, opacity.view(), sigma.view());
    REQUIRE(without);
    CHECK(without->pixels == 99);
    CHECK(without->mean == Approx(0.02));
}

TEST_CASE("spread of two values a and b is their distance over root two") {
    Image<float> opacity({2, 1});
    opacity(0, 0) = 1.0F;
    opacity(1, 0) = 4.0F;
    const auto found = mean_opacity({{0, 0, 1}}, opacity.view(), {});
    REQUIRE(found);
    CHECK(found->mean == Approx(2.5));
    CHECK(found->spread == Approx(3.0 / std::sqrt(2.0)));
    CHECK(found->standard_error == Approx(1.5));
    CHECK_FALSE(mean_opacity({}, opacity.view(), {}));
    CHECK_FALSE(mean_opacity({{7, 0, 1}}, opacity.view(), {}));
}
