#include "dsp/pipeline/shift_approximation.h"

#include <catch2/catch.hpp>

#include <cmath>

using namespace dsm;

namespace {

// Three frames: a mask, then the same pattern moved by whole pixels, dimmer by a known opacity.
class MovedPattern final : public FrameSource {
 public:
    MovedPattern(Point shift_px, double opacity) : shift_px_(shift_px), opacity_(opacity) {
        info_.extent = {40, 30};
        info_.frames = 3;
        info_.bits_stored = 16;
        info_.intensity.relationship = PixelIntensityRelationship::linear;
    }
    [[nodiscard]] const RunInfo& info() const override { return info_; }
    [[nodiscard]] Result<void> read(FrameIndex frame, ImageView<std::uint16_t> words) override {
        const Point by = frame == 0 ? Point{} : shift_px_;
        for (int y = 0; y < words.height(); ++y) {
            for (int x = 0; x < words.width(); ++x) {
                const double pattern = 20000.0 + 4000.0 * std::sin(0.4 * (x + by.x)) +
                                       3000.0 * std::cos(0.3 * (y + by.y));
                words(x, y) = static_cast<std::uint16_t>(
                    std::lround(pattern * std::exp(frame == 0 ? 0.0 : -opacity_)));
            }
        }
        return {};
    }
    RunInfo info_;

 private:
    Point shift_px_;
    double opacity_;
};

RunResult result_with(Point mean_px) {
    RunResult result;
    result.mask_frames = {0};
    for (int frame = 1; frame < 3; ++frame) {
        FrameMotion motion;
        motion.frame = frame;
        motion.masks = {0};
        motion.mean_px = mean_px;
        result.motion.push_back(motion);
    }
    return result;
}

double difference(MovedPattern& source, Point mean_px, double opacity) {
    const auto exact = [&](FrameIndex) {
        Image<float> made(source.info().extent);
        made.fill(static_cast<float>(opacity));
        return made;
    };
    const auto rms = shift_rms_difference(source, result_with(mean_px), exact);
    REQUIRE(rms);
    REQUIRE(rms->has_value());
    return **rms;
}

}  // namespace

TEST_CASE("a whole shift is no approximation, and its sign is the project's") {
    MovedPattern source({3.0, -2.0}, 0.05);
    CHECK(difference(source, {3.0, -2.0}, 0.05) < 1e-4);
    CHECK(difference(source, {-3.0, 2.0}, 0.05) > 0.05);
    CHECK(difference(source, {0.0, 0.0}, 0.05) > 0.05);
}

TEST_CASE("the difference is in opacity") {
    MovedPattern source({1.0, 1.0}, 0.05);
    CHECK(difference(source, {1.0, 1.0}, 0.03) == Approx(0.02).margin(1e-4));
}

TEST_CASE("without masks, or where the law is not known, nothing is said") {
    MovedPattern source({0, 0}, 0.0);
    const auto exact = [](FrameIndex) { return Image<float>(Extent{40, 30}); };
    CHECK(shift_rms_difference(source, RunResult{}, exact).value() == std::nullopt);
    source.info_.intensity.relationship = PixelIntensityRelationship::display;
    CHECK(shift_rms_difference(source, result_with({}), exact).value() == std::nullopt);
}
