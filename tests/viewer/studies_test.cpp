// The study browser: the tree, the search in the background, opening one run or two.
#include <catch2/catch.hpp>
#include <chrono>
#include <fstream>
#include <thread>

#include "tests/support/small_series.h"
#include "tests/viewer/sample_run.h"
#include "viewer/action_table.h"
#include "viewer/study_desk.h"
#include "viewer/study_rows.h"
#include "viewer/workspace.h"

using namespace dsm;
using namespace dsm::viewer;

namespace {

ListedRun listed(const char* patient, const char* date, int series, int instance,
                 const char* file) {
    ListedRun run;
    run.info.patient_name = patient;
    run.info.patient_id = std::string("ID ") + patient;
    run.info.study_date = date;
    run.info.study_instance_uid = std::string("1.2.") + date;
    run.info.series_number = series;
    run.info.series_instance_uid = run.info.study_instance_uid + "." + std::to_string(series);
    run.info.instance_number = instance;
    run.info.file = file;
    run.info.frames = 1;
    return run;
}

std::vector<std::string> files_of(const std::vector<ListedRun>& runs) {
    std::vector<std::string> files;
    for (const auto& run : runs) {
        files.push_back(run.info.file.string());
    }
    return files;
}

struct Room {
    ActionTable table;
    Workspace workspace;

