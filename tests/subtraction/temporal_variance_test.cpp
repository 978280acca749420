#include "dsp/subtraction/temporal_variance.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <limits>
#include <random>

using namespace dsm;

namespace {

constexpr Extent kExtent{200, 160};
constexpr int kFrames = 40;

// Photons seen through the model var(ln I) = exp(-ln I): two grey levels, and what `change` adds.
double level_at(int x) {
    return x < kExtent.width / 2 ? std::log(2500.0) : std::log(10000.0);
}

NoiseModel photon_noise() {
    std::vector<float> table;
    for (int i = 0; i <= 60; ++i) {
        table.push_back(std::exp(-(6.0F + 0.1F * static_cast<float>(i))));
    }
    return {6.0F, 0.1F, table};
}

Image<float> excess_of(const std::function<double(int x, int y, int frame)>& change,
                       const std::function<bool(int x, int y, int frame)>& usable_at = {}) {
    std::mt19937 random(3);
    std::normal_distribution<double> normal;
    TemporalVariance statistics(kExtent);
    Image<float> frame(kExtent);
    Image<std::uint8_t> usable(kExtent, 1);
    for (int k = 0; k < kFrames; ++k) {
        for (int y = 0; y < kExtent.height; ++y) {
            for (int x = 0; x < kExtent.width; ++x) {
                const double level = level_at(x) + change(x, y, k);
                frame(x, y) =
                    static_cast<float>(level + std::exp(-0.5 * level_at(x)) * normal(random));
                usable(x, y) = !usable_at || usable_at(x, y, k) ? 1 : 0;
                if (usable(x, y) == 0) {
                    frame(x, y) = std::numeric_limits<float>::quiet_NaN();
                }
            }
        }
        statistics.add(frame.view(), usable.view());
    }
    CHECK(statistics.frames() == kFrames);
    return statistics.excess(photon_noise());
}

double mean_of(const Image<float>& picture, int left, int right) {
    double sum = 0.0;
    for (int y = 0; y < kExtent.height; ++y) {
        for (int x = left; x < right; ++x) {
            sum += static_cast<double>(picture(x, y));
        }
    }
    return sum / ((right - left) * kExtent.height);
}

}  // namespace

TEST_CASE("quanta alone leave nothing, whatever the brightness") {
    const Image<float> excess = excess_of([](int, int, int) { return 0.0; });
    CHECK(mean_of(excess, 0, 100) == Approx(0.0).margin(0.02 / 2500.0));
    CHECK(mean_of(excess, 100, 200) == Approx(0.0).margin(0.02 / 10000.0));
}

TEST_CASE("contrast that comes half way through the run has the variance of a step") {
    const double opacity = 0.04;
    const Image<float> excess =
        excess_of([&](int x, int, int k) { return x >= 60 && x < 70 && k >= 20 ? -opacity : 0.0; });
    const double step = opacity * opacity / 4.0 * kFrames / (kFrames - 1.0);
    CHECK(mean_of(excess, 60, 70) == Approx(step).epsilon(0.05));
    CHECK(mean_of(excess, 0, 50) == Approx(0.0).margin(0.02 / 2500.0));
}

TEST_CASE("a change of exposure is no variance") {
    const Image<float> excess = excess_of([](int, int, int k) { return 0.1 * std::sin(0.4 * k); });
    CHECK(mean_of(excess, 0, 100) == Approx(0.0).margin(0.05 / 2500.0));
}

TEST_CASE("pixels without enough measurements are zero, and others do not suffer") {
    const Image<float> excess = excess_of([](int, int, int) { return 0.0; },
                                          [](int x, int, int k) { return x >= 50 || k < 10; });
    CHECK(mean_of(excess, 0, 50) == 0.0);
    CHECK(mean_of(excess, 50, 100) == Approx(0.0).margin(0.03 / 2500.0));
}

TEST_CASE("the picture for the eye is a deviation in opacity, never negative") {
    Image<float> excess(kExtent, -1e-4F);
    for (int y = 0; y < kExtent.height; ++y) {
        std::fill_n(excess.view().row(y) + 40, 20, 4e-4F);
    }
    const Image<float> deviation = deviation_for_display(excess.view());
    CHECK(deviation(50, 80) == Approx(0.02));
    CHECK(deviation(10, 80) == 0.0F);
}
