// Key images by name: kept as shown, gone back to, noted, removed, and in the report.
#include <algorithm>
#include <catch2/catch.hpp>

#include "dsp/reading/shown_panel.h"
#include "tests/support/support.h"
#include "tests/viewer/sample_run.h"
#include "viewer/action_table.h"
#include "viewer/film_of_view.h"
#include "viewer/picture_shown.h"
#include "viewer/workspace.h"

using namespace dsm;
using namespace dsm::viewer;

namespace {

struct Opened {
    Opened() : run(test_runs::copied_sample(folder)) {
        REQUIRE(did({"open", {run.string()}}));
        test_runs::wait_for_work(workspace);
        workspace.view.picture_size = {400.0, 300.0};
    }
    bool did(const Invocation& invocation) {
        const auto done = table.perform(workspace, invocation);
        INFO((done ? std::string() : done.error().message()));
        return done.has_value();
    }
    [[nodiscard]] const std::vector<KeyImage>& images() const {
        return workspace.run_review().key_images;
    }
    test::TemporaryFolder folder;
    std::filesystem::path run;
    ActionTable table;
    Workspace workspace;
};

}  // namespace

TEST_CASE("a key image keeps frame, picture, window and place, and brings them back") {
    Opened viewer;
    auto& workspace = viewer.workspace;
    REQUIRE(viewer.did({"goto", {"12"}}));
    REQUIRE(viewer.did({"window-level", {"0.05", "0.4"}}));
    REQUIRE(viewer.did({"magnify", {"2", "0.1", "-0.1"}}));
    REQUIRE(viewer.did({"key-image", {}}));
    REQUIRE(viewer.images().size() == 1);
    const KeyImage kept = viewer.images()[0];
    CHECK(kept.frame == 11);
    CHECK(kept.shown.kind == PictureKind::subtracted);
    CHECK(kept.shown.window == DisplayWindow{0.05, 0.4});
    REQUIRE(kept.shown.part);
    // As much as the view of 400 x 300 holds at twice the fitted size.
    const auto extent = workspace.run()->info().extent;
    CHECK(kept.shown.part->high_px.y - kept.shown.part->low_px.y == Approx(0.5 * extent.height));
    REQUIRE(viewer.did({"key-image", {}}));  // the same again is the same
    CHECK(viewer.images().size() == 1);
    REQUIRE(viewer.did({"key-image", {"original"}}));
    REQUIRE(viewer.images().size() == 2);
    CHECK(viewer.images()[1].shown.kind == PictureKind::original);

    const auto place = workspace.run_view().magnification;
    REQUIRE(viewer.did({"first-frame", {}}));
    REQUIRE(viewer.did({"reset-view", {}}));
    REQUIRE(viewer.did({"peak-map", {}}));
    REQUIRE(viewer.did({"select-key-image", {"1"}}));
    CHECK(workspace.run_view().frame == 11);
    CHECK(main_picture(workspace.view, workspace.run_view()) == PictureKind::subtracted);
    CHECK(workspace.run_view().opacity_window == DisplayWindow{0.05, 0.4});
    CHECK(workspace.run_view().magnification.zoom == Approx(place.zoom));
    CHECK(workspace.run_view().magnification.offset.x == Approx(place.offset.x).margin(1e-9));
    CHECK(picture_shown(workspace, PictureKind::subtracted).part->low_px.x ==
          Approx(kept.shown.part->low_px.x));
    REQUIRE(viewer.did({"next-key-image", {}}));
    CHECK(workspace.run_view().selected_key_image == 2);
    REQUIRE(viewer.did({"next-key-image", {}}));
    CHECK(workspace.run_view().selected_key_image == 1);
    CHECK_FALSE(viewer.did({"select-key-image", {"7"}}));
}

TEST_CASE("key images are noted, removed, undone, and there again after reopening") {
    Opened viewer;
    CHECK_FALSE(viewer.did({"next-key-image", {}}));
    REQUIRE(viewer.did({"goto", {"12"}}));
    REQUIRE(viewer.did({"key-image", {"peak"}}));
    REQUIRE(viewer.did({"key-image", {}}));
    // Letter by letter, as it is typed: one step back.
    REQUIRE(viewer.did({"key-image-note", {"2", "v"}}));
    REQUIRE(viewer.did({"key-image-note", {"2", "ve"}}));
    REQUIRE(viewer.did({"key-image-note", {"2", "vein"}}));
    CHECK(viewer.images()[1].note == "vein");
    REQUIRE(viewer.did({"undo", {}}));
    CHECK(viewer.images()[1].note.empty());
    REQUIRE(viewer.did({"redo", {}}));
    REQUIRE(viewer.did({"select-key-image", {"1"}}));
    REQUIRE(viewer.did({"delete-selected", {}}));
    REQUIRE(viewer.images().size() == 1);
    REQUIRE(viewer.did({"delete-key-image", {"2"}}));
    CHECK(viewer.images().empty());
    REQUIRE(viewer.did({"undo", {}}));
    REQUIRE(viewer.did({"undo", {}}));
    REQUIRE(viewer.images().size() == 2);

    const auto text = viewer.folder.path() / "r.txt";
    REQUIRE(viewer.did({"report", {text.string()}}));
    const auto report = test::read_file(text);
    CHECK(report.find("Key image 1: peak opacity") != std::string::npos);
    CHECK(report.find("vein") != std::string::npos);

    const auto before = viewer.images();
    viewer.workspace = Workspace{};  // lets the journal go
    REQUIRE(viewer.did({"open", {viewer.run.string()}}));
    CHECK(viewer.images() == before);
}

