#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "dsp/evaluation/trial_report.h"
#include "dsp/evaluation/trial_summary.h"
#include "tests/support/support.h"

using namespace dsm;
using namespace dsm::evaluation;

namespace {

TrialRow row(TrialCase trial_case, const std::string& scene, const std::string& method,
             double artefact, double time_ms) {
    TrialRow made;
    made.scene = scene;
    made.trial_case = trial_case;
    made.method = method;
    made.figures.artefact = artefact;
    made.figures.ratio = 1.0 + artefact;
    made.figures.column = Kept{0.99, 0.1};
    made.figures.time_ms = time_ms;
    return made;
}

TrialReport made_report() {
    TrialReport report;
    report.scenes.methods = {kOurs, kNone, kYardstick, kOracle};
    for (const char* scene : {"a", "b", "c"}) {
        const double more = scene[0] - 'a';
        report.scenes.rows.push_back(
            row(TrialCase::breathing, scene, kOurs, 0.1 + 0.1 * more, 20.0));
        report.scenes.rows.push_back(row(TrialCase::breathing, scene, kNone, 1.5, 1.0));
        report.scenes.rows.push_back(row(TrialCase::breathing, scene, kYardstick, 0.25, 100.0));
        report.scenes.rows.push_back(row(TrialCase::breathing, scene, kOracle, 0.0, 0.0));
    }
    report.runs.methods = {kOurs};
    RunRow run;
    run.run = "lumbar";
    run.method = kOurs;
    run.score.artefact_ratio = 1.25;
    run.score.kept_vein = {0.9};
    report.runs.rows.push_back(run);
    report.scenes.notes = {"a note"};
    return report;
}

const Goal& goal(const std::vector<Goal>& goals, const std::string& part) {
    for (const Goal& each : goals) {
        if (each.what.find(part) != std::string::npos) {
            return each;
        }
    }
    FAIL("no goal " + part);
    throw std::logic_error(part);
}

}  // namespace

TEST_CASE("summaries are medians by case and method, with time against the yardstick") {
    const std::vector<CaseSummary> summaries = summarise(made_report().scenes);
    REQUIRE(summaries.size() == 4);
    const CaseSummary& ours = summaries.front();
    CHECK(ours.method == kOurs);
    CHECK(ours.artefact == Approx(0.2));
    CHECK(ours.artefact_worst == Approx(0.3));
    CHECK(*ours.time_ratio == Approx(0.2));
    CHECK(summaries[2].worse_than_ours == 2);  // 0.25 against 0.1, 0.2 and 0.3
}

TEST_CASE("a goal is met or missed by the median") {
    const std::vector<Goal> goals = goals_of(summarise(made_report().scenes));
    CHECK(goal(goals, ": A").met());
    CHECK(goal(goals, "keep column").met());
    CHECK(goal(goals, "best peer").met());
    CHECK(goal(goals, "time").met());
    TrialReport worse = made_report();
    for (TrialRow& each : worse.scenes.rows) {
        if (each.method == kOurs) {
            each.figures.artefact = 0.31;
            each.figures.time_ms = 51.0;
        }
    }
    const std::vector<Goal> missed = goals_of(summarise(worse.scenes));
    CHECK_FALSE(goal(missed, ": A").met());
    CHECK_FALSE(goal(missed, "best peer").met());
    CHECK_FALSE(goal(missed, "time").met());
}

TEST_CASE("tables and plots are written whole, and say the same") {
    const dsm::test::TemporaryFolder folder;
    const TrialReport report = made_report();
    const auto files = write_trial(report, folder.path() / "deep" / "out");
    INFO((files ? std::string() : files.error().message()));
    REQUIRE(files.has_value());
    CHECK(files->size() == 8);
    for (const auto& file : *files) {
        CHECK(std::filesystem::file_size(file) > 100);
    }
    const auto json = nlohmann::json::parse(
        dsm::test::read_file(folder.path() / "deep" / "out" / "registration.json"));
    CHECK(json["schema"] == "dsm-registration-trial/1");
    CHECK(json["scenes"].size() == report.scenes.rows.size());
    CHECK(json["runs"].size() == 1);
    CHECK(json["cases"].size() == 4);
    const std::string csv = scenes_csv(report.scenes);
    CHECK(std::count(csv.begin(), csv.end(), '\n') == 13);
    const std::string text = trial_text(report);
    for (const char* part : {"abdomen, one mask", "DIS medium", "oracle", "a note", "lumbar"}) {
        CHECK(text.find(part) != std::string::npos);
    }
}

TEST_CASE("a method that has no such name cannot be left out") {
    TrialOptions options;
    std::vector<std::string> notes;
    options.without = {"DIS fast"};
    const auto peers = peers_for(options, notes);
    REQUIRE(peers.has_value());
    for (const Peer& peer : *peers) {
        CHECK(peer.name != "DIS fast");
    }
    CHECK_FALSE(notes.empty());
    options.without = {"telepathy"};
    CHECK_FALSE(peers_for(options, notes).has_value());
}
