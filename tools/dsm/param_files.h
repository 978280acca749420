// Files named on the command line that change how runs are processed.
#pragma once

#include <string>

#include "dsp/core/result.h"
#include "dsp/pipeline/process.h"

namespace dsm::cli {

// Reads the levels file and the calibration into `params`; an empty name is none.
[[nodiscard]] Result<void> read_param_files(const std::string& levels,
                                            const std::string& calibration, PipelineParams& params);

}  // namespace dsm::cli
