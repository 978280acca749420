#include "viewer/action_table.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <map>
#include <set>
#include <sstream>

#include "tests/support/support.h"
#include "viewer/workspace.h"

using namespace dsm;
using namespace dsm::viewer;

namespace {

std::filesystem::path sample(const test::TemporaryFolder& folder) {
    const auto from = std::filesystem::path(DSM_SOURCE_DIR) / "sample_runs/negative_t11/run.dcm";
    const auto to = folder.path() / "run.dcm";
    std::filesystem::copy_file(from, to);
    return to;
}

}  // namespace

TEST_CASE("every action has a name of its own, a label, and a key that no other has") {
    const ActionTable table;
    std::set<std::string> names;
    std::map<std::string, std::string> keys;
    for (const auto& action : table.actions()) {
        CAPTURE(action.name);
        CHECK(names.insert(action.name).second);
        CHECK_FALSE(action.label.empty());
        CHECK(action.enabled);
        CHECK(action.run);
        std::istringstream words(action.keys);
        for (std::string key; words >> key;) {
            CAPTURE(key);
            CHECK(keys.emplace(key, action.name).second);
            CHECK(table.for_key(key, table.usual_keys()) == &action);
        }
    }
}

TEST_CASE("an unknown action is refused by name, and one that needs a run says so") {
    const ActionTable table;
    Workspace workspace;
    const auto unknown = table.perform(workspace, {"fly", {}});
    REQUIRE_FALSE(unknown);
    CHECK(unknown.error().subject == "fly");
    const auto early = table.perform(workspace, {"goto", {"3"}});
    REQUIRE_FALSE(early);
    CHECK(early.error().remedy == "open a run first");
    CHECK_FALSE(table.perform(workspace, {"open", {"/no/such/file.dcm"}}));
    CHECK(table.perform(workspace, {"help", {}}));
    CHECK(workspace.view.help_shown);
}

TEST_CASE("actions on an opened run move through it, mark it and take marks back") {
    const test::TemporaryFolder folder;
    // Journals of the same study elsewhere on this machine must stay out of it.
    ::setenv("XDG_DATA_HOME", folder.path().c_str(), 1);
    const ActionTable table;
    Workspace workspace;
    REQUIRE(table.perform(workspace, {"open", {sample(folder).string()}}));
    REQUIRE(workspace.run() != nullptr);
    const int frames = workspace.run()->info().frames;

    CHECK(table.perform(workspace, {"goto", {"3"}}));
    CHECK(workspace.run_view().frame == 2);
    CHECK_FALSE(table.perform(workspace, {"goto", {std::to_string(frames + 1)}}));
    CHECK_FALSE(table.perform(workspace, {"goto", {"three"}}));
    CHECK(table.perform(workspace, {"last-frame", {}}));
    CHECK(workspace.run_view().frame == frames - 1);

    CHECK(table.perform(workspace, {"annotate-ellipse", {"100", "90", "12", "8"}}));
    REQUIRE(workspace.run_review().annotations.size() == 1);
    CHECK(table.perform(workspace, {"move-annotation", {"1", "5", "-2"}}));
    const auto& shape = workspace.run_review().annotations.front().shape;
    CHECK(std::get<EllipseShape>(shape).center_px == Point{105.0, 88.0});
    CHECK(table.perform(workspace, {"undo", {}}));
    CHECK(table.perform(workspace, {"undo", {}}));
    CHECK(workspace.run_review().annotations.empty());
    CHECK(table.perform(workspace, {"redo", {}}));
    CHECK(workspace.run_review().annotations.size() == 1);
    CHECK_FALSE(table.perform(workspace, {"annotate-arrow", {"1", "2", "3"}}));
}

TEST_CASE(
    "the layout decides which pictures are shown, and a held key puts the native frame there") {
    ViewState view;
    RunView run_view;
    using Kinds = std::vector<PictureKind>;
    CHECK(pictures_shown(view, run_view) == Kinds{PictureKind::original, PictureKind::subtracted});
    view.layout = Layout::single;
    run_view.picture = PictureKind::mask;
    CHECK(pictures_shown(view, run_view) == Kinds{PictureKind::mask});
    view.native_held = true;
    CHECK(pictures_shown(view, run_view) == Kinds{PictureKind::original});
    view.native_held = false;
    view.layout = Layout::original_subtracted;
    for (const auto kind : {PictureKind::peak, PictureKind::variance}) {
        run_view.picture = kind;  // of the whole run: in place of the subtracted frame
        CHECK(pictures_shown(view, run_view) == Kinds{PictureKind::original, kind});
    }
}

TEST_CASE("masks chosen by hand are kept, can be given back, and the run is processed with them") {
    const test::TemporaryFolder folder;
    ::setenv("XDG_DATA_HOME", folder.path().c_str(), 1);
    const ActionTable table;
    const auto file = sample(folder).string();
    const std::vector<FrameIndex> chosen{1, 4};
    {
        Workspace workspace;
        REQUIRE(table.perform(workspace, {"open", {file}}));
        CHECK(workspace.run()->newest_job()->params().masks.empty());
        CHECK(table.perform(workspace, {"masks", {"2"}}));
        CHECK(table.perform(workspace, {"mask-also", {"5"}}));
        CHECK(masks_in_force(workspace) == chosen);
        CHECK(workspace.run()->newest_job()->params().masks == chosen);
        CHECK_FALSE(table.perform(workspace, {"mask-also", {"0"}}));
        CHECK_FALSE(table.perform(workspace, {"mask-also", {"9999"}}));
    }
    Workspace again;
    REQUIRE(table.perform(again, {"open", {file}}));
    CHECK(masks_in_force(again) == chosen);
    CHECK(table.perform(again, {"mask-also", {"5"}}));
    CHECK_FALSE(table.perform(again, {"mask-also", {"2"}}));  // the only one left
    CHECK(table.perform(again, {"mask-auto", {}}));
    CHECK_FALSE(again.run_review().mask_frames);
    CHECK(again.run()->newest_job()->params().masks.empty());
}

TEST_CASE("the filter for the eye and the mask-free view are switched by name") {
    const test::TemporaryFolder folder;
    ::setenv("XDG_DATA_HOME", folder.path().c_str(), 1);
    const ActionTable table;
    Workspace workspace;
    REQUIRE(table.perform(workspace, {"open", {sample(folder).string()}}));
    CHECK(table.perform(workspace, {"filtered", {"on"}}));
    CHECK(workspace.view.filtered);
    workspace.view.unregistered_held = true;
    CHECK_FALSE(shows_filtered(workspace));  // what is compared with must be as plain as can be
    CHECK(table.perform(workspace, {"mask-free", {}}));
    CHECK(workspace.run_view().picture == PictureKind::variance);
    CHECK(table.perform(workspace, {"mask-free", {}}));
    CHECK(workspace.run_view().picture == PictureKind::subtracted);
    CHECK(table.perform(workspace, {"view", {"variance"}}));
}
