// Simple maps find what they were made for, and are spared the sac.
#include "dsp/evaluation/finding_peers.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <random>

using namespace dsm;
using namespace dsm::evaluation;

namespace {

constexpr Extent kExtent{160, 160};
constexpr double kPixel_mm = 0.48;
constexpr int kFrames = 14;
constexpr double kSacLeft = 70.0, kSacRight = 90.0;  // columns
constexpr int kLineRow = 60;                         // from column 100 to 135
constexpr int kEdgeColumn = 30;

bool on_line(int x, int y) {
    return std::abs(y - kLineRow) <= 2 && x >= 100 && x <= 135;
}

// A sac from frame 4 and a line of 2 mm from frame 8; an edge at column 30 that slips, which
// registration takes away.
KeptRun made_run(double line_opacity) {
    RunInfo info;
    info.extent = kExtent;
    info.frames = kFrames;
    info.spacing = PixelSpacing{kPixel_mm, kPixel_mm, SpacingBasis::calibrated};
    KeptRun run(info);
    std::mt19937 random(5);
    std::normal_distribution<float> noise(0.0F, 0.008F);
    Image<float> opacity(kExtent), log_intensity(kExtent), mask(kExtent);
    const Image<std::uint8_t> usable(kExtent, 1);
    for (int k = 0; k < kFrames; ++k) {
        for (int y = 0; y < kExtent.height; ++y) {
            for (int x = 0; x < kExtent.width; ++x) {
                const bool sac = k >= 4 && x >= kSacLeft && x <= kSacRight;
                const bool line = k >= 8 && on_line(x, y);
                const float contrast =
                    (sac ? 0.3F : 0.0F) + (line ? static_cast<float>(line_opacity) : 0.0F);
                const float edge = x < kEdgeColumn + k / 4 ? 0.5F : 0.0F;
                opacity(x, y) = contrast + noise(random);
                log_intensity(x, y) = 8.0F + edge - contrast + noise(random);
            }
        }
        FrameOutput frame;
        frame.frame = k;
        frame.opacity = opacity.view();
        frame.log_intensity = log_intensity.view();
        frame.usable = usable.view();
        frame.mask_registered = mask.view();
        run.keep(frame);
    }
    return run;
}

std::vector<Spot> spots(const KeptRun& run, const std::string& name) {
    for (const FindingPeer& peer : finding_peers()) {
        if (peer.name == name) {
            return spots_of(peer.map(run, 4), run);
        }
    }
    FAIL("no peer is called " << name);
    return {};
}

double from_line_mm(const Spot& spot) {
    const double along = std::max({0.0, 100.0 - spot.at_px.x, spot.at_px.x - 135.0});
    return std::hypot(along, spot.at_px.y - kLineRow) * kPixel_mm;
}

}  // namespace

TEST_CASE("the registered maps are largest on a line that appears") {
    const KeptRun run = made_run(0.06);
    for (const char* name : {"peak opacity", "Frangi"}) {
        const auto found = spots(run, name);
        INFO(name);
        REQUIRE(!found.empty());
        CHECK(from_line_mm(found[0]) < 2.0);
    }
}

TEST_CASE("maps without registration are largest on an edge that slips") {
    const KeptRun run = made_run(0.06);
    for (const char* name : {"Frangi, unregistered", "temporal variance"}) {
        const auto found = spots(run, name);
        INFO(name);
        REQUIRE(!found.empty());
        CHECK(std::abs(found[0].at_px.x - kEdgeColumn) * kPixel_mm < 3.0);
    }
}

TEST_CASE("no map has spots on the sac, at the border, or close together") {
    const KeptRun run = made_run(0.06);
    for (const FindingPeer& peer : finding_peers()) {
        const auto found = spots_of(peer.map(run, 4), run);
        INFO(peer.name);
        for (std::size_t i = 0; i < found.size(); ++i) {
            const Point at = found[i].at_px;
            const double from_sac = std::max(kSacLeft - at.x, at.x - kSacRight) * kPixel_mm;
            CHECK(from_sac > 3.0);
            CHECK(std::min({at.x, at.y, 159.0 - at.x, 159.0 - at.y}) * kPixel_mm > 4.0);
            for (std::size_t k = 0; k < i; ++k) {
                CHECK(found[k].score >= found[i].score);
                CHECK(distance(found[k].at_px, at) * kPixel_mm > 7.0);
            }
        }
    }
}
