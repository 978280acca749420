// Medians of a trial by case and method, and how ours stands against the goals.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dsp/evaluation/registration_trial.h"

namespace dsm::evaluation {

// Medians over the live frames of all scenes of a case.
struct CaseSummary {
    TrialCase trial_case{TrialCase::still};
    std::string method;
    int frames{0};
    int worse_than_ours{0};  // frames on which its A is above that of ours
    double artefact{0.0}, artefact_worst{0.0}, ratio{0.0};
    std::optional<double> end_point_error_px, keep_column, error_column, keep_leak, error_leak;
    double time_ms{0.0};
    std::optional<double> time_ratio;  // to the yardstick, frame by frame
};
[[nodiscard]] std::vector<CaseSummary> summarise(const TrialTable& table);

// One goal of the registration for one case, and the median that stands against it.
struct Goal {
    std::string what;  // "static: A"
    double least{0.0}, most{0.0};
    double found{0.0};
    [[nodiscard]] bool met() const { return found >= least && found <= most; }
};
[[nodiscard]] std::vector<Goal> goals_of(const std::vector<CaseSummary>& summaries);

}  // namespace dsm::evaluation
