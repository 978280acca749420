#include "dsp/subtraction/first_contrast.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <random>

using namespace dsm;

namespace {

constexpr Extent kBlocks{64, 80};
constexpr float kNoise = 0.001F;  // of a block of mask - live

// Such that a block of mask - live has kNoise.
NoiseModel noise_model() {
    const float variance = 0.5F * std::pow(kNoise * static_cast<float>(kBlock_px), 2.0F);
    return {0.0F, 10.0F, {variance, variance}};
}

double scene(double x, double y) {
    return 3.0 + 0.05 * std::sin(0.7 * x + 0.4 * y) + 0.03 * std::cos(0.3 * x - 0.9 * y);
}

// A live frame against a mask that lies `motion` blocks away along both axes.
Blocks frame_of(std::mt19937& random, double motion, int phase) {
    std::normal_distribution<float> normal(0.0F, kNoise);
    Blocks blocks{Image<float>(kBlocks), Image<float>(kBlocks), Image<std::uint8_t>(kBlocks, 1)};
    const double moved = motion * std::sin(2.0 * phase * 3.14159 / 6.0);
    for (int y = 0; y < kBlocks.height; ++y) {
        for (int x = 0; x < kBlocks.width; ++x) {
            const double live = scene(x, y);
            blocks.live(x, y) = static_cast<float>(live);
            blocks.difference(x, y) =
                static_cast<float>(scene(x + moved, y + moved) - live) + normal(random);
        }
    }
    return blocks;
}

void add_contrast(Blocks& blocks, PixelRect where, float opacity) {
    for (int y = std::max(0, where.y); y < where.y + where.height; ++y) {
        for (int x = where.x; x < where.x + where.width; ++x) {
            blocks.difference(x, y) += opacity;
            blocks.live(x, y) -= opacity;
        }
    }
}

}  // namespace

TEST_CASE("noise alone is not contrast, in 2000 frames") {
    std::mt19937 random(1);
    FirstContrast first;
    for (FrameIndex k = 0; k < 2000; ++k) {
        REQUIRE_FALSE(first.look(k, frame_of(random, 0.0, k), noise_model()));
    }
}

TEST_CASE("breathing residue many times the noise is not contrast, in 600 frames") {
    std::mt19937 random(2);
    FirstContrast first;
    for (FrameIndex k = 0; k < 600; ++k) {
        REQUIRE_FALSE(first.look(k, frame_of(random, 0.8, k), noise_model()));
    }
}

TEST_CASE("a moved dark edge is not contrast though it darkens and stays") {
    std::mt19937 random(4);
    FirstContrast first;
    for (FrameIndex k = 0; k < 60; ++k) {
        Blocks blocks = frame_of(random, 0.1, k);
        // A dark band in mask and live; from frame 10 on the live one lies a block farther down.
        for (int x = 0; x < kBlocks.width; ++x) {
            for (int y = 30; y < 34; ++y) {
                const float mask = blocks.live(x, y) + blocks.difference(x, y);
                const bool covered = k < 10 || y > 30;
                blocks.live(x, y) -= covered ? 0.2F : 0.0F;
                blocks.difference(x, y) = mask - 0.2F - blocks.live(x, y);
            }
            if (k >= 10) {
                blocks.live(x, 34) -= 0.2F;
                blocks.difference(x, 34) += 0.2F;
            }
        }
        REQUIRE_FALSE(first.look(k, blocks, noise_model()));
    }
}

TEST_CASE("a column that fills from below is found within three frames of standing out") {
    std::mt19937 random(3);
    FirstContrast first;
    const FrameIndex arrival = 12;
    FrameIndex declared = -1;
    for (FrameIndex k = 0; k < 30 && declared < 0; ++k) {
        Blocks blocks = frame_of(random, 0.1, k);
        const int filled = 4 * std::max(0, k - arrival + 1);
        add_contrast(blocks, {28, kBlocks.height - filled, 6, filled}, 0.1F);
        if (first.look(k, blocks, noise_model())) {
            declared = k;
        }
    }
    CHECK(declared >= arrival);
    CHECK(declared <= arrival + 3);
    REQUIRE(first.frame());
    CHECK(*first.frame() >= arrival - 1);
    CHECK(*first.frame() <= arrival + 1);
}

TEST_CASE("contrast in the second frame is found when it is strong") {
    std::mt19937 random(5);
    FirstContrast first;
    bool found = false;
    for (FrameIndex k = 0; k < 4; ++k) {
        Blocks blocks = frame_of(random, 0.0, k);
        add_contrast(blocks, {28, kBlocks.height - 10, 6, 10}, k >= 1 ? 0.2F : 0.0F);
        found = first.look(k, blocks, noise_model());
    }
    CHECK(found);
}

TEST_CASE("a picture that grows darker all over and in blobs both ways is not contrast") {
    std::mt19937 random(6);
    FirstContrast first;
    for (FrameIndex k = 0; k < 40; ++k) {
        Blocks blocks = frame_of(random, 0.0, k);
        add_contrast(blocks, {10, 10, 5, 5}, 0.05F);
        add_contrast(blocks, {20, 10, 5, 5}, -0.05F);
        REQUIRE_FALSE(first.look(k, blocks, noise_model()));
    }
}
