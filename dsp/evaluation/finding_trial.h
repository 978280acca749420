// Findings on trial: ours and simple maps (finding_peers.h) on the same frames of runs with a
// truth, scored by one rule (dsp/pipeline/evaluate.h), free-response curves in one picture.
//
// Everything is kept in one folder, so that a cohort may be tried run by run and scored at the end:
//   truths/RUN/truth.json, METHOD/RUN/result.json - each METHOD folder with truths is what
//   `dsm evaluate METHOD truths` reads -, free_response.png, methods.txt, methods.csv.
// A peer's highlights are its spots, its confidence s / (s + scale) of their score: an order, no
// probability; it is believed from frame 0 on whatever it says.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "dsp/core/result.h"
#include "dsp/opacification/calibration.h"
#include "dsp/pipeline/evaluate.h"
#include "dsp/pipeline/process.h"

namespace dsm::evaluation {

struct FindingTrialOptions {
    Mode mode{Mode::live};
    std::optional<LeakCalibration> calibration;  // of ours; nothing: as built in
    std::function<void(double fraction)> on_progress;
    std::stop_token stop;
};

inline constexpr const char* kOurMethod = "ours";

// Tries every method on the run in `folder` (its run, truth.json, levels.json if it has one) and
// keeps what they found in `out`. A run that is there already is tried again. Errors: what cannot
// be read or written; cancelled.
[[nodiscard]] Result<void> try_findings(const std::filesystem::path& folder,
                                        const FindingTrialOptions& options,
                                        const std::filesystem::path& out);

// Scores all that `out` holds, ours first, and writes tables and picture. Errors: `out` holds no
// truths; what cannot be written.
[[nodiscard]] Result<std::vector<NamedScore>> score_findings(const std::filesystem::path& out);

// One row a method: sensitivity at a quarter, a half and one false alarm a run, and the area.
[[nodiscard]] std::string methods_table(const std::vector<NamedScore>& methods);

}  // namespace dsm::evaluation
