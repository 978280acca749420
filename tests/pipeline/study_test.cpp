// Several runs of one patient taken together.
#include "dsp/pipeline/study.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace dsm;

namespace {

Highlight leak(const char* level, Side side, double confidence, double delay_s, int id = 1) {
    Highlight highlight;
    highlight.id = id;
    highlight.kind = LeakKind::csf_venous_fistula;
    highlight.level = level;
    highlight.side = side;
    highlight.confidence = confidence;
    highlight.delay_after_sac_s = delay_s;
    highlight.peak_opacity = 0.02;
    return highlight;
}

LevelCoverage covered(const char* level, Side side, bool adequate, double detectable) {
    LevelCoverage coverage;
    coverage.level = level;
    coverage.side = side;
    coverage.in_view = true;
    coverage.adequate = adequate;
    coverage.detectable_opacity = detectable;
    coverage.why = adequate ? "" : "noise";
    return coverage;
}

RunOfStudy run(const char* name, const char* patient) {
    RunOfStudy made;
    made.name = name;
    made.patient = patient;
    made.contrast_seen = true;
    return made;
}

StudySummary only(std::vector<RunOfStudy> runs) {
    auto studies = summarise_studies(std::move(runs));
    REQUIRE(studies.size() == 1);
    return std::move(studies[0]);
}

}  // namespace

TEST_CASE("the same leak in two runs is one, with the delay it had in each") {
    RunOfStudy early = run("early", "P"), late = run("late", "P");
    early.acquired_s = 100.0;
    late.acquired_s = 700.0;
    early.highlights = {leak("T9-T10", Side::right, 0.55, 8.0, 3)};
    late.highlights = {leak("T9-T10", Side::right, 0.8, 2.0), leak("T9-T10", Side::left, 0.3, 5.0)};
    const StudySummary study = only({late, early});
    CHECK(study.runs[0].name == "early");  // in order of acquisition
    REQUIRE(study.leaks.size() == 2);
    CHECK(study.leaks[0].surest.confidence == 0.8);
    CHECK(study.leaks[0].in_runs[0].delay_after_sac_s == 8.0);
    CHECK(study.leaks[0].in_runs[0].highlight == 3);
    CHECK(study.leaks[0].in_runs[1].delay_after_sac_s == 2.0);
    CHECK(study.leaks[1].in_runs[0].seen == SeenOrNot::not_cleared);
    CHECK(study.conclusion.category == Category::positive);
    const std::string text = study_text(study);
    CHECK(text.find("8.0 s after the sac") != std::string::npos);
    CHECK(text.find("early") < text.find("late"));
}

TEST_CASE("a leak that another run could have shown and did not is said to be so") {
    RunOfStudy one = run("one", "P"), other = run("other", "P");
    one.highlights = {leak("T9-T10", Side::right, 0.7, 8.0)};
    other.coverage = {covered("T9", Side::right, true, 0.01),
                      covered("T10", Side::right, true, 0.01)};
    CHECK(only({one, other}).leaks[0].in_runs[1].seen == SeenOrNot::not_seen_though_cleared);
    other.coverage[1].adequate = false;
    CHECK(only({one, other}).leaks[0].in_runs[1].seen == SeenOrNot::not_cleared);
    other.coverage = {covered("T9", Side::left, true, 0.01)};
    CHECK(only({one, other}).leaks[0].in_runs[1].seen == SeenOrNot::not_cleared);
}

TEST_CASE("what one run cleared is cleared together, the rest says why of each") {
    RunOfStudy left = run("left", "P"), right = run("right", "P");
    left.coverage = {covered("T9", Side::left, true, 0.01), covered("T9", Side::right, false, 0.05),
                     covered("T10", Side::left, false, 0.03)};
    right.coverage = {covered("T9", Side::left, false, 0.04),
                      covered("T9", Side::right, true, 0.012),
                      covered("T10", Side::left, false, 0.02)};
    const StudySummary study = only({left, right});
    REQUIRE(study.levels.size() == 3);
    CHECK(study.levels[0].together.adequate);
    CHECK(study.levels[0].run == 0U);
    CHECK(study.levels[0].together.detectable_opacity == 0.01);
    CHECK(study.levels[1].run == 1U);
    CHECK(!study.levels[2].together.adequate);
    CHECK(study.levels[2].together.detectable_opacity == 0.02);
    CHECK(study.levels[2].together.why.find("left: noise") != std::string::npos);
    CHECK(study.levels[2].together.why.find("right: noise") != std::string::npos);
    CHECK(study.conclusion.category == Category::indeterminate);
    CHECK(study.conclusion.text.find("T10") != std::string::npos);
}

TEST_CASE("runs of different patients, or of nobody known, are not taken together") {
    CHECK(summarise_studies({run("a", "P"), run("b", "Q")}).empty());
    CHECK(summarise_studies({run("a", ""), run("b", "")}).empty());
    CHECK(summarise_studies({run("a", "P"), run("b", "Q"), run("c", "P")}).size() == 1);
}

TEST_CASE("leaks without a level or a side stand alone") {
    RunOfStudy one = run("one", "P"), other = run("other", "P");
    one.highlights = {leak("", Side::right, 0.7, 8.0), leak("T5-T6", Side::undetermined, 0.6, 8.0)};
    other.highlights = one.highlights;
    CHECK(only({one, other}).leaks.size() == 4);
}

TEST_CASE("the study's document says all of it and nothing about who it is") {
    RunOfStudy one = run("one", "SECRET"), other = run("other", "SECRET");
    one.highlights = {leak("T9-T10", Side::right, 0.7, 8.0)};
    one.coverage = {covered("T9", Side::right, true, 0.01)};
    const std::vector<StudySummary> studies{only({one, other})};
    const auto json = nlohmann::json::parse(studies_json(studies));
    CHECK(json["schema"] == "dsm-study/1");
    CHECK(json["studies"][0]["leaks"][0]["runs"][0]["delay_after_sac_s"] == 8.0);
    CHECK(json["studies"][0]["leaks"][0]["runs"][1]["seen"] == "not_cleared");
    CHECK(json["studies"][0]["coverage"][0]["run"] == "one");
    CHECK(studies_json(studies).find("SECRET") == std::string::npos);
}
