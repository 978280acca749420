// One run from file to result folder.
#pragma once

#include <stop_token>

#include "dsp/core/result.h"
#include "dsp/pipeline/process.h"
#include "dsp/pipeline/study.h"
#include "tools/dsm/run_outputs.h"
#include "tools/dsm/terminal.h"

namespace dsm::cli {

struct ProcessRequest {
    PipelineParams params;
    bool levels_beside_run{false};   // levels.json in the run's own folder, where there is one
    bool marks_from_journal{false};  // levels, masks and shift as the reader left them
    WantedOutputs wanted;
};

// Prints one line about the result on stdout. Nothing is left in `out` when it fails.
[[nodiscard]] Result<RunOfStudy> process_one(const RunJob& job, const ProcessRequest& request,
                                             const Terminal& terminal, const std::stop_token& stop);

}  // namespace dsm::cli
