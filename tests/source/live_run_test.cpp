#include "dsp/source/live_run.h"

#include <catch2/catch.hpp>
#include <thread>

using namespace dsm;
using namespace std::chrono_literals;

namespace {

const auto kBegin = std::chrono::system_clock::time_point(1000000s);

LiveRun::Start start_of(int frames = 1, bool whole = false) {
    LiveRun::Start start;
    start.first.extent = {4, 3};
    start.first.frames = frames;
    start.first.masks.emplace_back();
    for (int k = 0; k < frames; ++k) {
        start.first.frame_time_s.push_back(0.5 * k);
    }
    start.name = "made";
    start.whole = whole;
    return start;
}

LiveFrame frame_of(std::uint16_t value, std::chrono::milliseconds arrival) {
    LiveFrame frame;
    frame.read = [value](ImageView<std::uint16_t> words) -> Result<void> {
        words(0, 0) = value;
        return {};
    };
    frame.last_byte = kBegin + arrival;
    return frame;
}

LiveFrame broken_frame() {
    LiveFrame frame;
    frame.read = [](ImageView<std::uint16_t>) -> Result<void> {
        return fail(ErrorKind::unreadable, "frame.dcm", "cut short");
    };
    return frame;
}

bool awaits(LiveRun& run, FrameIndex frame) {
    const auto there = run.await(frame, {});
    REQUIRE(there);
    return *there;
}

std::uint16_t value_of(LiveRun& run, FrameIndex frame) {
    Image<std::uint16_t> words(run.info().extent);
    REQUIRE(run.read(frame, words.view()));
    return words(0, 0);
}

}  // namespace

TEST_CASE("a live run grows as its frames are waited for, and ends") {
    LiveRun run(start_of());
    CHECK(run.info().masks.empty());
    run.offer(frame_of(10, 0ms));
    run.offer(frame_of(11, 400ms));
    run.end("enough");
    run.offer(frame_of(12, 800ms));  // too late
    REQUIRE(awaits(run, 0));
    CHECK(awaits(run, 0));  // still there
    CHECK(value_of(run, 0) == 10);
    CHECK(run.info().frames == 1);
    REQUIRE(awaits(run, 1));
    CHECK(value_of(run, 1) == 11);
    CHECK(run.last_byte() == kBegin + 400ms);
    CHECK(run.info().frames == 2);
    CHECK(!awaits(run, 2));
    CHECK(run.info().frames == 2);
    CHECK(run.info().frame_time_s[1] == Approx(0.4));
    CHECK(run.info().timing_source == "arrival of each frame");
    CHECK(run.record().ended == "enough");
    Image<std::uint16_t> words(run.info().extent);
    CHECK(!run.read(0, words.view()));  // gone
}

TEST_CASE("a frame that cannot be read is a gap, and so is what did not come") {
    LiveRun run(start_of());
    run.offer(frame_of(1, 0ms));
    run.offer(broken_frame());
    run.offer_gap(2, "lost on the way");
    run.offer(frame_of(2, 900ms));
    run.end("over");
    REQUIRE(awaits(run, 1));
    CHECK(value_of(run, 1) == 2);
    CHECK(!awaits(run, 2));
    const LiveRecord record = run.record();
    REQUIRE(record.gaps.size() == 2);
    CHECK(record.gaps[0].before_frame == 1);
    CHECK(record.gaps[0].why.find("cut short") != std::string::npos);
    CHECK(record.gaps[1].missing == 2);
    CHECK(record.missing == 3);
}

TEST_CASE("times are of the first clock that runs") {
    LiveRun run(start_of());
    for (int k = 0; k < 3; ++k) {
        LiveFrame frame = frame_of(1, 70ms * k);
        frame.acquired_s = 500.0;  // when the acquisition began
        frame.content_s = 500.0 + 0.25 * k;
        run.offer(std::move(frame));
    }
    LiveFrame back = frame_of(1, 300ms);
    back.content_s = 499.0;
    run.offer(std::move(back));
    run.end("over");
    REQUIRE(awaits(run, 3));
    CHECK(run.info().frame_time_s == std::vector<double>{0.0, 0.25, 0.5, 0.5});
    CHECK(run.info().timing_source == "content time of each frame");
    CHECK(!run.info().timing_is_acquisition);
}

