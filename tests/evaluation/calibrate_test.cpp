#include "dsp/evaluation/calibrate.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <random>

#include "dsp/pipeline/calibration_file.h"
#include "dsp/pipeline/candidates_json.h"
#include "tests/support/support.h"

using namespace dsm;
using namespace dsm::evaluation;

namespace {

// Lines whose log odds of being a leak are -2 + 2 f0 + f12; the other features say nothing.
std::vector<LabelledRun> known_runs(int runs, unsigned seed) {
    std::mt19937 random(seed);
    std::normal_distribution<double> normal;
    std::uniform_real_distribution<double> uniform;
    std::vector<LabelledRun> all;
    for (int i = 0; i < runs; ++i) {
        LabelledRun run;
        for (int k = 0; k < 12; ++k) {
            LeakFeatureValues features{};
            for (double& value : features) {
                value = normal(random);
            }
            const double odds = -2.0 + 2.0 * features[0] + features[12];
            run.bright.push_back({features, uniform(random) < 1.0 / (1.0 + std::exp(-odds))});
        }
        all.push_back(std::move(run));
    }
    return all;
}

}  // namespace

TEST_CASE("what makes lines leaks is found, and the confidence is right on runs left out") {
    const auto fit = fit_calibration(known_runs(200, 3));
    REQUIRE(fit);
    const LeakFeatureValues& weights = fit->calibration.weights;
    CHECK(weights[0] == Approx(2.0).margin(0.35));
    CHECK(weights[12] == Approx(1.0).margin(0.3));
    for (std::size_t i = 1; i < kLeakFeatures; ++i) {
        CHECK(weights[i] >= 0.0);
        CHECK((i == 12 || weights[i] < 0.25));
    }
    CHECK(fit->brier < 0.75 * fit->brier_of_prior);
    CHECK(fit->expected_error < 0.05);
    CHECK(fit->area > 0.85);
}

TEST_CASE("too little to fit on is refused, with what there is") {
    const auto fit = fit_calibration(known_runs(4, 1));
    REQUIRE_FALSE(fit);
    CHECK(fit.error().message().find("too few") != std::string::npos);
}

TEST_CASE("a calibration comes back from its file as it was fitted") {
    const auto fit = fit_calibration(known_runs(40, 5));
    REQUIRE(fit);
    const test::TemporaryFolder folder;
    const auto file = folder.path() / "calibration.json";
    std::ofstream(file) << calibration_json(*fit, "of a test");
    const auto read = read_calibration(file);
    REQUIRE(read);
    CHECK(read->provenance == "of a test");
    CHECK(read->bias == Approx(fit->calibration.bias));
    CHECK(read->low == Approx(fit->calibration.low));
    CHECK(read->high == Approx(fit->calibration.high));
    CHECK(read->offset == Approx(fit->calibration.offset));
    for (std::size_t i = 0; i < kLeakFeatures; ++i) {
        CHECK(read->weights[i] == Approx(fit->calibration.weights[i]));
    }
    std::ofstream(file) << R"({"schema": "dsm-calibration/1", "bias": 0})";
    CHECK_FALSE(read_calibration(file));
}

TEST_CASE("surer lines stay surer: calibration keeps their order") {
    const auto fit = fit_calibration(known_runs(60, 8));
    REQUIRE(fit);
    double before = 0.0;
    for (double p = 0.01; p < 1.0; p += 0.01) {
        const double now = calibrated(p, fit->calibration);
        CHECK(now >= before);
        before = now;
    }
    CHECK(built_in_calibration().low >= 0.0);
    CHECK(built_in_calibration().high >= 0.0);
}

TEST_CASE("candidates come back from their file, and runs held out are never fitted on") {
    const test::TemporaryFolder folder;
    const auto results = folder.path() / "results" / "run_000";
    const auto truths = folder.path() / "truths" / "run_000";
    std::filesystem::create_directories(results);
    std::filesystem::create_directories(truths);
    CandidateRecord near;
    near.kind = LeakKind::csf_venous_fistula;
    near.path_px = {{10.0, 12.0}, {30.0, 14.0}};
    near.onset_frame = 9;
    near.peak_opacity = 0.03;
    near.features[3] = 0.7;
    CandidateRecord far = near;
    far.path_px = {{300.0, 12.0}, {330.0, 14.0}};
    CandidateRecord decoy = near;
    decoy.dark = true;
    REQUIRE(write_candidates(results / "candidates.json", {near, far, decoy}));
    const auto read = read_candidates(results / "candidates.json");
    REQUIRE(read);
    CHECK(*read == std::vector{near, far, decoy});
    const auto truth_of = [&](const std::string& split) {
        std::ofstream(truths / "truth.json")
            << R"({"schema": "dsm-truth/1", "run": "run.dcm", "split": ")" << split
            << R"(", "frame_time_s": [0, 1], "first_contrast_frame": 1, "pixel_mm": 0.25,
            "structures": [{"kind": "csf_venous_fistula", "level": "T9-T10", "side": "left",
            "path_px": [[10, 10], [30, 10]], "width_mm": 2, "onset_frame": 8}]})";
    };
    truth_of("train");
    const auto labelled = label_runs(folder.path() / "results", folder.path() / "truths");
    REQUIRE(labelled);
    REQUIRE(labelled->size() == 1);
    REQUIRE(labelled->front().bright.size() == 2);
    CHECK(labelled->front().bright[0].leak);
    CHECK_FALSE(labelled->front().bright[1].leak);
    CHECK(labelled->front().dark.size() == 1);
    truth_of("held_out");
    const auto refused = label_runs(folder.path() / "results", folder.path() / "truths");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().message().find("held-out") != std::string::npos);
}
