// A run followed while it comes, without a window.
#include "viewer/live_follow.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <thread>

#include "tests/support/small_series.h"
#include "tests/support/support.h"

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

TEST_CASE("the folder that is followed must be there") {
    CHECK(!LiveWatch::start("/nowhere/at/all", [] {}));
}
