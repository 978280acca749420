#include "viewer/curves.h"

#include <catch2/catch.hpp>

#include "tests/support/support.h"
#include "tests/viewer/sample_run.h"
#include "viewer/action_table.h"

using namespace dsm;
using namespace dsm::viewer;

TEST_CASE("zooming in time keeps what is under the pointer, and stays within the run") {
    const CurveSpan whole{0.0, 40.0};
    const auto in = zoomed(whole, 10.0, 2.0, whole);
    CHECK(in.last - in.first == Approx(20.0));
    CHECK((10.0 - in.first) / 20.0 == Approx(0.25));
    CHECK(zoomed(in, 10.0, 0.5, whole) == whole);
    CHECK(zoomed(in, 10.0, 0.01, whole) == whole);
    auto far = whole;
    for (int i = 0; i < 100; ++i) {
        far = zoomed(far, 39.0, 1.25, whole);
    }
    CHECK(far.last - far.first == Approx(kShortestSpan * 40.0));
    CHECK(far.first <= 39.0);
    CHECK(far.last >= 39.0);
    CHECK(moved(in, 100.0, whole).last == Approx(40.0));
    CHECK(moved(in, -100.0, whole).first == Approx(0.0));
}

TEST_CASE("the pointer reads the nearest frame, however unevenly they are spaced") {
    RunInfo info;
    info.frames = 4;
    info.frame_time_s = {0.0, 0.5, 4.0, 4.1};
    CHECK(nearest_frame(info, 2.0) == 1);
    CHECK(nearest_frame(info, 2.5) == 2);
    CHECK(nearest_frame(info, 99.0) == 3);
    info.frame_time_s.clear();
    CHECK(nearest_frame(info, 2.6) == 2);
    CHECK(nearest_frame(info, -7.0) == 0);
    const OpacityCurve curve{{0.0, 4.0}, {0.1, 0.2}, {}};
    CHECK(nearest_entry(curve, 3.0) == std::size_t{1});
    CHECK_FALSE(nearest_entry({}, 3.0));
}

TEST_CASE("a part of the curves is drawn by name, and any number of regions has one") {
    const test::TemporaryFolder folder;
    const auto run = test_runs::copied_sample(folder);
    const ActionTable table;
    Workspace workspace;
    REQUIRE(table.perform(workspace, {"open", {run.string()}}));
    const auto whole = whole_span(workspace.run()->info());
    CHECK(shown_span(workspace) == whole);
    REQUIRE(table.perform(workspace, {"curve-span", {"2", "9.5"}}));
    CHECK(shown_span(workspace) == CurveSpan{2.0, 9.5});
    CHECK_FALSE(table.perform(workspace, {"curve-span", {"9", "2"}}));
    CHECK_FALSE(table.perform(workspace, {"curve-span", {"2", "2.0001"}}));
    CHECK_FALSE(table.perform(workspace, {"curve-span", {"2", "9999"}}));
    REQUIRE(table.perform(workspace, {"curve-span", {"all"}}));
    CHECK(shown_span(workspace) == whole);

    while (workspace.run()->job_with(0) == nullptr) {
        workspace.run()->tend();
    }
    for (int i = 0; i < 12; ++i) {
        REQUIRE(table.perform(
            workspace, {"annotate-ellipse", {std::to_string(40 + 10 * i), "100", "6", "4"}}));
    }
    CHECK(curve_series(workspace).size() == 12);
}
