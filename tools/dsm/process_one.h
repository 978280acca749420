// One run from file to result folder.
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>

#include "dsp/core/result.h"
#include "dsp/pipeline/process.h"
#include "dsp/pipeline/result_folder.h"
#include "dsp/pipeline/study.h"
#include "dsp/reading/export_objects.h"
#include "tools/dsm/terminal.h"

namespace dsm::cli {

struct ProcessRequest {
    PipelineParams params;
    bool levels_beside_run{false};  // levels.json in the run's own folder, where there is one
    bool dump_opacity{false};
    bool dump_filtered{false};
    bool dump_variance{false};
    bool dump_candidates{false};
    ExportRequest exports;           // nothing wanted: none
    bool objects_alone{false};       // no result.json, no pictures: what is exported alone
    bool marks_from_journal{false};  // levels, masks and shift as the reader left them
};

struct RunJob {
    std::filesystem::path run;
    std::filesystem::path out;  // the folder of this run's result
    std::string title;          // for the progress bar
};

// Writes the files of a result into `job.out`, together or not at all, and prints one line about it
// on stdout; warnings go to stderr.
[[nodiscard]] Result<void> publish_result(const RunJob& job, const RunResult& result,
                                          const Terminal& terminal);

// Prints one line about the result on stdout. Nothing is left in `out` when it fails.
[[nodiscard]] Result<RunOfStudy> process_one(const RunJob& job, const ProcessRequest& request,
                                             const Terminal& terminal, const std::stop_token& stop);

}  // namespace dsm::cli
