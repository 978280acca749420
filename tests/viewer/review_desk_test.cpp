#include "viewer/review_desk.h"

#include <catch2/catch.hpp>
#include <cstdlib>

#include "dsp/review/journal_location.h"
#include "tests/support/support.h"

using namespace dsm;
using namespace dsm::viewer;

namespace {

RunInfo run_in(const std::filesystem::path& folder) {
    RunInfo run;
    run.file = folder / "run.dcm";
    run.sop_instance_uid = "1.2.3.4";
    run.study_instance_uid = "1.2.3";
    return run;
}

}  // namespace

TEST_CASE("what was recorded is there again when the desk is set up anew, and said") {
    const test::TemporaryFolder folder;
    ::setenv("XDG_DATA_HOME", folder.path().c_str(), 1);
    const auto run = run_in(folder.path());
    const auto study = study_key(run);
    {
        ReviewDesk desk;
        CHECK(desk.admit(run).empty());
        CHECK(desk.perform(study, SetLevelMark{run_key(run), "T7", {10.0, 20.0}}));
        CHECK(desk.perform(study, SetLevelMark{run_key(run), "T9", {10.0, 90.0}}));
        CHECK(desk.undo(study));
    }
    ReviewDesk again;
    CHECK(again.admit(run) == "Restored from the journal: 1 level mark");
    const auto& review = review_of(again.review_of_study(study), run_key(run));
    REQUIRE(review.levels.size() == 1);
    CHECK(review.levels.front().label == "T7");
    CHECK(again.history(study).can_redo());
    CHECK(again.redo(study));
    CHECK(review_of(again.review_of_study(study), run_key(run)).levels.size() == 2);
}

TEST_CASE("nudges that follow each other are one step for undo") {
    const test::TemporaryFolder folder;
    ::setenv("XDG_DATA_HOME", folder.path().c_str(), 1);
    const auto run = run_in(folder.path());
    const auto study = study_key(run);
    ReviewDesk desk;
    CHECK(desk.admit(run).empty());
    for (const double x : {0.1, 0.2, 0.3}) {
        CHECK(desk.perform(study, SetManualShift{run_key(run), Point{x, 0.0}}, "shift"));
    }
    CHECK(desk.undo(study));
    CHECK_FALSE(review_of(desk.review_of_study(study), run_key(run)).manual_shift_px);
}
