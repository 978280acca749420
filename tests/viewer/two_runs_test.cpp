#include <catch2/catch.hpp>
#include <cstdlib>

#include "tests/support/support.h"
#include "viewer/action_table.h"
#include "viewer/film_of_view.h"
#include "viewer/workspace.h"

using namespace dsm;
using namespace dsm::viewer;

namespace {

std::string sample(const test::TemporaryFolder& folder, const std::string& name) {
    const auto to = folder.path() / (name + ".dcm");
    std::filesystem::copy_file(
        std::filesystem::path(DSM_SOURCE_DIR) / "sample_runs" / name / "run.dcm", to);
    return to.string();
}

}  // namespace

TEST_CASE("two runs side by side share time, zoom and place, and keep their sides") {
    const test::TemporaryFolder folder;
    ::setenv("XDG_DATA_HOME", folder.path().c_str(), 1);
    const ActionTable table;
    Workspace workspace;
    REQUIRE(table.perform(workspace, {"open", {sample(folder, "negative_t11")}}));
    CHECK_FALSE(table.perform(workspace, {"layout", {"run-run"}}));  // beside what?
    REQUIRE(table.perform(workspace, {"open", {sample(folder, "fistula_right_t9")}}));
    CHECK(workspace.study.current == 1);
    REQUIRE(table.perform(workspace, {"layout", {"run-run"}}));
    const std::vector<std::size_t> sides{0, 1};
    CHECK(runs_shown(workspace) == sides);
    CHECK(workspace.study.runs[0]->newest_job() != nullptr);  // both are processed

    // Of two patients, which is said, and never made into a film that names nobody.
    CHECK(shows_two_patients(workspace));
    REQUIRE(workspace.notice);
    CHECK(workspace.notice->is_error);
    const auto film = film_of_view(workspace);
    REQUIRE_FALSE(film);
    CHECK(film.error().message().find("different patients") != std::string::npos);

    CHECK(table.perform(workspace, {"magnify", {"2", "0.1", "-0.2"}}));
    CHECK(table.perform(workspace, {"goto", {"20"}}));
    link_runs(workspace);
    CHECK(workspace.view.runs[0].magnification == workspace.view.runs[1].magnification);
    CHECK(workspace.view.runs[0].frame > 0);

    // Whichever is in front, each stays on its side.
    CHECK(table.perform(workspace, {"run", {"1"}}));
    CHECK(workspace.study.current == 0);
    CHECK(runs_shown(workspace) == sides);
    CHECK_FALSE(table.perform(workspace, {"beside", {"1"}}));
    CHECK(table.perform(workspace, {"beside", {"2"}}));

    CHECK(table.perform(workspace, {"close-run", {}}));
    CHECK(runs_shown(workspace).size() == 1);
}

TEST_CASE("the four pictures are of one run") {
    ViewState view;
    view.layout = Layout::quad;
    RunView run_view;
    using Kinds = std::vector<PictureKind>;
    CHECK(pictures_shown(view, run_view) == Kinds{PictureKind::original, PictureKind::subtracted,
                                                  PictureKind::mask, PictureKind::peak});
    run_view.picture = PictureKind::arrival;
    CHECK(pictures_shown(view, run_view).back() == PictureKind::arrival);
}
