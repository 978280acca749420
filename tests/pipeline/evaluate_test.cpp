#include "dsp/pipeline/evaluate.h"

#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "dsp/pipeline/evaluate_opacity.h"
#include "dsp/pipeline/result_json.h"
#include "tests/pipeline/any_result.h"
#include "tests/support/support.h"

using namespace dsm;
namespace fs = std::filesystem;

namespace {

constexpr double kPixel_mm = 0.25;

TrueStructure fistula() {
    return {"csf_venous_fistula", "T7-T8", "left", {{100, 100}, {200, 100}}, 2.0, 20};
}

Truth truth_with(std::vector<TrueStructure> structures) {
    Truth truth;
    for (int frame = 0; frame < 48; ++frame) {
        truth.frame_time_s.push_back(0.5 * frame);
    }
    truth.first_contrast_frame = 6;
    truth.pixel_mm = kPixel_mm;
    truth.structures = std::move(structures);
    return truth;
}

Highlight highlight_at(Point where, FrameIndex alarm, double confidence) {
    Highlight highlight;
    highlight.kind = LeakKind::csf_venous_fistula;
    highlight.confidence = confidence;
    highlight.alarm_frame = alarm;
    highlight.seed_px = where;
    highlight.level = "T7-T8";
    highlight.side = Side::left;
    return highlight;
}

RunResult result_with(std::vector<Highlight> highlights) {
    RunResult result = test::scene_result({.highlights = 0});
    int id = 0;
    for (Highlight& highlight : highlights) {
        highlight.id = ++id;
        result.highlights.push_back(std::move(highlight));
    }
    return result;
}

Score score_of(std::vector<RunScore> runs) {
    return {std::move(runs), {}};
}

}  // namespace

TEST_CASE("a highlight within five millimetres and in time is a hit, with its figures") {
    const RunScore score =
        score_highlights(result_with({highlight_at({150, 112}, 26, 0.9)}), truth_with({fistula()}));
    REQUIRE(score.hits.size() == 1);
    CHECK(score.hits.front().distance_mm == Approx(3.0));
    CHECK(score.hits.front().delay_s == Approx(3.0));
    CHECK(score.hits.front().level_correct);
    CHECK(score.hits.front().side_correct);
    CHECK(score.false_alarms == 0);
}

TEST_CASE("the path counts as well as the seed") {
    Highlight far_seed = highlight_at({300, 300}, 26, 0.9);
    far_seed.path_px = {{300, 300}, {205, 103}};
    CHECK(score_highlights(result_with({far_seed}), truth_with({fistula()})).hits.size() == 1);
}

TEST_CASE("exactly when a highlight is near enough and not too early it is a hit") {
    CHECK(rc::check([] {
        const int away_px = *rc::gen::inRange(0, 40);
        const int alarm = *rc::gen::inRange(10, 48);
        const double confidence = *rc::gen::inRange(0, 101) / 100.0;
        const RunScore score =
            score_highlights(result_with({highlight_at({150, 100.0 + away_px}, alarm, confidence)}),
                             truth_with({fistula()}));
        const bool true_leak = away_px * kPixel_mm <= 5.0 && alarm >= 19;
        const bool counted = confidence >= 0.5;
        RC_ASSERT(score.hits.size() == (true_leak && counted ? 1U : 0U));
        RC_ASSERT(score.false_alarms == (!true_leak && counted ? 1 : 0));
        RC_ASSERT(score.detections.front().near_leak == true_leak);
    }));
}

TEST_CASE("a leak is hit once, by the most confident; normal kinds count for nothing") {
    Highlight sleeve = highlight_at({400, 400}, 30, 0.99);
    sleeve.kind = LeakKind::nerve_root_sleeve;
    Highlight wrong_side = highlight_at({150, 100}, 40, 0.9);
    wrong_side.side = Side::right;
    const RunScore score =
        score_highlights(result_with({highlight_at({150, 100}, 22, 0.6), wrong_side, sleeve}),
                         truth_with({fistula()}));
    REQUIRE(score.hits.size() == 1);
    CHECK_FALSE(score.hits.front().side_correct);
    CHECK(score.repeats == 1);
    CHECK(score.false_alarms == 0);
    CHECK(score.detections.size() == 2);
}

TEST_CASE("an extravasation is as wide as it is") {
    TrueStructure patch = fistula();
    patch.kind = "extravasation";
    patch.width_mm = 6.0;
    const auto hits = [&](double y) {
        return score_highlights(result_with({highlight_at({150, y}, 26, 0.9)}), truth_with({patch}))
            .hits.size();
    };
    CHECK(hits(131) == 1);
    CHECK(hits(133) == 0);
}

