// A run followed while it comes, without a window.
#include "viewer/live_follow.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <thread>

#include "tests/support/small_series.h"
#include "tests/support/support.h"
#include "viewer/study/live_losses.h"
#include "viewer/study/run_frames.h"

using namespace dsm;
using namespace dsm::viewer;
using namespace std::chrono_literals;

namespace {

struct Room {
    test::TemporaryFolder folder;
    Workspace workspace;
    std::unique_ptr<LiveFollow> live;

    Room() {
        ::setenv("XDG_DATA_HOME", folder.path().c_str(), 1);
        std::filesystem::create_directories(in());
        auto watch = LiveWatch::start(in(), [] {});
        REQUIRE(watch);
        live = std::make_unique<LiveFollow>(std::move(*watch), "IN");
    }
    [[nodiscard]] std::filesystem::path in() const { return folder.path() / "in"; }
    void send(int first, int last) {
        test::SmallSeries series;
        series.extent = {128, 96};
        for (int number = first; number <= last; ++number) {
            test::write_frame_of(series, number, in() / (std::to_string(number) + ".dcm"));
        }
    }
    // Until `done`, ten seconds at most.
    template <class Done>
    [[nodiscard]] bool tend_until(const Done& done) {
        for (int i = 0; i < 1000; ++i) {
            live->tend(workspace);
            for (auto& run : workspace.study.runs) {
                run->tend();
            }
            if (done()) {
                return true;
            }
            std::this_thread::sleep_for(10ms);
        }
        return false;
    }
    [[nodiscard]] LiveBadge badge() const { return live->badge(workspace); }
};

}  // namespace

TEST_CASE("the newest frame is shown as it comes, unless the reader looks at another") {
    Room room;
    CHECK(room.badge().state == LiveBadge::State::waiting);
    room.send(1, 5);
    REQUIRE(room.tend_until(
        [&] { return room.workspace.run() != nullptr && room.workspace.run_view().frame == 4; }));
    CHECK(room.workspace.run()->info().frames == 5);
    CHECK(room.workspace.run()->info().frame_time_s.size() == 5);
    CHECK(room.workspace.run()->busy());
    CHECK(room.badge().state == LiveBadge::State::following);
    CHECK(room.badge().text.find("latency") != std::string::npos);
    CHECK(wanted_params(room.workspace).mode == Mode::live);

    show_frame(room.workspace, 1);
    room.send(6, 8);
    REQUIRE(room.tend_until([&] { return room.workspace.run()->info().frames == 8; }));
    REQUIRE(
        room.tend_until([&] { return room.badge().text.find("6 behind") != std::string::npos; }));
    CHECK(room.workspace.run_view().frame == 1);
    CHECK(room.badge().state == LiveBadge::State::looking_back);
    CHECK(room.workspace.run()->frames().holds(7));

    show_frame(room.workspace, 7);
    room.send(9, 9);
    REQUIRE(room.tend_until([&] { return room.workspace.run_view().frame == 8; }));
    CHECK(room.badge().state == LiveBadge::State::following);
}

TEST_CASE("what is missing from a run that grows is said in its warnings and beside its state") {
    Room room;
    room.send(1, 3);
    REQUIRE(room.tend_until([&] {
        return room.workspace.run() != nullptr && room.workspace.run()->info().frames == 3;
    }));
    CHECK(room.workspace.run()->info().warnings.empty());
    room.send(6, 7);
    REQUIRE(
        room.tend_until([&] { return room.badge().text.find("missing") != std::string::npos; }));
    REQUIRE(room.tend_until([&] { return room.workspace.run()->info().frames == 5; }));
    const auto& warnings = room.workspace.run()->info().warnings;
    REQUIRE(warnings.size() == 1);
    CHECK(warnings[0].find("2 frames missing before frame 4") != std::string::npos);
    CHECK(room.badge().text.find("2 missing") != std::string::npos);
}

TEST_CASE("losses are counted as far as they can be") {
    LiveRecord record;
    CHECK(losses_in_short(record).empty());
    CHECK(losses_as_warnings(record).empty());
    record.add({3, 1, "lost"});
    CHECK(losses_in_short(record) == "1 missing");
    record.add({5, std::nullopt, "the picture stopped"});
    record.too_late = 2;
    CHECK(losses_in_short(record) == "1 or more missing, 2 too late");
    CHECK(losses_as_warnings(record).size() == 3);
    for (int i = 0; i < 5000; ++i) {
        record.add({9, 1, "lost"});
    }
    CHECK(losses_as_warnings(record).size() == 22);
}

TEST_CASE("a run without timing is given none while it comes") {
    LiveRun::Start start;
    start.first.extent = {4, 3};
    start.first.frames = 2;
    start.name = "untimed";
    start.whole = true;
    const auto run = std::make_shared<LiveRun>(std::move(start));
    const auto frames = RunFrames::follow(run, [] {});
    REQUIRE(frames);
    StoredSource source(*frames, (*frames)->info(), {});
    for (int k = 0; k < 2; ++k) {
        LiveFrame frame;
        frame.read = [](ImageView<std::uint16_t>) -> Result<void> { return {}; };
        frame.last_byte = std::chrono::system_clock::now();
        run->offer(std::move(frame));
    }
    CHECK(source.await(1, {}).value_or(false));
    run->end("over");
    CHECK(source.info().frames == 2);
    CHECK(!source.info().has_timing());
    CHECK(!(*frames)->time_of_live(1));
    (void)(*frames)->catch_up();
    CHECK((*frames)->info().frames == 2);
    CHECK(!(*frames)->info().has_timing());
}

TEST_CASE("an object with a frame that cannot be read keeps the result of the others") {
    LiveRun::Start start;
    start.first.extent = {4, 3};
    start.first.frames = 3;
    start.first.frame_time_s = {0.0, 0.5, 1.0};
    start.name = "broken";
    start.whole = true;
    const auto run = std::make_shared<LiveRun>(std::move(start));
    const auto frames = RunFrames::follow(run, [] {});
    REQUIRE(frames);
    StoredSource source(*frames, (*frames)->info(), {});
    for (int k = 0; k < 3; ++k) {
        LiveFrame frame;
        frame.after_s = 0.5 * k;
        frame.read = [k](ImageView<std::uint16_t>) -> Result<void> {
            return k == 1 ? Result<void>(fail(ErrorKind::unreadable, "run.dcm", "frame 2"))
                          : Result<void>();
        };
        frame.last_byte = std::chrono::system_clock::now();
        run->offer(std::move(frame));
    }
    run->end("over");
    Image<std::uint16_t> words({4, 3});
    for (FrameIndex frame = 0; frame < 2; ++frame) {
        REQUIRE(source.await(frame, {}).value_or(false));
        CHECK(source.read(frame, words.view()));
    }
    const auto third = source.await(2, {});
    REQUIRE(third);
    CHECK_FALSE(*third);
    CHECK(source.info().frames == 2);
    CHECK(source.info().frame_time_s == std::vector<double>{0.0, 1.0});
}

TEST_CASE("the folder that is followed must be there") {
    CHECK(!LiveWatch::start("/nowhere/at/all", [] {}));
}
