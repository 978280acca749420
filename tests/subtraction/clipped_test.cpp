#include <catch2/catch.hpp>

#include "dsp/subtraction/clipped.h"

using namespace dsm;

namespace {

constexpr Extent kExtent{80, 60};
constexpr int kEdge_px = 30;
constexpr std::uint16_t kStray = 3;
constexpr std::uint16_t kExposed = 900;

RunInfo twelve_bits() {
    RunInfo run;
    run.extent = kExtent;
    run.bits_stored = 12;
    run.intensity.relationship = PixelIntensityRelationship::linear;
    return run;
}

}  // namespace

TEST_CASE("stray values behind a collimator are no measurement, those before it are") {
    // Clipped to the left of the edge, but for a fifth of the pixels there.
    Image<std::uint16_t> words(kExtent, kExposed);
    for (int y = 0; y < kExtent.height; ++y) {
        for (int x = 0; x < kEdge_px; ++x) {
            words(x, y) = (x * 7 + y * 3) % 5 == 0 ? kStray : std::uint16_t{0};
        }
    }
    const Lineariser lineariser(twelve_bits());
    Image<std::uint16_t> copy;
    const auto left = without_stray(words.view(), lineariser, copy);
    for (int y = 0; y < kExtent.height; ++y) {
        for (int x = 0; x < kExtent.width; ++x) {
            CAPTURE(x, y);
            if (x < kEdge_px - kClippedWindow_px / 2) {
                REQUIRE_FALSE(lineariser.measured(left(x, y)));
            }
            if (x >= kEdge_px) {
                REQUIRE(left(x, y) == kExposed);
            }
        }
    }
}

TEST_CASE("stray values in open field stay bright: no edge is made there") {
    Image<std::uint16_t> words(kExtent, 4095);
    words(40, 30) = 4090;
    const Lineariser lineariser(twelve_bits());
    Image<std::uint16_t> copy;
    CHECK(without_stray(words.view(), lineariser, copy)(40, 30) == 4095);
}

TEST_CASE("single clipped pixels take nothing from their surroundings") {
    Image<std::uint16_t> words(kExtent, kExposed);
    words(0, 0) = 0;
    words(40, 30) = 0;
    words(41, 30) = 4095;
    const Lineariser lineariser(twelve_bits());
    Image<std::uint16_t> copy;
    const auto left = without_stray(words.view(), lineariser, copy);
    for (int y = 0; y < kExtent.height; ++y) {
        for (int x = 0; x < kExtent.width; ++x) {
            REQUIRE(left(x, y) == words(x, y));
        }
    }
}

TEST_CASE("a picture with nothing clipped is handed on as it is") {
    const Image<std::uint16_t> words(kExtent, kExposed);
    Image<std::uint16_t> copy;
    CHECK(without_stray(words.view(), Lineariser(twelve_bits()), copy).row(0) ==
          words.view().row(0));
}