TEST_CASE("totals are what they are said to be") {
    RunScore hit;
    hit.truths = 1;
    hit.hits = {{2.0, 4.0, true, false}};
    hit.detections = {{0.9, true, true}, {0.3, false, false}};
    RunScore alarm;
    alarm.false_alarms = 1;
    alarm.detections = {{0.95, false, false}};
    const Totals totals = totals_of(score_of({hit, alarm}));
    CHECK(totals.truths == 1);
    CHECK(totals.negatives == 1);
    CHECK(totals.negatives_clean == 0);
    CHECK(totals.brier.value() == Approx((0.01 + 0.09 + 0.9025) / 3));
    CHECK(totals.brier_median.value() == Approx(0.09));
    // The false alarm comes first: nothing is found without it, all with half a one per run.
    CHECK(totals.sensitivity_at_quarter == 0.0);
    CHECK(totals.sensitivity_at_half == 1.0);
    CHECK(totals.free_response_area.value() == Approx(0.5));
}

TEST_CASE("more confidence in true leaks never makes the free-response area smaller") {
    CHECK(rc::check([] {
        RunScore run;
        run.truths = 3;
        for (int i = 0; i < 3; ++i) {
            run.detections.push_back({*rc::gen::inRange(0, 90) / 100.0, true, true});
            run.detections.push_back({*rc::gen::inRange(0, 90) / 100.0, false, false});
        }
        const double before = totals_of(score_of({run})).free_response_area.value();
        run.detections.at(2 * static_cast<std::size_t>(*rc::gen::inRange(0, 3))).confidence += 0.1;
        const double after = totals_of(score_of({run})).free_response_area.value();
        RC_ASSERT(after >= before);
        RC_ASSERT(after <= 1.0);
    }));
}

TEST_CASE("quantiles are those of NumPy") {
    CHECK(median({3, 1, 2}) == 2.0);
    CHECK(median({4, 1, 2, 3}) == 2.5);
    CHECK(quantile({0, 10, 20, 30, 40}, 0.2) == Approx(8.0));
    CHECK(quantile({5}, 0.98) == 5.0);
    CHECK(quantile({1, 2}, 1.0) == 2.0);
}

TEST_CASE("runs without a result are missed, named and reported") {
    const test::TemporaryFolder folder;
    const fs::path truths = folder.path() / "truths" / "a";
    fs::create_directories(truths);
    std::ofstream(truths / "truth.json")
        << R"({"schema": "dsm-truth/1", "frame_time_s": [0, 1], "first_contrast_frame": 1,
              "structures": [{"kind": "csf_venous_fistula", "path_px": [[1, 2]], "onset_frame": 1}]})";
    const auto score = evaluate(folder.path() / "results", truths.parent_path());
    REQUIRE(score);
    REQUIRE(score->runs.size() == 1);
    CHECK(score->runs.front().missing);
    CHECK(score->runs.front().truths == 1);
    CHECK(score->problems.size() == 1);
    const auto json = nlohmann::json::parse(score_json_text(*score));
    CHECK(json["missing"] == nlohmann::json::array({"a"}));
    CHECK(json["sensitivity"] == 0.0);
    CHECK(score_table(*score).find("missing") != std::string::npos);
    CHECK_FALSE(evaluate(folder.path(), folder.path() / "nowhere"));
}

TEST_CASE("a damaged truth is refused with its name and field") {
    const test::TemporaryFolder folder;
    const fs::path file = folder.path() / "truth.json";
    for (const char* text :
         {"", "{}", R"({"schema": "dsm-truth/1"})",
          R"({"schema": "dsm-truth/1", "frame_time_s": [0], "first_contrast_frame": "soon"})",
          R"({"schema": "dsm-truth/1", "frame_time_s": [0], "first_contrast_frame": 2147483647})",
          R"({"schema": "dsm-truth/1", "frame_time_s": [0], "first_contrast_frame": 0,
              "pixel_mm": 0})",
          R"({"schema": "dsm-truth/1", "frame_time_s": [0], "first_contrast_frame": 0,
              "structures": [{"kind": "x", "path_px": [], "onset_frame": 0}]})"}) {
        std::ofstream(file) << text;
        const auto truth = read_truth(file);
        REQUIRE_FALSE(truth);
        CHECK(truth.error().message().find("truth.json") != std::string::npos);
    }
}
