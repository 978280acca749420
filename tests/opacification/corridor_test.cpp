#include "dsp/opacification/corridor.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <random>

using namespace dsm;

namespace {

constexpr Extent kExtent{512, 512};
constexpr double kPixel_mm = 0.25;
constexpr float kNoise = 0.01F;
const std::vector<Point> kAxis{{256.0, 20.0}, {256.0, 490.0}};

struct Scene {
    double slip_mm{0.0};
    double blur_px{0.0};       // of the noise
    float contrast{0.0F};      // of a column on the axis, and of a vein beside it
    bool only_far_off{false};  // the slip is beyond the corridor
};

// Ribs: smooth dark bars, 8 mm wide, that run outwards and down.
double rib(double x, double y) {
    const double across = std::fmod(y - 0.35 * std::abs(x - 256.0) + 1000.0, 96.0) - 48.0;
    return 0.25 / (1.0 + std::exp((std::abs(across) - 16.0) / 1.2));
}

CorridorReport measured(const Scene& scene, double pixel_mm = kPixel_mm) {
    std::mt19937 random(7);
    std::normal_distribution<float> normal(0.0F, kNoise);
    Image<float> mask(kExtent), opacity(kExtent), sigma(kExtent, std::sqrt(2.0F) * kNoise);
    Image<float> noise(kExtent);
    for (float& value : noise.pixels()) {
        value = normal(random);
    }
    for (int y = 0; y < kExtent.height; ++y) {
        for (int x = 0; x < kExtent.width; ++x) {
            const bool slips = !scene.only_far_off || std::abs(x - 256) * kPixel_mm > 48.0;
            const double d = slips ? scene.slip_mm / kPixel_mm : 0.0;
            const float own = normal(random);
            const float beside = x > 0 && scene.blur_px > 0.0 ? noise(x - 1, y) : 0.0F;
            const float extra =
                scene.blur_px > 0.0 ? (noise(x, y) + beside) / std::sqrt(2.0F) : noise(x, y);
            mask(x, y) = 3.0F - static_cast<float>(rib(x, y)) + own;
            opacity(x, y) = static_cast<float>(rib(x, y + d) - rib(x, y)) + extra + own;
            if (std::abs(x - 256) < 30 || (x > 330 && x < 338)) {
                opacity(x, y) += scene.contrast;
            }
        }
    }
    const Image<std::uint8_t> usable(kExtent, 1);
    CorridorMonitor monitor(PixelSpacing{pixel_mm, pixel_mm, SpacingBasis::at_isocentre});
    monitor.follow({5, mask.view(), opacity.view(), sigma.view(), usable.view()});
    return monitor.report(kAxis);
}

}  // namespace

TEST_CASE("a rib edge that slips by a known amount is measured in mm") {
    // Ribs lie at an angle: their slip across the edge is that downwards times a cosine.
    const double across = 1.0 / std::hypot(1.0, 0.35);
    for (const double slip : {0.1, 0.3}) {
        const CorridorReport report = measured({.slip_mm = slip});
        REQUIRE(report.median_mm);
        CHECK(*report.median_mm == Approx(slip * across).epsilon(0.15));
        CHECK(report.frames.at(0).frame == 5);
    }
}

TEST_CASE("noise alone leaves a residual well below the target, blurred or not") {
    for (const double blur : {0.0, 1.0}) {
        const CorridorReport report = measured({.blur_px = blur});
        REQUIRE(report.median_mm);
        CHECK(*report.median_mm < 0.05);
        CHECK(*report.median_artefact_ratio == Approx(1.0).margin(0.03));
    }
}

TEST_CASE("contrast on the axis and in a vein is no residual") {
    const CorridorReport report = measured({.contrast = 0.2F});
    REQUIRE(report.median_mm);
    CHECK(*report.median_mm < 0.05);
}

TEST_CASE("what slips farther than 40 mm from the spine is not counted") {
    const CorridorReport report = measured({.slip_mm = 1.0, .only_far_off = true});
    REQUIRE(report.median_mm);
    CHECK(*report.median_mm < 0.05);
}

TEST_CASE("what the corridor cannot be measured without is named") {
    CHECK(CorridorMonitor(std::nullopt).report(kAxis).why.find("spacing") != std::string::npos);
    const PixelSpacing spacing{0.25, 0.25, SpacingBasis::at_isocentre};
    CHECK(CorridorMonitor(spacing).report({}).why.find("axis") != std::string::npos);
    CHECK(CorridorMonitor(spacing).report(kAxis).why.find("no frame") != std::string::npos);
}
