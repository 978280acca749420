// A trial as pictures.
#pragma once

#include <filesystem>
#include <vector>

#include "dsp/core/result.h"
#include "dsp/evaluation/trial_report.h"

namespace dsm::evaluation {

// artefact.png, kept.png, time.png of the scenes; runs.png of the runs: one row per case or run,
// one dot per method, ours emphasised. Pictures without data are not written. Returns the files.
[[nodiscard]] Result<std::vector<std::filesystem::path>> write_trial_plots(
    const TrialReport& report, const std::filesystem::path& folder);

}  // namespace dsm::evaluation
