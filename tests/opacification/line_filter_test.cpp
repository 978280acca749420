#include "dsp/opacification/line_filter.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>

using namespace dsm;

namespace {

float largest(const Image<float>& image) {
    return *std::max_element(image.pixels().begin(), image.pixels().end());
}

}  // namespace

TEST_CASE("a line answers bright at any angle, a step does not") {
    for (int angle = 0; angle < 180; angle += 7) {
        const double c = std::cos(angle * M_PI / 180);
        const double s = std::sin(angle * M_PI / 180);
        Image<float> line({100, 100});
        Image<float> step({100, 100});
        for (int y = 0; y < 100; ++y) {
            for (int x = 0; x < 100; ++x) {
                const double off = -s * (x - 50) + c * (y - 50);
                line(x, y) = std::abs(off) < 2.0 ? 1.0F : 0.0F;
                step(x, y) = off > 0.0 ? 1.0F : 0.0F;
            }
        }
        LineResponse response;
        line_response(line.view(), {4.0, 16.0}, response);
        CAPTURE(angle);
        CHECK(response.bright(50, 50) > 0.55F);
        line_response(step.view(), {4.0, 16.0}, response);
        CHECK(largest(response.bright) < 0.05F);
        CHECK(largest(response.dark) < 0.05F);
    }
}

TEST_CASE("a dark line is the bright line of the negative") {
    Image<float> image({80, 80});
    std::mt19937 random(3);
    std::normal_distribution<float> noise;
    for (float& value : image.pixels()) {
        value = noise(random);
    }
    Image<float> negative = image.clone();
    for (float& value : negative.pixels()) {
        value = -value;
    }
    LineResponse one;
    LineResponse two;
    line_response(image.view(), {4.0, 16.0}, one);
    line_response(negative.view(), {4.0, 16.0}, two);
    CHECK(std::equal(one.bright.pixels().begin(), one.bright.pixels().end(),
                     two.dark.pixels().begin()));
}

TEST_CASE("the response to white noise is as the header says") {
    Image<float> image({300, 300});
    std::mt19937 random(5);
    std::normal_distribution<float> noise;
    for (float& value : image.pixels()) {
        value = noise(random);
    }
    const LineScale scale{4.6, 16.7};
    LineResponse response;
    line_response(image.view(), scale, response);
    double sum = 0.0;
    int count = 0;
    for (int y = 30; y < 270; ++y) {
        for (int x = 30; x < 270; ++x) {
            sum += static_cast<double>(response.bright(x, y));
            ++count;
        }
    }
    CHECK(sum / count / line_noise_gain(scale) == Approx(0.9).margin(0.25));
}
