// Scores results against truths, as contract.md "How a result is scored" says.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "dsp/core/result.h"
#include "dsp/pipeline/evaluate_detail.h"
#include "dsp/pipeline/process.h"
#include "dsp/pipeline/truth.h"

namespace dsm {

// A true leak that was highlighted.
struct Hit {
    double distance_mm{0.0};  // nearest point of the highlight to the true path
    double delay_s{0.0};      // true onset to alarm
    bool level_correct{false};
    bool side_correct{false};
};

// One highlight of a leak kind, whatever its confidence.
struct Detection {
    double confidence{0.0};
    bool near_leak{false};    // a true leak is there: what calibration asks
    bool first_there{false};  // and no more confident highlight was there before
};

// Measured on opacity.npy; nothing where it or its truth is missing.
struct OpacityScore {
    double artefact_rms{0.0};        // residual in the contrast-free mask, opacity
    double artefact_ratio{0.0};      // over that subtraction's own pixel noise
    std::optional<double> kept_sac;  // mean measured over mean true opacity
    std::vector<double> kept_vein;   // the same for each fistula against its surroundings
};

struct RunScore {
    std::string name;
    bool missing{false};
    int truths{0};
    int false_alarms{0};
    int repeats{0};  // confident highlights of a leak that had been hit already
    std::vector<Hit> hits;
    std::vector<Detection> detections;  // most confident first
    RunDetail detail;
    std::optional<OpacityScore> opacity;
    std::string category;  // of the conclusion
};

struct Score {
    std::vector<RunScore> runs;
    std::vector<Error> problems;  // results or truths that could not be read
};

struct NamedScore {
    std::string name;
    Score score;
};

// What a highlight must satisfy to be the true leak (contract.md).
inline constexpr double kHitDistance_mm = 5.0;
inline constexpr double kHitConfidence = 0.5;
inline constexpr FrameIndex kEarliestBeforeOnset = 1;

// How far from its path the leak is still there for what must be `within_mm` of it: an
// extravasation is a patch as wide as it is said to be, and its path the middle of it.
[[nodiscard]] double reach_mm(const TrueStructure& leak, double within_mm);

// Whether a true leak passes within reach of any of `points`, no later than `frame` allows.
[[nodiscard]] bool on_true_leak(const std::vector<Point>& points, FrameIndex frame,
                                const Truth& truth);

// Folders of `truths` with a truth.json, and where their result would be.
struct TruthAndResult {
    std::string name;
    std::filesystem::path truth;   // truth.json
    std::filesystem::path result;  // result.json
};
[[nodiscard]] std::vector<TruthAndResult> pairs_of(const std::filesystem::path& results,
                                                   const std::filesystem::path& truths);

[[nodiscard]] RunScore score_highlights(const RunResult& result, const Truth& truth);

// Every folder of `truths` that holds a truth.json against the folder of the same name in
// `results`; or the two folders themselves where they hold the files. Runs without a readable
// result count as missed and are listed in `problems`. Errors: no truth is found at all.
[[nodiscard]] Result<Score> evaluate(const std::filesystem::path& results,
                                     const std::filesystem::path& truths);

// Figures over all runs. Medians where contract.md names a per-run or per-hit figure; nothing
// without anything to measure.
struct Totals {
    int runs{0}, truths{0}, hits{0}, false_alarms{0}, repeats{0}, level_correct{0}, side_correct{0};
    int negatives{0}, negatives_clean{0};
    std::optional<double> delay_s, distance_mm;
    std::optional<double> brier;         // mean squared error of confidence
    std::optional<double> brier_median;  // its median
    std::optional<double> artefact_ratio, artefact_rms, kept_sac, kept_vein;
    // Area under sensitivity against false alarms per run, from 0 to 1 of them; 1 is perfect.
    std::optional<double> free_response_area;
    double sensitivity_at_quarter{0.0}, sensitivity_at_half{0.0}, sensitivity_at_one{0.0};
};
[[nodiscard]] Totals totals_of(const Score& score);

// For people, one row per run and the totals below; and for programs.
[[nodiscard]] std::string score_table(const Score& score);
[[nodiscard]] std::string score_json_text(const Score& score);

}  // namespace dsm
