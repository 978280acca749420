#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "dsp/phantom/random.h"

using dsm::phantom::fractal_noise;
using dsm::phantom::Random;

namespace {

struct Moments {
    double mean{0.0};
    double variance{0.0};
};

template <class Draw>
Moments moments(Draw draw) {
    constexpr int kDraws = 200000;
    double sum = 0.0;
    double squares = 0.0;
    for (int i = 0; i < kDraws; ++i) {
        const double value = draw();
        sum += value;
        squares += value * value;
    }
    const double mean = sum / kDraws;
    return {mean, squares / kDraws - mean * mean};
}

}  // namespace

TEST_CASE(
    "Poisson counts have a variance equal to their mean, below and above the change of method") {
    for (const double mean : {0.2, 3.0, 9.9, 10.1, 60.0, 2500.0}) {
        Random random(1, 2, static_cast<std::uint64_t>(mean * 10.0));
        const Moments m = moments([&] { return random.poisson(mean); });
        CAPTURE(mean, m.mean, m.variance);
        // Five standard errors of the mean and of the variance of 200000 draws.
        CHECK(std::abs(m.mean - mean) < 5.0 * std::sqrt(mean / 200000.0));
        CHECK(std::abs(m.variance - mean) < 5.0 * std::sqrt((2.0 * mean * mean + mean) / 200000.0));
    }
}

TEST_CASE("Poisson counts of 10.1 fall on each value as often as the law says") {
    constexpr double kMean = 10.1;
    constexpr int kDraws = 200000;
    Random random(3, 4);
    std::vector<int> seen(60, 0);
    for (int i = 0; i < kDraws; ++i) {
        const auto k = static_cast<std::size_t>(random.poisson(kMean));
        REQUIRE(k < seen.size());
        ++seen[k];
    }
    double expected = std::exp(-kMean) * kDraws;
    for (std::size_t k = 0; k < 25; ++k) {
        CAPTURE(k);
        CHECK(std::abs(seen[k] - expected) < 5.0 * std::sqrt(expected) + 2.0);
        expected *= kMean / static_cast<double>(k + 1);
    }
}

TEST_CASE("No X-rays give no counts") {
    Random random(1, 1);
    CHECK(random.poisson(0.0) == 0.0);
    CHECK(random.poisson(-1.0) == 0.0);
    CHECK(random.poisson(std::nan("")) == 0.0);
}

TEST_CASE("Normal and gamma numbers have the moments they promise") {
    Random random(9, 9);
    const Moments normal = moments([&] { return random.normal(); });
    CHECK(normal.mean == Approx(0.0).margin(0.012));
    CHECK(normal.variance == Approx(1.0).epsilon(0.02));
    const Moments gamma = moments([&] { return random.gamma(1.5); });
    CHECK(gamma.mean == Approx(1.5).epsilon(0.02));
    CHECK(gamma.variance == Approx(1.5).epsilon(0.03));
}

TEST_CASE("Streams of different places differ, the same place repeats") {
    Random a(1, 2, 3);
    Random b(1, 2, 3);
    Random c(1, 2, 4);
    const auto first = a.next();
    CHECK(first == b.next());
    CHECK(first != c.next());
}

TEST_CASE("Noise fields are continuous") {
    for (double x = -3.0; x < 3.0; x += 0.1) {
        CHECK(std::abs(fractal_noise(7, x, 0.3, 3) - fractal_noise(7, x + 1e-4, 0.3, 3)) < 0.01);
    }
}
