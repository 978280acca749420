// dsm evaluate against the project's reference scorer, where that and Python are at hand.
#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>

#include "dsp/pipeline/evaluate.h"
#include "dsp/pipeline/npy.h"
#include "dsp/pipeline/result_json.h"
#include "tests/pipeline/any_result.h"
#include "tests/support/support.h"

using namespace dsm;
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

// Some highlights near the true structures and some anywhere, of any confidence.
RunResult guesses(const Truth& truth, std::mt19937& random) {
    RunResult result = test::scene_result({.highlights = 0});
    result.run.frames = static_cast<int>(truth.frame_time_s.size());
    result.run.frame_time_s = truth.frame_time_s;
    result.motion.clear();
    result.sac_curve = {};
    const auto uniform = [&](double low, double high) {
        return std::uniform_real_distribution<double>(low, high)(random);
    };
    for (int id = 1; id <= 9; ++id) {
        const auto& structures = truth.structures;
        const TrueStructure& near = structures[random() % structures.size()];
        const Point start = near.path_px[random() % near.path_px.size()];
        Highlight highlight;
        highlight.id = id;
        highlight.kind = id % 4 == 0 ? LeakKind::diverticulum : LeakKind::csf_venous_fistula;
        highlight.confidence = uniform(0.0, 1.0);
        highlight.seed_px = start + Point{uniform(-30, 30), uniform(-30, 30)};
        highlight.path_px = {highlight.seed_px, highlight.seed_px + Point{uniform(-60, 60), 5.0}};
        highlight.alarm_frame = static_cast<int>(uniform(0, result.run.frames - 0.01));
        highlight.level = near.level;
        highlight.side = id % 2 == 0 ? Side::left : Side::right;
        result.highlights.push_back(highlight);
    }
    // One sure hit where there is a leak, so that every figure has something to say.
    for (const TrueStructure& structure : truth.structures) {
        if (is_leak_word(structure.kind)) {
            Highlight& sure = result.highlights.front();
            sure.seed_px = structure.path_px.back() + Point{2.0, 1.0};
            sure.path_px.clear();
            sure.alarm_frame = structure.onset_frame + 2;
            sure.confidence = 0.7;
            sure.level = structure.level;
        }
    }
    return result;
}

// The true opacity, weakened, displaced and made noisy.
void write_measured(const fs::path& file, const Truth& truth, std::mt19937& random) {
    auto known = NpyReader::open(truth.opacity);
    REQUIRE(known);
    auto out = NpyWriter::create(file, known->frames(), known->extent());
    REQUIRE(out);
    Image<float> frame(known->extent());
    Image<float> measured(known->extent());
    std::normal_distribution<float> noise(0.0F, 0.012F);
    for (int index = 0; index < known->frames(); ++index) {
        REQUIRE(known->read(index, frame.view()));
        for (int y = 0; y < frame.height(); ++y) {
            for (int x = 0; x < frame.width(); ++x) {
                measured(x, y) =
                    0.93F * frame(std::min(x + 1, frame.width() - 1), y) + noise(random);
            }
        }
        REQUIRE(out->append(measured.cview()));
    }
    REQUIRE(out->finish());
}

void same(const json& ours, const json& theirs, const char* our_key, const char* their_key) {
    INFO(our_key);
    CAPTURE(ours[our_key], theirs[their_key]);
    CHECK(ours[our_key].is_null() == theirs[their_key].is_null());
    if (!theirs[their_key].is_null() && !ours[our_key].is_null()) {
        CHECK(ours[our_key].get<double>() ==
              Approx(theirs[their_key].get<double>()).epsilon(0.001).margin(0.0006));
    }
}

}  // namespace

TEST_CASE("every figure agrees with the reference scorer's") {
    const auto truths = test::shared_data("simulated");
    const auto scorer = test::shared_data("../tools/score.py");
    const std::string python = "/usr/bin/python3";
    if (!truths || !scorer ||
        test::run_program({python, "-c", "import numpy, cv2"}).exit_code != 0) {
        WARN("no shared data, or no Python with numpy and cv2 here");
        return;
    }
    const test::TemporaryFolder folder;
    std::mt19937 random(11);
    int written = 0;
    for (const char* name : {"lumbar1", "lumbar2", "lumbar3", "lumbar4", "chest1"}) {
        const auto truth = read_truth(*truths / name / "truth.json");
        REQUIRE(truth);
        const fs::path out = folder.path() / name;
        fs::create_directory(out);
        RunResult result = guesses(*truth, random);
        result.opacity_relative = written == 1;
        REQUIRE(write_result_json(out / "result.json", result));
        if (written < 2) {
            write_measured(out / "opacity.npy", *truth, random);
        }
        ++written;
    }
    const auto finished =
        test::run_program({python, scorer->string(), truths->string(), folder.path().string()});
    INFO(finished.err);
    REQUIRE(finished.exit_code == 0);
    const json theirs = json::parse(finished.out.substr(finished.out.find('{')));
    const auto score = evaluate(folder.path(), *truths);
    REQUIRE(score);
    const json ours = json::parse(score_json_text(*score));
    CHECK(ours["missing"] == theirs["missing"]);
    CHECK(ours["missing"].size() == 1);
    for (const char* key :
         {"runs", "sensitivity", "false_per_run", "delay_s", "distance_mm", "artefact_ratio",
          "artefact_rms", "kept_sac", "kept_vein", "sensitivity_at_0.25_false_per_run",
          "sensitivity_at_0.5_false_per_run", "sensitivity_at_1.0_false_per_run"}) {
        same(ours, theirs, key, key);
    }
    same(ours, theirs, "brier_median", "brier");
    const auto of_hits = [&](const char* key) {
        return std::to_string(ours[key].get<int>()) + "/" + std::to_string(ours["hits"].get<int>());
    };
    CHECK(of_hits("level_correct") == theirs["level_ok"]);
    CHECK(of_hits("side_correct") == theirs["side_ok"]);
    CHECK(ours["hits"].get<int>() >= 3);
    CHECK_FALSE(theirs["kept_vein"].is_null());
}
