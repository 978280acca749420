#include <catch2/catch.hpp>
#include <cmath>
#include <memory>
#include <random>

#include "dsp/subtraction/exposure.h"
#include "dsp/subtraction/mask_bank.h"
#include "dsp/subtraction/subtract.h"

using namespace dsm;

namespace {

constexpr Extent kExtent{256, 192};

Image<float> noisy(unsigned seed, float deviation, double phase = 0.0) {
    std::mt19937 random(seed);
    std::normal_distribution<float> normal(0.0F, deviation);
    Image<float> image(kExtent);
    for (int y = 0; y < kExtent.height; ++y) {
        for (int x = 0; x < kExtent.width; ++x) {
            image(x, y) = 7.0F + normal(random) +
                          0.2F * static_cast<float>(std::sin(0.2 * x) * std::sin(0.15 * y + phase));
        }
    }
    return image;
}

std::shared_ptr<PreparedFrame> prepared(FrameIndex frame, double phase) {
    auto made = std::make_shared<PreparedFrame>();
    made->frame = frame;
    made->log_intensity = noisy(static_cast<unsigned>(frame) + 1, 0.005F, phase);
    made->usable = Image<std::uint8_t>(kExtent, 1);
    prepare(*made);
    return made;
}

}  // namespace

TEST_CASE("the offset between mask and frame is found beside contrast over a sixth of it") {
    const Image<float> mask = noisy(1, 0.002F);
    Image<float> live = noisy(2, 0.002F);
    for (float& value : live.pixels()) {
        value -= 0.031F;
    }
    for (int y = 0; y < kExtent.height; ++y) {
        for (int x = 100; x < 142; ++x) {
            live(x, y) -= 0.3F;
        }
    }
    const Image<std::uint8_t> usable(kExtent, 1);
    CHECK(exposure_offset(mask.view(), live.view(), usable.view()) == Approx(0.031).margin(0.0003));
}

TEST_CASE("the offset of frames without a usable pixel is zero") {
    const Image<float> mask(kExtent, 3.0F);
    const Image<float> live(kExtent, 1.0F);
    const Image<std::uint8_t> none(kExtent, 0);
    CHECK(exposure_offset(mask.view(), live.view(), none.view()) == 0.0F);
}

TEST_CASE("the mask nearest in phase comes first, and never the frame itself") {
    MaskBank bank(8);
    for (FrameIndex k = 0; k < 6; ++k) {
        bank.admit(prepared(k, 0.4 * k));
    }
    const auto live = prepared(9, 1.15);
    const auto nearest = bank.nearest(*live, 2);
    REQUIRE(nearest.size() == 2);
    CHECK(nearest[0]->frame == 3);
    CHECK(nearest[1]->frame == 2);
    for (const auto& mask : bank.nearest(*bank.masks()[3], 8)) {
        CHECK(mask->frame != 3);
    }
}

TEST_CASE("a full bank gives up the mask that another resembles most") {
    MaskBank bank(3);
    bank.admit(prepared(0, 0.0));
    bank.admit(prepared(1, 1.0));
    bank.admit(prepared(2, 2.0));
    bank.admit(prepared(3, 1.02));
    const auto frames = bank.frames();
    REQUIRE(frames.size() == 3);
    CHECK(frames == std::vector<FrameIndex>{0, 2, 3});
}

TEST_CASE("the artefact ratio of pure noise is one, with and without contrast") {
    const NoiseModel noise(0.0F, 10.0F, {1e-4F, 1e-4F});
    const Image<float> mask = noisy(1, 0.01F);
    Image<float> live = noisy(2, 0.01F);
    for (int y = 0; y < kExtent.height; ++y) {
        for (int x = 100; x < 140; ++x) {
            live(x, y) -= 0.4F;
        }
    }
    const Image<float> share(kExtent, 1.0F);
    Image<float> opacity(kExtent);
    Image<float> sigma(kExtent);
    subtract({live.view(), mask.view(), share.view()}, noise, opacity.view(), sigma.view());
    const Image<std::uint8_t> usable(kExtent, 1);
    const auto ratio = artefact_ratio(opacity.view(), sigma.view(), usable.view());
    REQUIRE(ratio);
    CHECK(*ratio == Approx(1.0).margin(0.02));
    CHECK(sigma(10, 10) == Approx(std::sqrt(2.0) * 0.01).epsilon(1e-4));
}

TEST_CASE("a streak that the ratio of the picture hides shows in that of its worst patch") {
    const Image<float> sigma(kExtent, 0.01F);
    const Image<std::uint8_t> usable(kExtent, 1);
    Image<float> opacity(kExtent);
    subtract(noisy(3, 0.00707F).view(), noisy(4, 0.00707F).view(), opacity.view());
    const auto still = find_artefact(opacity.view(), sigma.view(), usable.view());
    REQUIRE((still && still->worst_ratio));
    CHECK(*still->worst_ratio < 1.1);
    for (int y = 70; y < 100; ++y) {
        for (int x = 80; x < 84; ++x) {
            opacity(x, y) -= 0.1F;
        }
    }
    const auto streaked = find_artefact(opacity.view(), sigma.view(), usable.view());
    REQUIRE((streaked && streaked->worst_ratio));
    CHECK(streaked->ratio < 1.25);
    CHECK(*streaked->worst_ratio > 2.5);
}
