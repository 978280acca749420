// The files of one run's result while they are made: arrays and subtracted frames as the frames
// come, all else when the run has ended.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dsp/core/result.h"
#include "dsp/pipeline/npy.h"
#include "dsp/pipeline/process.h"
#include "dsp/pipeline/result_folder.h"
#include "dsp/reading/export_objects.h"
#include "dsp/review/review.h"
#include "dsp/source/frame_source.h"
#include "tools/dsm/picture_values.h"
#include "tools/dsm/terminal.h"

namespace dsm::cli {

struct RunJob {
    std::filesystem::path run;
    std::filesystem::path out;  // the folder of this run's result
    std::string title;          // for the progress bar
};

struct WantedOutputs {
    bool dump_opacity{false};
    bool dump_filtered{false};
    bool dump_variance{false};
    bool dump_candidates{false};
    ExportRequest exports;      // nothing wanted: none
    bool objects_alone{false};  // no result.json, no pictures: what is exported alone
};

// Not thread-safe. Destroyed before publish(): nothing is left behind.
class RunOutputs {
 public:
    // `live`: how many frames come is not known, and none can be had again: what cannot be exported
    // is left out, and the result is written. Errors: the folder cannot be written, or has too
    // little room.
    [[nodiscard]] static Result<std::unique_ptr<RunOutputs>> begin(RunJob job, WantedOutputs wanted,
                                                                   RunReview marks,
                                                                   const RunInfo& run,
                                                                   bool live = false);

    // Adds what is wanted of each frame to `hooks`, which must not outlive this; nor `source`.
    void follow(const FrameSource& source, ProcessHooks& hooks);
    // Writes the files into `job.out`, together or not at all. `again` gives the run's frames once
    // more, in any order; without it (null) no more than a film is exported.
    [[nodiscard]] Result<void> publish(const RunResult& result, FrameSource* again);
    // After publish(): one line about the result on stdout, warnings on stderr.
    void say(const RunResult& result, const Terminal& terminal) const;
    // Why what was to be exported of a live run was not; nothing where it was.
    [[nodiscard]] const std::optional<Error>& not_exported() const { return not_exported_; }
    // Of an error about a file in the hidden folder it was staged in: where it should have gone.
    [[nodiscard]] Error at_home(Error error) const;

 private:
    RunOutputs(RunJob job, WantedOutputs wanted, RunReview marks, bool live);
    [[nodiscard]] Result<void> make_folder();
    [[nodiscard]] Result<void> start(const RunInfo& run);
    [[nodiscard]] Result<void> keep(const FrameOutput& frame, const FrameSource& source);
    [[nodiscard]] Result<void> finish_arrays();
    [[nodiscard]] Result<void> write_result(const RunResult& result) const;
    [[nodiscard]] Result<void> write_film(const RunResult& result) const;
    [[nodiscard]] Result<void> write_exports(const RunResult& result, FrameSource* again);
    [[nodiscard]] Result<void> write_objects(const RunResult& result, FrameSource& again);

    RunJob job_;
    WantedOutputs wanted_;
    RunReview marks_;
    std::optional<ResultFolder> folder_;
    std::optional<NpyWriter> opacity_;
    std::optional<NpyWriter> filtered_;
    std::optional<SubtractedRun> subtracted_;
    KeptForMarks kept_;
    bool live_{false};
    std::vector<Error> notes_;
    std::optional<Error> not_exported_;
};

}  // namespace dsm::cli
