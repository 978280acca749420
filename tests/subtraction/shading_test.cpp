#include "dsp/subtraction/shading.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <random>

#include "dsp/subtraction/exposure.h"

using namespace dsm;

namespace {

constexpr Extent kBlocks{96, 80};
constexpr float kNoise = 0.0015F;
constexpr double kPi = 3.14159265;

using Field = std::function<double(double u, double v)>;  // u, v from -1 to 1

double unit(int i, int count) {
    return 2.0 * i / (count - 1) - 1.0;
}

struct Found {
    Blocks before;
    Image<float> left;  // difference, offset and shading taken off as the chain does
    bool shading{false};
};

Found found(unsigned seed, const Field& field) {
    std::mt19937 random(seed);
    std::normal_distribution<float> normal(0.0F, kNoise);
    Found all{{Image<float>(kBlocks), Image<float>(kBlocks), Image<std::uint8_t>(kBlocks, 1)},
              Image<float>(kBlocks)};
    for (int y = 0; y < kBlocks.height; ++y) {
        for (int x = 0; x < kBlocks.width; ++x) {
            all.before.difference(x, y) =
                normal(random) +
                static_cast<float>(field(unit(x, kBlocks.width), unit(y, kBlocks.height)));
        }
    }
    const Image<float> zero(kBlocks);
    const float offset =
        exposure_offset(all.before.difference.view(), zero.view(), all.before.usable.view());
    for (float& value : all.before.difference.pixels()) {
        value -= offset;
    }
    copy_pixels(all.before.difference.cview(), all.left.view());
    std::vector<float> values;
    if (const auto shading = find_shading(all.before, values)) {
        all.shading = true;
        remove_shading(*shading, all.left.view());
    }
    return all;
}

double none(double, double) {
    return 0.0;
}
double tilt(double u, double v) {
    return 0.015 * u - 0.01 * v + 0.008 * u * u - 0.006 * u * v;
}
double pooling(double u, double v) {  // slow, soft, over a third of the picture
    return 0.05 * 0.5 * (1.0 - std::tanh((std::hypot(u + 0.1, v - 0.3) - 0.62) / 0.1));
}
double epidural(double u, double v) {  // some 30 mm wide and 150 mm long in a field of 250 mm
    return 0.06 * std::exp(-35.0 * (u - 0.3) * (u - 0.3) - 2.0 * v * v);
}
double sac(double u, double v) {
    return std::abs(u - 0.05 * std::sin(2.0 * v)) < 0.11 ? 0.3 : 0.0;
}
double whole(double u, double v) {
    return std::max({sac(u, v), epidural(u, v), u > 0.5 && v > 0.4 ? 0.02 : 0.0});
}

// Regression of what is left on the true contrast, where there is any, against the background.
double kept(const Image<float>& left, const Field& contrast) {
    double inside = 0.0, truth = 0.0;
    double peak = 0.0;
    for (int y = 0; y < kBlocks.height; ++y) {
        for (int x = 0; x < kBlocks.width; ++x) {
            peak = std::max(peak, contrast(unit(x, kBlocks.width), unit(y, kBlocks.height)));
        }
    }
    for (int y = 0; y < kBlocks.height; ++y) {
        for (int x = 0; x < kBlocks.width; ++x) {
            const double c = contrast(unit(x, kBlocks.width), unit(y, kBlocks.height));
            if (c > 0.5 * peak) {
                inside += static_cast<double>(left(x, y));
                truth += c;
            }
        }
    }
    return inside / truth;
}

// Mean over boxes of 8 x 8 blocks, largest absolute value where there is no contrast.
double worst_background(const Image<float>& left, const Field& contrast) {
    double worst = 0.0;
    for (int y = 0; y + 8 <= kBlocks.height; y += 8) {
        for (int x = 0; x + 8 <= kBlocks.width; x += 8) {
            double sum = 0.0;
            bool free = true;
            for (int j = y; j < y + 8; ++j) {
                for (int i = x; i < x + 8; ++i) {
                    sum += static_cast<double>(left(i, j));
                    free = free && contrast(unit(i, kBlocks.width), unit(j, kBlocks.height)) < 2e-4;
                }
            }
            worst = free ? std::max(worst, std::abs(sum / 64.0)) : worst;
        }
    }
    return worst;
}

}  // namespace

TEST_CASE("a static scene has no shading, in 200 frames") {
    for (unsigned seed = 0; seed < 200; ++seed) {
        REQUIRE_FALSE(found(seed, none).shading);
    }
}

TEST_CASE("contrast alone is no shading and keeps at least 0.98 of itself") {
    for (const Field& contrast : {Field(pooling), Field(epidural), Field(sac), Field(whole)}) {
        for (unsigned seed = 0; seed < 10; ++seed) {
            const Found all = found(seed, contrast);
            CHECK_FALSE(all.shading);
            CHECK(kept(all.left, contrast) == Approx(1.0).margin(0.02));
        }
    }
}

TEST_CASE("shading of one to three percent is removed to below 0.1 percent") {
    for (const double strength : {0.4, 1.0, 1.5}) {
        for (unsigned seed = 0; seed < 10; ++seed) {
            const Field field = [&](double u, double v) { return strength * tilt(u, v); };
            const Found all = found(seed, field);
            CHECK(all.shading);
            CHECK(worst_background(all.left, none) < 0.001);
        }
    }
}

TEST_CASE("shading is removed from under contrast, which is kept to within three percent") {
    for (const Field& contrast : {Field(pooling), Field(epidural), Field(sac), Field(whole)}) {
        for (unsigned seed = 0; seed < 10; ++seed) {
            const Field field = [&](double u, double v) { return tilt(u, v) + contrast(u, v); };
            const Found all = found(seed, field);
            CHECK(all.shading);
            CHECK(kept(all.left, contrast) == Approx(1.0).margin(0.03));
            CHECK(worst_background(all.left, contrast) < 0.0015);
        }
    }
}

TEST_CASE("residue of motion that goes both ways is no shading") {
    for (unsigned seed = 0; seed < 20; ++seed) {
        const Found all = found(seed, [&](double u, double v) {
            return 0.02 * std::sin(11.0 * kPi * u + seed) * std::cos(9.0 * kPi * v);
        });
        CHECK_FALSE(all.shading);
    }
}
