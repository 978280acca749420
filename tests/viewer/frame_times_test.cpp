#include "viewer/study/frame_times.h"

#include <catch2/catch.hpp>

#include "tests/viewer/sample_run.h"
#include "viewer/action_table.h"
#include "viewer/workspace.h"

using namespace dsm;
using namespace dsm::viewer;

namespace {

FrameTimes frame_of(FrameIndex frame, double process_ms) {
    FrameTimes times{frame, {}, process_ms, std::nullopt};
    times.part_ms[0] = 0.25 * process_ms;
    times.part_ms[1] = 0.5 * process_ms;
    return times;
}

}  // namespace

TEST_CASE("the newest frames are kept, and their medians known by stage") {
    RecentTimes recent;
    for (FrameIndex frame = 0; frame < 700; ++frame) {
        recent.add(frame_of(frame, frame < 100 ? 1000.0 : 10.0));
    }
    REQUIRE(recent.frames().size() == RecentTimes::kMost);
    CHECK(recent.frames().front().frame == 100);
    const TimesSummary summary = summary_of(recent.frames(), 20.0);
    CHECK(summary.frames == RecentTimes::kMost);
    CHECK(summary.late == 0);
    CHECK(summary.process_ms.max == 10.0);
    CHECK(summary.part_ms[1].p50 == 5.0);
    CHECK(summary.other_ms.p99 == Approx(2.5));
    CHECK_FALSE(summary.latency_ms);
}

TEST_CASE("a frame is late when its result comes after the next frame") {
    RecentTimes recent;
    recent.add(frame_of(0, 30.0));
    recent.add(frame_of(1, 30.0));
    recent.add(frame_of(2, 50.0));
    recent.set_latency(1, 45.0);  // it waited for the one before it
    recent.set_latency(9, 45.0);  // not there: nothing happens
    const auto& frames = recent.frames();
    CHECK_FALSE(is_late(frames[0], 40.0));
    CHECK(is_late(frames[1], 40.0));
    CHECK(is_late(frames[2], 40.0));
    CHECK_FALSE(is_late(frames[2], std::nullopt));
    const TimesSummary summary = summary_of(frames, 40.0);
    CHECK(summary.late == 2);
    REQUIRE(summary.latency_ms);
    CHECK(summary.latency_ms->max == 45.0);
}

TEST_CASE("the interval of a run is the median of its times, and nothing where it has none") {
    RunInfo run;
    CHECK_FALSE(interval_ms_of(run));
    run.frame_time_s = {0.0};
    CHECK_FALSE(interval_ms_of(run));
    run.frame_time_s = {0.0, 0.5, 1.0, 4.0};
    CHECK(*interval_ms_of(run) == Approx(500.0));
}

TEST_CASE("a run that was processed knows how long each of its frames took") {
    const test::TemporaryFolder folder;
    const auto run = test_runs::copied_sample(folder);
    Workspace workspace;
    const ActionTable table;
    REQUIRE(table.perform(workspace, {"open", {run.string()}}));
    test_runs::wait_for_work(workspace);
    const RecentTimes times = workspace.run()->newest_job()->recent_times();
    REQUIRE(static_cast<FrameIndex>(times.frames().size()) == workspace.run()->info().frames);
    for (const FrameTimes& each : times.frames()) {
        CHECK(each.process_ms > 0.0);
        CHECK_FALSE(each.latency_ms);  // nobody waited for it to come
    }
    CHECK_FALSE(workspace.view.timing_shown);
    REQUIRE(table.perform(workspace, {"timing-overlay", {}}));
    CHECK(workspace.view.timing_shown);
    REQUIRE(table.perform(workspace, {"timing-overlay", {"off"}}));
    CHECK_FALSE(workspace.view.timing_shown);
}
