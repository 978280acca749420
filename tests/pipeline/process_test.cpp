#include "dsp/pipeline/process.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <span>

#include "tests/pipeline/made_run.h"

using namespace dsm;
using dsm::test::MadeRun;

TEST_CASE("a backend that is not there is refused in one line") {
    MadeRun run({64, 48}, 3);
    PipelineParams params;
    params.backend = Backend::gpu;
    const auto result = process_run(run, params);
    REQUIRE(!result);
    CHECK(result.error().kind == ErrorKind::unsupported);
    CHECK(result.error().message().find('\n') == std::string::npos);
}

TEST_CASE("a mask frame that the run does not have is refused") {
    MadeRun run({64, 48}, 3);
    PipelineParams params;
    params.masks = {0, 3};
    const auto result = process_run(run, params);
    REQUIRE(!result);
    CHECK(result.error().kind == ErrorKind::invalid_input);
}

TEST_CASE("a frame that can not be read ends the run with the reader's own error") {
    MadeRun run({64, 48}, 5);
    run.unreadable = 2;
    int delivered = 0;
    ProcessHooks hooks;
    hooks.on_frame = [&](const FrameOutput&) -> Result<void> {
        ++delivered;
        return {};
    };
    const auto result = process_run(run, {}, hooks);
    REQUIRE(!result);
    CHECK(result.error().kind == ErrorKind::unreadable);
    CHECK(delivered <= 2);
}

TEST_CASE("a stop request ends the run as cancelled") {
    MadeRun run({64, 48}, 50);
    std::stop_source stop;
    ProcessHooks hooks;
    hooks.stop = stop.get_token();
    hooks.on_frame = [&](const FrameOutput& out) -> Result<void> {
        if (out.frame == 3) {
            stop.request_stop();
        }
        return {};
    };
    const auto result = process_run(run, {}, hooks);
    REQUIRE(!result);
    CHECK(result.error().kind == ErrorKind::cancelled);
}

TEST_CASE("a run of one frame has no mask, no opacity and no motion") {
    MadeRun run({64, 48}, 1);
    float largest = -1.0F;
    ProcessHooks hooks;
    hooks.on_frame = [&](const FrameOutput& out) -> Result<void> {
        for (const float value : std::span(out.opacity.data(), out.opacity.extent().pixels())) {
            largest = std::max(largest, std::abs(value));
        }
        return {};
    };
    const auto result = process_run(run, {}, hooks);
    REQUIRE(result);
    CHECK(largest == 0.0F);
    REQUIRE(result->motion.size() == 1);
    CHECK(result->motion[0].quality == Quality::no_mask);
    CHECK(result->motion[0].masks.empty());
}