    bool did(const std::string& action, std::vector<std::string> words = {}) {
        return table.perform(workspace, {action, std::move(words)}).has_value();
    }
    // Until nothing is searched any more.
    void wait() {
        for (int i = 0; i < 3000 && workspace.studies.scan != nullptr; ++i) {
            tend_studies(workspace);
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        REQUIRE(workspace.studies.scan == nullptr);
    }
};

}  // namespace

TEST_CASE("runs are listed by patient, the newest study first, series and instance") {
    std::vector<ListedRun> runs{listed("ROE^JIM", "20250101", 1, 1, "roe"),
                                listed("DOE^JANE", "20240101", 1, 1, "old"),
                                listed("DOE^JANE", "20260101", 2, 2, "second"),
                                listed("DOE^JANE", "20260101", 2, 1, "first"),
                                listed("DOE^JANE", "20260101", 10, 1, "last")};
    ListedRun bad;
    bad.info.file = "bad";
    bad.refusal = "is cut short";
    runs.insert(runs.begin(), bad);
    sort_runs(runs);
    CHECK(files_of(runs) ==
          std::vector<std::string>{"first", "second", "last", "old", "roe", "bad"});
    CHECK(same_study(runs, 1) == std::vector<std::size_t>{0, 1, 2});

    using Kind = StudyRow::Kind;
    std::vector<std::pair<Kind, std::size_t>> shape;
    const auto rows = study_rows(runs);
    for (const auto& row : rows) {
        shape.emplace_back(row.kind, row.runs);
    }
    CHECK(shape == std::vector<std::pair<Kind, std::size_t>>{{Kind::patient, 4},
                                                             {Kind::study, 3},
                                                             {Kind::series, 2},
                                                             {Kind::run, 1},
                                                             {Kind::run, 1},
                                                             {Kind::run, 1},
                                                             {Kind::study, 1},
                                                             {Kind::run, 1},
                                                             {Kind::patient, 1},
                                                             {Kind::study, 1},
                                                             {Kind::run, 1},
                                                             {Kind::patient, 1},
                                                             {Kind::run, 1}});
    CHECK(rows.front().text == "DOE JANE   ID DOE^JANE");
    CHECK(rows.front().detail == "4 runs");
    CHECK(rows[1].text.starts_with("2026-01-01"));
    CHECK(rows.back().detail == "is cut short");
}

TEST_CASE("two patients of one name, or one study without a UID, are not mixed up") {
    std::vector<ListedRun> runs{listed("DOE", "20260101", 1, 1, "a"),
                                listed("DOE", "20260101", 1, 2, "b")};
    runs[1].info.patient_id = "another";
    sort_runs(runs);
    CHECK(same_study(runs, 0).size() == 1);
    runs[1].info.patient_id = runs[0].info.patient_id;
    for (auto& run : runs) {
        run.info.study_instance_uid.clear();
    }
    CHECK(same_study(runs, 0).size() == 2);
}

TEST_CASE("the rate of a run is told, or that it is irregular or unknown") {
    RunInfo info;
    info.frames = 3;
    CHECK(rate_text(info) == "rate unknown");
    info.frame_time_s = {0.0, 0.8, 1.6};
    CHECK(rate_text(info) == "1.25 frames/s");
    info.frame_time_s = {0.0, 0.5, 2.0};
    CHECK(rate_text(info) == "1 frames/s, irregular");
    info.frames = 1;
    CHECK(rate_text(info).empty());
}

TEST_CASE("a folder is searched in the background: headers, pictures, and what cannot be opened") {
    const test::TemporaryFolder folder;
    const auto place = folder.path() / "in";
    std::filesystem::create_directories(place);
    const auto run = test_runs::copied_sample(folder);
    std::filesystem::copy_file(run, place / "one.dcm");
    std::ofstream(place / "broken.dcm", std::ios::binary) << test::read_file(run).substr(0, 3000);
    test::write_series({}, place / "frames");

    Room room;
    REQUIRE(room.did("studies-search", {place.string()}));
    CHECK(room.workspace.view.studies_shown);
    CHECK(works_in_background(room.workspace));
    room.wait();
    const auto& runs = room.workspace.studies.runs;
    REQUIRE(runs.size() == 3);
    CHECK(runs.back().info.file == std::filesystem::weakly_canonical(place / "broken.dcm"));
    CHECK_FALSE(runs.back().refusal.empty());
    CHECK(runs.back().picture == nullptr);
    for (const std::size_t at : {0U, 1U}) {
        CAPTURE(at);
        REQUIRE(runs[at].picture != nullptr);
        CHECK(std::max(runs[at].picture->width(), runs[at].picture->height()) <= kThumbnail_px);
    }
    CHECK_FALSE(room.did("studies-choose", {"3"}));
    CHECK_FALSE(room.did("studies-choose", {"0"}));
    CHECK(room.did("studies-choose", {"2"}));

    // Searched again, nothing is listed twice.
    REQUIRE(room.did("studies-search", {place.string()}));
    room.wait();
    CHECK(room.workspace.studies.runs.size() == 3);
    CHECK(room.did("studies-clear"));
    CHECK(room.workspace.studies.runs.empty());
    CHECK_FALSE(room.did("studies-open"));

    REQUIRE(room.did("studies-search", {(folder.path() / "nowhere").string()}));
    room.wait();
    REQUIRE(room.workspace.studies.failure);
    CHECK(room.workspace.studies.failure->kind == ErrorKind::not_found);
}

TEST_CASE("one run is opened from the list, or two side by side, or all of a study") {
    const test::TemporaryFolder folder;
    const auto run = test_runs::copied_sample(folder);
    Room room;
    REQUIRE(room.did("studies-search", {folder.path().string()}));
    room.wait();
    REQUIRE(room.workspace.studies.runs.size() == 1);
    CHECK(room.workspace.studies.selected.size() == 1);  // for Enter
    REQUIRE(room.did("studies-open"));
    CHECK_FALSE(room.workspace.view.studies_shown);
    REQUIRE(room.workspace.study.runs.size() == 1);

    const auto other = folder.path() / "other.dcm";
    std::filesystem::copy_file(
        std::filesystem::path(DSM_SOURCE_DIR) / "sample_runs/fistula_right_t9/run.dcm", other);
    REQUIRE(room.did("studies-search", {other.string()}));
    room.wait();
    REQUIRE(room.workspace.studies.runs.size() == 2);
    CHECK_FALSE(room.did("studies-open", {"1", "2", "1"}));
    REQUIRE(room.did("studies-open", {"2", "1"}));
    REQUIRE(room.workspace.study.runs.size() == 2);
    CHECK(room.workspace.view.layout == Layout::two_runs);
    const auto sides = runs_shown(room.workspace);
    REQUIRE(sides.size() == 2);
    const auto left = room.workspace.study.runs[sides[0]]->info().file;
    CHECK(left == room.workspace.studies.runs[1].info.file);  // as they were chosen

    CHECK(room.did("studies-open-all"));
    CHECK(room.workspace.study.runs.size() == 2);  // the other one is of another patient
}

TEST_CASE("a search that is given up keeps what was found and says that there may be more") {
    const test::TemporaryFolder folder;
    const auto run = test_runs::copied_sample(folder);
    for (int i = 0; i < 40; ++i) {
        std::filesystem::create_hard_link(run, folder.path() / ("run" + std::to_string(i)));
    }
    Room room;
    REQUIRE(room.did("studies-search", {folder.path().string()}));
    for (int i = 0; i < 3000 && room.workspace.studies.runs.empty(); ++i) {
        tend_studies(room.workspace);
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    REQUIRE(room.workspace.studies.scan != nullptr);  // pictures are still to come
    const auto began = std::chrono::steady_clock::now();
    REQUIRE(room.did("studies-cancel"));
    CHECK(room.workspace.studies.scan == nullptr);
    CHECK_FALSE(works_in_background(room.workspace));
    CHECK(room.workspace.studies.said.starts_with("Cancelled"));
    CHECK_FALSE(room.workspace.studies.runs.empty());
    for (int i = 0; i < 3000 && !room.workspace.studies.leaving.empty(); ++i) {
        tend_studies(room.workspace);
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(2));
}
