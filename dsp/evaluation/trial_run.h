// A run on trial: a folder with the run and its truth.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "dsp/core/result.h"
#include "dsp/pipeline/truth.h"
#include "dsp/source/frame_source.h"

namespace dsm::evaluation {

struct TrialRun {
    std::string name;  // of the folder
    Truth truth;
    std::unique_ptr<FrameSource> source;
};

// Errors: no truth.json, no run, or one that cannot be read.
[[nodiscard]] Result<TrialRun> open_trial_run(const std::filesystem::path& folder);

}  // namespace dsm::evaluation
