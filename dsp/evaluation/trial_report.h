// A trial as tables: for people, for programs, for spreadsheets.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dsp/core/result.h"
#include "dsp/evaluation/registration_trial.h"
#include "dsp/evaluation/run_trial.h"

namespace dsm::evaluation {

struct TrialReport {
    TrialTable scenes;
    RunTable runs;
    TrialOptions options;
};

[[nodiscard]] std::string trial_text(const TrialReport& report);
[[nodiscard]] std::string trial_json(const TrialReport& report);  // "dsm-registration-trial/1"
// One line per live frame and method; one line per run and method.
[[nodiscard]] std::string scenes_csv(const TrialTable& table);
[[nodiscard]] std::string runs_csv(const RunTable& table);

// registration.txt, registration.json, scenes.csv, runs.csv and the plots (trial_plots.h), those
// with something to show, into `folder`, which is made where it is missing. Returns the files.
[[nodiscard]] Result<std::vector<std::filesystem::path>> write_trial(
    const TrialReport& report, const std::filesystem::path& folder);

}  // namespace dsm::evaluation
