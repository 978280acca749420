// Lines, angles, frames, copies and the history, by name.
#include <catch2/catch.hpp>
#include <cstdlib>

#include "dsp/review/measure.h"
#include "tests/support/support.h"
#include "viewer/action_table.h"
#include "viewer/canvas/hit_test.h"
#include "viewer/marks.h"
#include "viewer/workspace.h"

using namespace dsm;
using namespace dsm::viewer;

namespace {

std::string sample(const test::TemporaryFolder& folder, const std::string& name,
                   const std::string& as) {
    const auto to = folder.path() / (as + ".dcm");
    std::filesystem::copy_file(
        std::filesystem::path(DSM_SOURCE_DIR) / "sample_runs" / name / "run.dcm", to);
    return to.string();
}

struct Opened {
    Opened() {
        ::setenv("XDG_DATA_HOME", folder.path().c_str(), 1);
        REQUIRE(did({"open", {sample(folder, "negative_t11", "a")}}));
    }
    bool did(const Invocation& invocation) {
        return table.perform(workspace, invocation).has_value();
    }
    [[nodiscard]] const std::vector<Annotation>& annotations() const {
        return workspace.run_review().annotations;
    }
    test::TemporaryFolder folder;
    ActionTable table;
    Workspace workspace;
};

}  // namespace

TEST_CASE("lines and angles are drawn, moved by a handle, and survive undo, redo and reopening") {
    Opened viewer;
    REQUIRE(viewer.did({"goto", {"5"}}));
    REQUIRE(viewer.did({"annotate-line", {"10", "20", "40", "60"}}));
    REQUIRE(viewer.did({"annotate-angle", {"30", "10", "10", "10", "10", "40"}}));
    CHECK_FALSE(viewer.did({"annotate-angle", {"30", "10", "10", "10"}}));
    CHECK_FALSE(viewer.did({"annotate-line", {"10", "20", "10", "20"}}));
    REQUIRE(viewer.annotations().size() == 2);
    CHECK(viewer.annotations()[0].frames == FrameRange{4, 4});
    REQUIRE(viewer.did({"move-annotation", {"1", "10", "0", "1"}}));
    CHECK(viewer.annotations()[0].shape == Shape{LineShape{{10, 20}, {50, 60}}});
    REQUIRE(viewer.did({"move-annotation", {"2", "0", "5", "1"}}));
    CHECK(viewer.annotations()[1].shape == Shape{AngleShape{{30, 10}, {10, 15}, {10, 40}}});
    REQUIRE(viewer.did({"move-annotation", {"2", "1", "1"}}));
    CHECK(viewer.annotations()[1].shape == Shape{AngleShape{{31, 11}, {11, 16}, {11, 41}}});

    REQUIRE(viewer.did({"history", {"2"}}));
    CHECK(viewer.annotations()[0].shape == Shape{LineShape{{10, 20}, {40, 60}}});
    CHECK_FALSE(viewer.did({"history", {"9"}}));
    REQUIRE(viewer.did({"history", {"0"}}));
    CHECK(viewer.annotations().empty());
    REQUIRE(viewer.did({"history", {"5"}}));
    const auto drawn = viewer.annotations();
    REQUIRE(drawn.size() == 2);
    CHECK(std::get<AngleShape>(drawn[1].shape).vertex_px == Point{11, 16});

    Workspace again;
    viewer.workspace = Workspace{};  // lets the journal go
    REQUIRE(viewer.table.perform(again, {"open", {(viewer.folder.path() / "a.dcm").string()}}));
    CHECK(again.run_review().annotations == drawn);
}

TEST_CASE("a mark is selected, seen in other frames, and deleted") {
    Opened viewer;
    REQUIRE(viewer.did({"goto", {"3"}}));
    REQUIRE(viewer.did({"annotate-line", {"10", "20", "40", "60"}}));
    REQUIRE(viewer.did({"annotation-frames", {"1", "2", "6"}}));
    CHECK(viewer.annotations()[0].frames == FrameRange{1, 5});
    CHECK_FALSE(viewer.did({"annotation-frames", {"1", "6", "2"}}));
    CHECK_FALSE(viewer.did({"annotation-frames", {"1", "6", "9999"}}));
    REQUIRE(viewer.did({"annotation-frames", {"1", "all"}}));
    CHECK_FALSE(viewer.annotations()[0].frames);
    const auto hit = hit_annotation(viewer.workspace.run_review(), 0, {25, 40}, 2.0, std::nullopt);
    REQUIRE(hit);
    CHECK(hit->handle == -1);
    CHECK(hit_annotation(viewer.workspace.run_review(), 0, {40, 60}, 2.0, MarkId{1})->handle == 1);
    REQUIRE(viewer.did({"select-annotation", {"1"}}));
    REQUIRE(viewer.did({"delete-selected", {}}));
    CHECK(viewer.annotations().empty());
    REQUIRE(viewer.did({"undo", {}}));
    CHECK(viewer.annotations().size() == 1);
}

TEST_CASE("a mark is copied to the other run, to the frames as long after the first contrast") {
    Opened viewer;
    REQUIRE(viewer.did({"annotate-text", {"60", "60", "seen late"}}));
    CHECK_FALSE(viewer.did({"copy-annotation", {}}));  // to what?
    REQUIRE(viewer.did({"open", {sample(viewer.folder, "fistula_right_t9", "b")}}));
    CHECK_FALSE(viewer.did({"copy-annotation", {"1"}}));  // nothing is selected here
    REQUIRE(viewer.did({"goto", {"8"}}));
    REQUIRE(viewer.did({"annotate-line", {"10", "20", "40", "60"}}));
    REQUIRE(viewer.did({"annotation-frames", {"1", "8", "12"}}));
    CHECK_FALSE(viewer.did({"copy-annotation", {"2"}}));  // onto itself
    const auto& info = viewer.workspace.run()->info();
    const bool same_size = viewer.workspace.study.runs[0]->info().extent == info.extent;
    REQUIRE(same_size == viewer.did({"copy-annotation", {"1"}}));
    if (same_size) {
        REQUIRE(viewer.did({"run", {"1"}}));
        const auto& copy = viewer.annotations().back();
        CHECK(copy.shape == Shape{LineShape{{10, 20}, {40, 60}}});
        REQUIRE(copy.frames);
        CHECK(copy.frames->first <= copy.frames->last);
        CHECK(viewer.annotations().size() == 2);
    }
}

TEST_CASE("the next level mark can be named, once") {
    Opened viewer;
    CHECK_FALSE(viewer.did({"next-level", {"Q9"}}));
    REQUIRE(viewer.did({"next-level", {"T6"}}));
    CHECK(viewer.workspace.run_view().next_level == "T6");
    REQUIRE(viewer.did({"mark-level", {"T6", "100", "30"}}));
    CHECK(viewer.workspace.run_view().next_level.empty());
    REQUIRE(viewer.did({"next-level", {"T7"}}));
    REQUIRE(viewer.did({"next-level", {"auto"}}));
    CHECK(viewer.workspace.run_view().next_level.empty());
}

TEST_CASE("what is written at a mark") {
    RunInfo run;
    run.spacing = PixelSpacing{0.5, 0.5, SpacingBasis::calibrated};
    Annotation mark{3, LineShape{{0, 0}, {30, 40}}, "", {}, false, {}};
    CHECK(label_of(mark, run) == "25.0 mm");
    mark.text = "sac";
    CHECK(label_of(mark, run) == "sac: 25.0 mm");
    mark.shape = EllipseShape{{5, 5}, 2, 2};
    mark.text.clear();
    CHECK(label_of(mark, run) == "R3");
}
