#include "dsp/pipeline/evaluate_detail.h"

#include <catch2/catch.hpp>

#include "dsp/pipeline/evaluate.h"
#include "tests/support/support.h"

using namespace dsm;

namespace {

Truth truth_with_leak_and_sleeve() {
    Truth truth;
    truth.frame_time_s = {0.0, 1.0, 2.0, 3.0, 4.0};
    truth.first_contrast_frame = 1;
    truth.pixel_mm = 0.5;
    truth.noise_opacity = 0.01;
    truth.structures.push_back(
        {"csf_venous_fistula", "T9-T10", "left", {{100, 100}, {140, 100}}, 2.0, 3, 0.03});
    truth.structures.push_back(
        {"nerve_root_sleeve", "T7-T8", "right", {{300, 50}, {310, 50}}, 2.0, 2, 0.05});
    return truth;
}

Highlight highlight_at(Point from, LeakKind kind, double confidence) {
    Highlight highlight;
    highlight.kind = kind;
    highlight.confidence = confidence;
    highlight.seed_px = from;
    highlight.path_px = {from, {from.x + 20.0, from.y}};
    highlight.alarm_frame = 4;
    return highlight;
}

Score scored() {
    RunResult result;
    result.highlights = {highlight_at({104, 102}, LeakKind::csf_venous_fistula, 0.8),
                         highlight_at({300, 52}, LeakKind::csf_venous_fistula, 0.6),
                         highlight_at({500, 400}, LeakKind::extravasation, 0.3)};
    Score score;
    RunScore& run = score.runs.emplace_back(score_highlights(result, truth_with_leak_and_sleeve()));
    run.name = "run_000";
    run.detail = detail_of(result, truth_with_leak_and_sleeve());
    return score;
}

}  // namespace

TEST_CASE("a leak is described as it is, with the surest highlight on it") {
    const RunDetail detail = scored().runs.front().detail;
    REQUIRE(detail.leaks.size() == 1);
    CHECK(detail.leaks.front().best_confidence == 0.8);
    REQUIRE(detail.leaks.front().over_noise);
    CHECK(*detail.leaks.front().over_noise == Approx(3.0));
    CHECK(detail.leaks.front().after_first_contrast_s == 2.0);
}

TEST_CASE("a false alarm is put down to what lies there, or to residue") {
    const RunDetail detail = scored().runs.front().detail;
    REQUIRE(detail.highlights.size() == 3);
    CHECK(detail.highlights[0].near_leak);
    CHECK(detail.highlights[1].cause == "nerve_root_sleeve");
    CHECK(detail.highlights[2].cause == "residue");
    REQUIRE(detail.kinds.size() == 2);
    CHECK(detail.kinds[1].is == "nerve_root_sleeve");
    CHECK(detail.kinds[1].said == "csf_venous_fistula");
}

TEST_CASE("the confidence for a number of false alarms lies just above the first too many") {
    const Score score = scored();
    CHECK(confidence_for(score, 0.25) > 0.6);
    CHECK(confidence_for(score, 0.25) < 0.8);
    CHECK(confidence_for(score, 1.0) > 0.3);
    CHECK(confidence_for(score, 1.0) < 0.6);
    CHECK(confidence_for(score, 2.0) == 0.0);
}

TEST_CASE("tables and plots are all written, and name what was asked") {
    const test::TemporaryFolder folder;
    const Score score = scored();
    REQUIRE(write_detail(score, folder.path() / "made"));
    for (const char* name : {"leaks.csv", "highlights.csv", "kinds.csv", "detail.txt",
                             "free_response.png", "reliability.png"}) {
        CHECK(std::filesystem::file_size(folder.path() / "made" / name) > 0);
    }
    const std::string tables = detail_tables(score);
    CHECK(tables.find("opacity over noise 2-4") != std::string::npos);
    CHECK(tables.find("nerve_root_sleeve") != std::string::npos);
}
