#include "dsp/opacification/onset.h"

#include <catch2/catch.hpp>
#include <random>
#include <vector>

#include "dsp/opacification/path_curve.h"

using namespace dsm;

TEST_CASE("clipping pulls outliers in and leaves the rest alone") {
    std::vector<double> values{1.0, 1.1, 0.9, 1.0, 9.0, 1.05, 0.95};
    const std::vector<double> before = values;
    clip_outliers(values);
    CHECK(values[4] < 1.5);
    values[4] = before[4];
    CHECK(values == before);
    std::vector<double> few{1.0, 9.0, 1.0, 1.0};
    clip_outliers(few);
    CHECK(few[1] == 9.0);
}

TEST_CASE("a step in noise is found within two slots of where it is") {
    std::mt19937 random(11);
    std::normal_distribution<double> noise(0.0, 1.0);
    int near = 0;
    for (int trial = 0; trial < 50; ++trial) {
        std::vector<double> curve(60);
        for (int i = 0; i < 60; ++i) {
            curve[static_cast<std::size_t>(i)] = noise(random) + (i >= 30 ? 4.0 : 0.0);
        }
        const Step step = find_step(curve, std::vector<double>(curve.size(), 1.0), 8, 3, 1.0);
        REQUIRE(step.found);
        near += std::abs(step.onset - 30) <= 2 ? 1 : 0;
        CHECK(step.height == Approx(4.0).margin(1.0));
        CHECK(step.sigmas > 8.0);
    }
    CHECK(near >= 45);
}

TEST_CASE("a falling curve has no step") {
    std::vector<double> curve(40, 1.0);
    std::fill(curve.begin() + 20, curve.end(), -1.0);
    CHECK(!find_step(curve, std::vector<double>(curve.size(), 1.0), 5, 3, 0.1).found);
}

TEST_CASE("wash-out does not hide the step") {
    std::vector<double> curve(60, 0.0);
    std::fill(curve.begin() + 20, curve.begin() + 35, 5.0);
    const Step step = find_step(curve, std::vector<double>(curve.size(), 1.0), 8, 3, 1.0);
    REQUIRE(step.found);
    CHECK(step.from == 20);
    CHECK(step.to == 35);
    CHECK(step.explained > 0.95);
}

TEST_CASE("frames of little weight do not make a step") {
    std::vector<double> curve(40, 0.0);
    std::vector<double> weights(40, 1.0);
    for (std::size_t i = 20; i < 24; ++i) {
        curve[i] = 3.0;
        weights[i] = 0.01;
    }
    const Step step = find_step(curve, weights, 8, 3, 1.0);
    CHECK(step.sigmas < 1.0);
}
