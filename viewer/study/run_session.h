// An opened run: its frames, the subtraction under way, and the last one that was whole.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dsp/core/robust_range.h"
#include "viewer/study/run_frames.h"
#include "viewer/study/subtraction_job.h"

namespace dsm::viewer {

// Used by the window's thread alone; the work inside goes on in threads of its own.
class RunSession {
 public:
    [[nodiscard]] static Result<std::unique_ptr<RunSession>> open(const std::filesystem::path& file,
                                                                  Wake wake);

    // A run that grows; see RunFrames::catch_up().
    [[nodiscard]] static Result<std::unique_ptr<RunSession>> follow(std::shared_ptr<LiveRun> run,
                                                                    Wake wake);
    [[nodiscard]] bool catch_up() { return frames_->catch_up(); }

    [[nodiscard]] const RunInfo& info() const { return frames_->info(); }
    [[nodiscard]] const RunFrames& frames() const { return *frames_; }
    // Review's and DICOM's name for the run; the file's where the header has none.
    [[nodiscard]] std::string key() const;

    // Starts over with other parameters; the frames shown stay until new ones come.
    void process(const PipelineParams& params);
    // Once in a while: starts the unregistered pass when the main one is done, forgets old jobs.
    void tend();
    [[nodiscard]] bool busy() const;

    // The job to show frame `frame` from: the newest that holds it. Null before that.
    [[nodiscard]] const SubtractionJob* job_with(FrameIndex frame) const;
    [[nodiscard]] const SubtractionJob* unregistered_with(FrameIndex frame) const;
    [[nodiscard]] const SubtractionJob* newest_job() const { return job_.get(); }
    // For work in other threads, which may outlast this.
    [[nodiscard]] std::shared_ptr<const RunFrames> shared_frames() const { return frames_; }
    [[nodiscard]] std::shared_ptr<const SubtractionJob> shared_job() const { return job_; }
    // True while what is shown for `frame` was made with other parameters than were asked for.
    [[nodiscard]] bool outdated(FrameIndex frame) const;

    // Of the newest job, and of the newest that came to its end.
    [[nodiscard]] std::shared_ptr<const JobSnapshot> progress() const;
    [[nodiscard]] std::shared_ptr<const JobSnapshot> findings() const;
    [[nodiscard]] std::optional<FrameMotion> motion_of(FrameIndex frame) const;
    [[nodiscard]] std::optional<std::string> processing_failure() const;

    // First window of the stored values: the header's, else a robust range of the first frame.
    [[nodiscard]] std::optional<DisplayWindow> native_window() const;
    [[nodiscard]] std::optional<DisplayWindow> automatic_native_window() const;
    // From the subtraction of `frame`.
    [[nodiscard]] std::optional<DisplayWindow> automatic_opacity_window(FrameIndex frame) const;

 private:
    explicit RunSession(std::shared_ptr<RunFrames> frames, Wake wake)
        : frames_(std::move(frames)), wake_(std::move(wake)) {}
    void retire(std::shared_ptr<SubtractionJob> job);

    std::shared_ptr<RunFrames> frames_;
    Wake wake_;
    std::shared_ptr<SubtractionJob> job_;
    std::shared_ptr<SubtractionJob> earlier_;  // the last whole one, until job_ is whole
    std::shared_ptr<SubtractionJob> unregistered_;
    std::vector<std::shared_ptr<SubtractionJob>> retired_;  // asked to stop, not yet stopped
    std::string start_failure_;
};

}  // namespace dsm::viewer
