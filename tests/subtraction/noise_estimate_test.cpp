#include "dsp/subtraction/noise_estimate.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <random>

using namespace dsm;

namespace {

// Poisson photons seen through a gain, plus read-out noise; a wedge from dark to bright.
Image<float> wedge(Extent extent, double gain, double read, unsigned seed) {
    std::mt19937 random(seed);
    std::normal_distribution<double> normal;
    Image<float> image(extent);
    for (int y = 0; y < extent.height; ++y) {
        for (int x = 0; x < extent.width; ++x) {
            const double level = 300.0 * std::exp(2.3 * x / extent.width);
            std::poisson_distribution<int> photons(level / gain);
            const double value = gain * photons(random) + read * normal(random);
            image(x, y) = static_cast<float>(std::log(std::max(0.5, value)));
        }
    }
    return image;
}

}  // namespace

TEST_CASE("photon transfer of Poisson and read-out noise is recovered within 10 percent") {
    const Extent extent{400, 300};
    const double gain = 0.8;
    const double read = 5.0;
    const Image<std::uint8_t> usable(extent, 1);
    const NoiseModel model = estimate_noise(wedge(extent, gain, read, 1).view(),
                                            wedge(extent, gain, read, 2).view(), usable.view());
    REQUIRE(model.known());
    for (const double level : {400.0, 900.0, 2000.0}) {
        const double expected = gain / level + read * read / (level * level);
        CHECK(static_cast<double>(model.variance(static_cast<float>(std::log(level)))) ==
              Approx(expected).epsilon(0.10));
    }
}

TEST_CASE("the quieter of six pairs of still frames is low by no more than 4 percent on average") {
    const Extent extent{400, 300};
    const Image<std::uint8_t> usable(extent, 1);
    NoiseModel model;
    for (unsigned pair = 0; pair < 6; ++pair) {
        model = quieter_of(
            model, estimate_noise(wedge(extent, 0.8, 5.0, 10 + pair).view(),
                                  wedge(extent, 0.8, 5.0, 11 + pair).view(), usable.view()));
    }
    double ratio = 0.0;
    int levels = 0;
    for (double level = 400.0; level < 2800.0; level *= 1.1) {
        const double expected = 0.8 / level + 25.0 / (level * level);
        ratio +=
            static_cast<double>(model.variance(static_cast<float>(std::log(level)))) / expected;
        ++levels;
    }
    CHECK(ratio / levels == Approx(1.0).margin(0.04));
}

TEST_CASE("a moving edge does not pass for noise") {
    const Extent extent{300, 300};
    Image<float> before = wedge(extent, 0.8, 5.0, 3);
    Image<float> after = wedge(extent, 0.8, 5.0, 4);
    for (int y = 0; y < extent.height; ++y) {
        for (int x = 0; x < extent.width; ++x) {
            before(x, y) += y < 150 ? 0.5F : 0.0F;
            after(x, y) += y < 160 ? 0.5F : 0.0F;
        }
    }
    const Image<std::uint8_t> usable(extent, 1);
    const NoiseModel model = estimate_noise(before.view(), after.view(), usable.view());
    const double level = 900.0;
    const double expected = 0.8 / level + 25.0 / (level * level);
    CHECK(static_cast<double>(model.variance(static_cast<float>(std::log(level)))) <
          1.6 * expected);
}

TEST_CASE("nothing usable leaves the noise unknown") {
    const Image<float> frame({64, 64});
    const Image<std::uint8_t> usable({64, 64});
    CHECK_FALSE(estimate_noise(frame.view(), frame.view(), usable.view()).known());
}

TEST_CASE("of two models the quieter counts, class by class") {
    const NoiseModel a(5.0F, 1.0F, {1.0F, 4.0F});
    const NoiseModel b(5.0F, 1.0F, {2.0F, 2.0F});
    const NoiseModel both = quieter_of(a, b);
    CHECK(both.variance(5.0F) == Approx(1.0));
    CHECK(both.variance(6.0F) == Approx(2.0));
    CHECK(quieter_of(NoiseModel(), a).variance(6.0F) == Approx(4.0));
}