TEST_CASE("frames of one object keep its own times") {
    LiveRun run(start_of());
    for (int object = 0; object < 2; ++object) {
        for (int k = 0; k < 2; ++k) {
            LiveFrame frame = frame_of(1, 1000ms * object);
            frame.acquired_s = 10.0 + object;
            frame.after_s = 0.5 * k;
            run.offer(std::move(frame));
        }
    }
    run.end("over");
    REQUIRE(awaits(run, 3));
    CHECK(run.info().frame_time_s == std::vector<double>{0.0, 0.5, 1.0, 1.5});
}

TEST_CASE("a whole object keeps its header, less the frames that cannot be read") {
    LiveRun run(start_of(3, true));
    CHECK(run.info().masks.size() == 1);
    run.offer(frame_of(1, 0ms));
    run.offer(broken_frame());
    run.offer(frame_of(3, 0ms));
    run.end("all frames");
    REQUIRE(awaits(run, 1));
    CHECK(value_of(run, 1) == 3);
    CHECK(!awaits(run, 2));
    CHECK(run.info().frames == 2);
    CHECK(run.info().frame_time_s == std::vector<double>{0.0, 1.0});
}

TEST_CASE("waiting ends with a frame, with the run, and with a stop") {
    LiveRun run(start_of());
    std::jthread producer([&] {
        std::this_thread::sleep_for(20ms);
        run.offer(frame_of(5, 0ms));
        std::this_thread::sleep_for(20ms);
        run.end("over");
    });
    CHECK(awaits(run, 0));
    CHECK(!awaits(run, 1));
    LiveRun idle(start_of());
    std::stop_source stop;
    std::jthread stopper([&] {
        std::this_thread::sleep_for(20ms);
        stop.request_stop();
    });
    const auto stopped = idle.await(0, stop.get_token());
    REQUIRE(!stopped);
    CHECK(stopped.error().kind == ErrorKind::cancelled);
}

TEST_CASE("a clock of whole seconds is helped out by the rate of the header, else by arrival") {
    const auto times = [](std::optional<double> step_s) {
        LiveRun::Start start = start_of();
        start.first.nominal_step_s = step_s;
        start.first.nominal_step_source = "Cine Rate (0018,0040)";
        LiveRun run(start);
        // Four frames a second, the first just before the clock strikes.
        const double clock_s[] = {100.0, 101.0, 101.0, 101.0, 101.0, 102.0};
        for (int k = 0; k < 6; ++k) {
            LiveFrame frame = frame_of(1, 250ms * k);
            frame.acquired_s = clock_s[k];
            run.offer(std::move(frame));
        }
        run.end("over");
        for (FrameIndex k = 0; k < 6; ++k) {
            REQUIRE(awaits(run, k));
        }
        CHECK_FALSE(awaits(run, 6));
        CHECK(run.info().warnings.size() == 1);
        return run.info().frame_time_s;
    };
    const std::vector<double> expected{0.0, 1.0, 1.25, 1.5, 1.75, 2.0};
    const auto by_rate = times(0.25);
    const auto by_arrival = times(std::nullopt);
    for (std::size_t k = 0; k < expected.size(); ++k) {
        CHECK(by_rate.at(k) == Approx(expected[k]));
        CHECK(by_arrival.at(k) == Approx(expected[k]));
    }
}

TEST_CASE("without a clock that runs, the rate of the header comes before arrival") {
    LiveRun::Start start = start_of();
    start.first.nominal_step_s = 0.5;
    start.first.nominal_step_source = "Frame Time (0018,1063)";
    LiveRun run(start);
    run.offer(frame_of(1, 0ms));
    run.offer(frame_of(2, 10ms));
    run.offer_gap(2, "lost");
    run.offer(frame_of(3, 20ms));
    run.end("over");
    REQUIRE(awaits(run, 2));
    CHECK_FALSE(awaits(run, 3));
    CHECK(run.info().frame_time_s == std::vector<double>{0.0, 0.5, 2.0});
    CHECK(run.info().timing_source == "Frame Time (0018,1063)");
}
