#include "dsp/subtraction/lasting_contrast.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <random>

using namespace dsm;

namespace {

constexpr Extent kHalf{64, 48};
constexpr int kFrames = 21;

// Opacity at half-resolution pixel (x, y) of frame k, with noise of `sigma`.
std::vector<Image<float>> made(const std::function<double(int x, int y, int k)>& opacity,
                               double sigma) {
    std::mt19937 random(5);
    std::normal_distribution<double> noise(0.0, sigma);
    std::vector<Image<float>> frames;
    for (int k = 0; k < kFrames; ++k) {
        Image<float>& frame = frames.emplace_back(kHalf);
        for (int y = 0; y < kHalf.height; ++y) {
            for (int x = 0; x < kHalf.width; ++x) {
                frame(x, y) = static_cast<float>(opacity(x, y, k) + noise(random));
            }
        }
    }
    return frames;
}

std::vector<Image<float>> settled(const std::vector<Image<float>>& frames) {
    std::vector<ImageView<const float>> views;
    for (const auto& frame : frames) {
        views.push_back(frame.view());
    }
    return lasting_contrast(views);
}

// Mean along the column x, away from the ends.
double along(const Image<float>& image, int x) {
    double sum = 0.0;
    for (int y = 8; y < 40; ++y) {
        sum += static_cast<double>(image(x, y));
    }
    return sum / 32.0;
}

bool on_vein(int x) {
    return x == 30 || x == 31;  // 4 px of full resolution, about 1 mm
}

}  // namespace

TEST_CASE("a fine vein that lasts is contrast in every frame that shows it") {
    const auto contrast =
        settled(made([](int x, int, int) { return on_vein(x) ? 0.03 : 0.0; }, 0.005));
    for (const auto& frame : contrast) {
        CHECK(along(frame, 30) == Approx(0.03).epsilon(0.1));
        CHECK(along(frame, 20) == Approx(0.0).margin(0.002));
    }
}

TEST_CASE("an edge that comes and goes with the breath is hardly taken for contrast") {
    const auto residue = [](int x, int, int k) {
        const double phase = std::sin(2.0 * 3.14159265 * k / 5.5);
        return x == 30 ? 0.03 * phase : x == 31 ? -0.03 * phase : 0.0;
    };
    const auto contrast = settled(made(residue, 0.005));
    double square = 0.0;
    for (const auto& frame : contrast) {
        square += along(frame, 30) * along(frame, 30) / kFrames;
    }
    CHECK(std::sqrt(square) < 0.2 * 0.03 / std::sqrt(2.0));
}

TEST_CASE("the edge of the sac stays sharp") {
    const auto contrast = settled(made([](int x, int, int) { return x >= 32 ? 0.3 : 0.0; }, 0.005));
    CHECK(along(contrast[10], 32) == Approx(0.3).epsilon(0.03));
    CHECK(along(contrast[10], 31) == Approx(0.0).margin(0.01));
}

TEST_CASE("contrast that arrives is there two frames later and not three frames earlier") {
    const auto contrast =
        settled(made([](int x, int, int k) { return x < 32 && k >= 10 ? 0.2 : 0.0; }, 0.005));
    CHECK(along(contrast[7], 16) == Approx(0.0).margin(0.01));
    CHECK(along(contrast[12], 16) == Approx(0.2).epsilon(0.05));
}

TEST_CASE("noise fades from the contrast that five frames tell of") {
    const auto frames = made([](int, int, int) { return 0.0; }, 0.01);
    std::vector<ImageView<const float>> five;
    for (std::size_t k = 0; k < 5; ++k) {
        five.push_back(frames[k].view());
    }
    const Image<float> contrast = lasting_contrast_of(2, five);
    double square = 0.0;
    for (const float value : contrast.pixels()) {
        square += static_cast<double>(value) * static_cast<double>(value);
    }
    CHECK(std::sqrt(square / static_cast<double>(contrast.pixels().size())) < 0.3 * 0.01);
}

TEST_CASE("no frames have no contrast") {
    CHECK(lasting_contrast({}).empty());
}
