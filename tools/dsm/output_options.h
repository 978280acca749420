// What `process` and `live` alike are asked to subtract from, and to write beside the result.
#pragma once

#include <string>
#include <vector>

#include "dsp/pipeline/process.h"
#include "tools/dsm/commands.h"
#include "tools/dsm/run_outputs.h"

namespace dsm::cli {

struct OutputOptions {
    std::string masks{"auto"};
    std::vector<std::string> dump;
    std::vector<std::string> exports;

    void apply(PipelineParams& params, WantedOutputs& wanted) const;
};

// --masks, --dump and --export. `options` must outlive the command.
void add_output_options(CLI::App& command, OutputOptions& options);

}  // namespace dsm::cli
