#include "dsp/subtraction/first_contrast.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <random>

using namespace dsm;

namespace {

constexpr Extent kBlocks{64, 80};
constexpr float kNoise = 0.001F;

Image<float> frame_of(std::mt19937& random, double motion, int phase) {
    std::normal_distribution<float> normal(0.0F, kNoise);
    Image<float> blocks(kBlocks);
    for (int y = 0; y < kBlocks.height; ++y) {
        for (int x = 0; x < kBlocks.width; ++x) {
            const double edge = std::sin(0.7 * x + 0.4 * y) * std::sin(2.0 * phase * 3.14159 / 6.0);
            blocks(x, y) = normal(random) + static_cast<float>(motion * edge);
        }
    }
    return blocks;
}

}  // namespace

TEST_CASE("noise alone is not contrast, in 2000 frames") {
    std::mt19937 random(1);
    const Image<std::uint8_t> usable(kBlocks, 1);
    FirstContrast first;
    for (FrameIndex k = 0; k < 2000; ++k) {
        REQUIRE_FALSE(first.look(k, frame_of(random, 0.0, k).view(), usable.view(), kNoise));
    }
}

TEST_CASE("breathing residue many times the noise is not contrast, in 600 frames") {
    std::mt19937 random(2);
    const Image<std::uint8_t> usable(kBlocks, 1);
    FirstContrast first;
    for (FrameIndex k = 0; k < 600; ++k) {
        REQUIRE_FALSE(first.look(k, frame_of(random, 0.03, k).view(), usable.view(), kNoise));
    }
}

TEST_CASE("a column that fills from below is found within three frames of standing out") {
    std::mt19937 random(3);
    const Image<std::uint8_t> usable(kBlocks, 1);
    FirstContrast first;
    const FrameIndex arrival = 12;
    FrameIndex declared = -1;
    for (FrameIndex k = 0; k < 30 && declared < 0; ++k) {
        Image<float> blocks = frame_of(random, 0.005, k);
        for (int y = kBlocks.height - 4 * std::max(0, k - arrival + 1); y < kBlocks.height; ++y) {
            for (int x = 28; x < 34; ++x) {
                blocks(x, std::max(0, y)) += 0.1F;
            }
        }
        if (first.look(k, blocks.view(), usable.view(), kNoise)) {
            declared = k;
        }
    }
    CHECK(declared >= arrival);
    CHECK(declared <= arrival + 3);
    REQUIRE(first.frame());
    CHECK(*first.frame() >= arrival - 1);
    CHECK(*first.frame() <= arrival + 1);
}