TEST_CASE("pictures and films are saved as shown, or whole by that word") {
    Opened viewer;
    auto& workspace = viewer.workspace;
    REQUIRE(viewer.did({"goto", {"12"}}));
    REQUIRE(viewer.did({"magnify", {"2", "0", "0"}}));
    REQUIRE(viewer.did({"rotate-right", {}}));
    REQUIRE(viewer.did({"anatomy", {"40"}}));
    const auto shown = film_of_view(workspace);
    REQUIRE(shown);
    CHECK(shown->panels[1].part);
    CHECK(shown->panels[1].orientation.quarter_turns == 1);
    CHECK(shown->panels[1].anatomy_part == Approx(0.4));
    CHECK(shown->panels[0].anatomy_part == 0.0);  // the original has none under it
    const auto whole = film_of_view(workspace, false);
    REQUIRE(whole);
    CHECK_FALSE(whole->panels[1].part);
    CHECK(whole->panels[1].orientation.plain());
    CHECK(whole->panels[1].anatomy_part == 0.0);
    const auto file = [&](const char* name) { return (viewer.folder.path() / name).string(); };
    REQUIRE(viewer.did({"save-picture", {file("shown.png")}}));
    REQUIRE(viewer.did({"save-picture", {file("whole.png"), "whole"}}));
    CHECK(test::read_file(file("shown.png")) != test::read_file(file("whole.png")));
    CHECK_FALSE(viewer.did({"save-picture", {file("p.png"), "half"}}));
}

TEST_CASE("sharpening is said in pictures, changes them, and goes with a key image") {
    Opened viewer;
    auto& workspace = viewer.workspace;
    REQUIRE(viewer.did({"goto", {"30"}}));
    const auto plain = film_of_view(workspace);
    REQUIRE(plain);
    REQUIRE(viewer.did({"sharpen", {}}));
    CHECK(shows_sharpened(workspace, PictureKind::subtracted));
    CHECK_FALSE(shows_sharpened(workspace, PictureKind::arrival));  // in colours
    const auto film = film_of_view(workspace);
    REQUIRE(film);
    for (const std::size_t at : {0U, 1U}) {  // original and subtracted
        CAPTURE(at);
        CHECK(film->panels[at].title == plain->panels[at].title + ", sharpened");
        const auto before = plain->panels[at].values_of(29);
        const auto after = film->panels[at].values_of(29);
        REQUIRE(before);
        REQUIRE(after);
        CHECK_FALSE(
            std::ranges::equal(after->cview().row_span(200), before->cview().row_span(200)));
    }
    // What is measured is not: the curve and the opacity under the pointer.
    Image<float> opacity;
    REQUIRE(workspace.run()->job_with(29)->read_opacity(29, opacity));
    const auto before = plain->panels[1].values_of(29);
    CHECK(std::ranges::equal(opacity.cview().row_span(200), before->cview().row_span(200)));

    REQUIRE(viewer.did({"key-image", {}}));
    CHECK(viewer.images().back().shown.sharpened);
    REQUIRE(viewer.did({"sharpen", {"off"}}));
    REQUIRE(viewer.did({"select-key-image", {std::to_string(viewer.images().back().id)}}));
    CHECK(workspace.view.sharpened);
    CHECK(
        key_image_title(workspace.run()->info(), viewer.images().back()).ends_with(", sharpened"));
}

TEST_CASE("the peak can be shown in grey, contrast dark, and the shutter opened") {
    Opened viewer;
    auto& workspace = viewer.workspace;
    REQUIRE(viewer.did({"view", {"peak"}}));
    CHECK(film_of_view(workspace)->panels[0].in_colours);
    REQUIRE(viewer.did({"grey-peak", {"on"}}));
    REQUIRE(viewer.did({"shutter", {"off"}}));
    const auto film = film_of_view(workspace);
    REQUIRE(film);
    CHECK_FALSE(film->panels[0].in_colours);
    CHECK(film->panels[0].dark_is_large);
    REQUIRE(viewer.did({"key-image", {}}));
    const auto shown = viewer.images().back().shown;
    CHECK(shown.peak_in_grey);
    CHECK_FALSE(shown.shutter_shown);
    REQUIRE(viewer.did({"grey-peak", {"off"}}));
    REQUIRE(viewer.did({"shutter", {"on"}}));
    REQUIRE(viewer.did({"select-key-image", {std::to_string(viewer.images().back().id)}}));
    CHECK(workspace.view.peak_in_grey);
    CHECK_FALSE(workspace.view.shutter_shown);

    // As shown, what lies outside the header's shutter is left out.
    RunInfo run = workspace.run()->info();
    run.shutter = PixelRect{4, 4, 100, 100};
    ShownPicture picture;
    CHECK(shown_panel(run, {}, picture, {}).shutter == run.shutter);
    picture.shutter_shown = false;
    CHECK_FALSE(shown_panel(run, {}, picture, {}).shutter);
}
