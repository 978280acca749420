// Pictures, films and curves by name.
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>
#include <thread>

#include "tests/support/support.h"
#include "tests/viewer/sample_run.h"
#include "viewer/action_table.h"
#include "viewer/curves.h"
#include "viewer/film_of_view.h"
#include "viewer/workspace.h"

using namespace dsm;
using namespace dsm::viewer;

namespace {

void wait_for_film(Workspace& workspace) {
    while (workspace.film != nullptr) {
        tend_film(workspace);
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
}

}  // namespace

TEST_CASE("the pictures in view are saved as picture and film, the curves as a table") {
    const test::TemporaryFolder folder;
    const auto run = test_runs::copied_sample(folder);
    const ActionTable table;
    Workspace workspace;
    const auto did = [&](const Invocation& invocation) {
        const auto done = table.perform(workspace, invocation);
        INFO((done ? std::string() : done.error().message()));
        return done.has_value();
    };
    CHECK_FALSE(did({"save-picture", {}}));
    REQUIRE(did({"open", {run.string()}}));
    CHECK_FALSE(did({"save-film", {(folder.path() / "early.mp4").string()}}));
    test_runs::wait_for_work(workspace);
    REQUIRE(did({"goto", {"7"}}));
    REQUIRE(did({"save-picture", {}}));
    CHECK(test::read_file(folder.path() / "run_frame_7.png").substr(1, 3) == "PNG");
    CHECK_FALSE(did({"save-picture", {(folder.path() / "p.jpg").string()}}));

    CHECK_FALSE(did({"save-curves", {}}));  // there are none
    REQUIRE(did({"annotate-ellipse", {"100", "100", "10", "8"}}));
    workspace.view.probe_px = Point{50.0, 50.0};
    CHECK(curve_series(workspace).size() == 2);
    REQUIRE(did({"save-curves", {}}));
    const auto csv = test::read_file(folder.path() / "run_curves.csv");
    CHECK(csv.find("\"R1 opacity\"") != std::string::npos);
    CHECK(csv.find("at 50") == std::string::npos);  // the pointer is no result
    const auto rows = std::count(csv.begin(), csv.end(), '\n');
    CHECK(rows == workspace.run()->info().frames + 1);

    REQUIRE(did({"loop", {"5", "8"}}));
    const auto film = film_of_view(workspace);
    REQUIRE(film);
    CHECK(film->panels.size() == 2);
    CHECK(film->frames == FrameRange{4, 7});
    CHECK(film->panels[1].title == "SUBTRACTED");
    CHECK(film->panels[1].dark_is_large);
    const auto file = folder.path() / "run_film.mp4";
    REQUIRE(did({"save-film", {}}));
    CHECK_FALSE(did({"save-film", {}}));  // one at a time
    wait_for_film(workspace);
    CHECK(test::read_file(file).substr(4, 4) == "ftyp");

    const auto given_up = folder.path() / "given_up.gif";
    REQUIRE(did({"save-film", {given_up.string()}}));
    REQUIRE(did({"cancel-film", {}}));
    wait_for_film(workspace);
    CHECK_FALSE(workspace.requests.failure);
    REQUIRE(did({"save-film", {(folder.path() / "no/such/film.mp4").string()}}));
    wait_for_film(workspace);
    CHECK(workspace.requests.failure);

    REQUIRE(did({"layout", {"quad"}}));
    REQUIRE(did({"save-picture", {(folder.path() / "quad.png").string()}}));
    workspace.view.read_first = true;
    const auto withheld = film_of_view(workspace);
    REQUIRE(withheld);
    CHECK(withheld->panels[1].highlights.empty());
}
