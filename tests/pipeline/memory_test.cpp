// A run of any length in fixed memory.
#include <catch2/catch.hpp>
#include <cmath>

#include "dsp/opacification/corridor.h"
#include "dsp/opacification/highlights.h"
#include "dsp/pipeline/bench.h"
#include "dsp/pipeline/bench_scaling.h"
#include "dsp/pipeline/follow.h"
#include "tests/pipeline/made_run.h"

using namespace dsm;
using dsm::test::MadeRun;

namespace {

constexpr Extent kSmall{96, 80};

// What a frame of `frames` that are followed one after the other is made of.
struct Followed {
    Image<float> opacity{kSmall}, sigma{kSmall, 0.02F}, mask{kSmall};
    Image<std::uint8_t> usable{kSmall, 1};

    Followed() {
        for (int y = 0; y < kSmall.height; ++y) {
            for (int x = 0; x < kSmall.width; ++x) {
                mask(x, y) = static_cast<float>(std::log(MadeRun::still(x, y, 0)));
                opacity(x, y) = (x / 4) % 2 == 0 ? 0.02F : -0.02F;
            }
        }
    }
    [[nodiscard]] FrameOutput output(FrameIndex frame) const {
        FrameOutput out;
        out.frame = frame;
        out.opacity = opacity.view();
        out.sigma = sigma.view();
        out.usable = usable.view();
        out.mask_registered = mask.view();
        return out;
    }
};

}  // namespace

TEST_CASE("beside the spine a long run is measured in some frames, evenly spread") {
    const Followed made;
    CorridorMonitor monitor(PixelSpacing{1.0, 1.0, SpacingBasis::at_isocentre});
    constexpr FrameIndex kFrames = 5000;
    std::size_t most = 0;
    for (FrameIndex frame = 0; frame < kFrames; ++frame) {
        monitor.follow(
            {frame, made.mask.view(), made.opacity.view(), made.sigma.view(), made.usable.view()});
        most = std::max(most, monitor.kept_frames());
    }
    CHECK(most == CorridorMonitor::kMostFrames);
    CHECK(monitor.kept_frames() == 625);  // every eighth
    const CorridorReport report = monitor.report({{48.0, 5.0}, {48.0, 75.0}});
    REQUIRE(report.frames.size() == 625);
    CHECK(report.frames[1].frame == 8);
    CHECK(report.frames.back().frame == 4992);
}

TEST_CASE("the curve of the sac in a long run has some frames, each at its own time") {
    const Followed made;
    MadeRun run(kSmall, 5000);
    PipelineParams params;
    Follower follower(run.info(), params, false);
    for (FrameIndex frame = 0; frame < run.info().frames; ++frame) {
        follower.follow(made.output(frame), false);
        REQUIRE(follower.kept_frames() <= Follower::kMostFrames);
    }
    CHECK(follower.kept_frames() == 625);
}

TEST_CASE("an exponent is the slope in logarithms") {
    const std::vector<double> work{1.0, 10.0, 100.0};
    CHECK(*fitted_exponent(work, std::vector<double>{2.0, 20.0, 200.0}) == Approx(1.0));
    CHECK(*fitted_exponent(work, std::vector<double>{5.0, 500.0, 50000.0}) == Approx(2.0));
    CHECK(*fitted_exponent(work, std::vector<double>{7.0, 7.0, 7.0}) == Approx(0.0).margin(1e-12));
    CHECK(!fitted_exponent(std::vector<double>{3.0}, std::vector<double>{3.0}));
}

TEST_CASE("cost against work is looked at over sizes and over frames") {
    ScalingParams params;
    params.pipeline.backend = Backend::cpu;
    params.sides_px = {32, 64};
    params.frames_of_a_size = 12;
    params.side_of_a_length_px = 32;
    params.most_frames = 60;
    const auto result = bench_scaling(
        [](int side_px) -> Result<std::unique_ptr<FrameSource>> {
            return std::make_unique<MadeRun>(Extent{side_px, side_px}, 12);
        },
        params);
    REQUIRE(result);
    REQUIRE(result->by_size.size() == 2);
    CHECK(result->by_size[1].side_px == 64);
    REQUIRE(result->by_frames.size() == 4);  // 10, 20, 50, 60
    CHECK(result->by_frames.back().frames == 60);
    CHECK(result->time_by_frames);
    CHECK(scaling_text(*result).find("time ~ pixels^") != std::string::npos);
    CHECK(scaling_json(*result).find("dsm-bench-scaling/1") != std::string::npos);
}
