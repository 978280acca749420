// Registration on trial over whole runs with a truth beside them (truth.json and what it names).
// The floor, `noise alone`, is the true opacity under noise of the variance measured in the run.
//
// Ours is the real chain, `live` and `review`, over the whole run. Every peer subtracts each scored
// frame on its own; its masks are the frames before contrast that the truth names, the last of them
// unless its own rule chooses. Figures are those of `dsm evaluate`
// (dsp/pipeline/evaluate_opacity.h).
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "dsp/core/result.h"
#include "dsp/evaluation/registration_trial.h"
#include "dsp/pipeline/evaluate.h"

namespace dsm::evaluation {

struct RunRow {
    std::string run;
    std::string method;
    OpacityScore score;
    double time_ms{0.0};               // per frame, median
    std::optional<double> time_ratio;  // to the yardstick on the same run
    std::string note;
};

struct RunTable {
    std::vector<std::string> methods;
    std::vector<RunRow> rows;
    std::vector<std::string> notes;
};

// `folders` hold truth.json. Errors: what cannot be read; cancelled.
[[nodiscard]] Result<RunTable> try_runs(const std::vector<std::filesystem::path>& folders,
                                        const TrialOptions& options);

}  // namespace dsm::evaluation
