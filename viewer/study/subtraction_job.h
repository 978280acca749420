// One pass of the pipeline over a run, in the background: its frames as they come, what was found
// so far, and the result.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "dsp/core/frame_store.h"
#include "dsp/pipeline/process.h"
#include "viewer/study/frame_times.h"
#include "viewer/study/run_frames.h"

namespace dsm::viewer {

// What is known at one moment; a value that stays as it is.
struct JobSnapshot {
    enum class State { running, done, failed } state{State::running};
    double fraction{0.0};
    std::string failure;              // one line, when failed
    std::vector<FrameMotion> motion;  // of the frames done
    std::vector<Highlight> highlights;
    // Of a run that grows: from the last byte of the newest frame received to its highlights known.
    std::optional<double> latency_ms;
    std::shared_ptr<const RunResult> result;  // when done
};

// Thread-safe once made, which the thread that uses the frames' info() does; a run that grows is
// processed in mode `live`. Destroying it asks the pass to stop and waits for the frame in hand.
class SubtractionJob {
 public:
    [[nodiscard]] static Result<std::unique_ptr<SubtractionJob>> start(
        std::shared_ptr<const RunFrames> frames, PipelineParams params, Wake wake);
    ~SubtractionJob() = default;
    SubtractionJob(const SubtractionJob&) = delete;
    SubtractionJob& operator=(const SubtractionJob&) = delete;
    SubtractionJob(SubtractionJob&&) = delete;
    SubtractionJob& operator=(SubtractionJob&&) = delete;

    void request_stop() { worker_.request_stop(); }
    [[nodiscard]] bool finished() const { return finished_.load(); }
    [[nodiscard]] const PipelineParams& params() const { return params_; }
    [[nodiscard]] std::shared_ptr<const JobSnapshot> snapshot() const;
    // Of the newest frames, a copy; in `review` of the pass that subtracts, not the one before it.
    [[nodiscard]] RecentTimes recent_times() const;
    // Distinguishes jobs, so that caches notice a new one.
    [[nodiscard]] unsigned serial() const { return serial_; }

    [[nodiscard]] bool holds(FrameIndex frame) const { return opacity_.holds(frame); }
    [[nodiscard]] Result<void> read_opacity(FrameIndex frame, Image<float>& opacity) const {
        return opacity_.read(frame, opacity);
    }
    // The same for the eye; a pass that looks for nothing filters nothing.
    [[nodiscard]] bool holds_filtered(FrameIndex frame) const {
        return filtered_ && filtered_->holds(frame);
    }
    [[nodiscard]] Result<void> read_filtered(FrameIndex frame, Image<float>& opacity) const {
        return filtered_->read(frame, opacity);
    }
    [[nodiscard]] const FrameStore<float>& opacity() const { return opacity_; }
    // Opacity and sigma of a part of the picture, which the images' extents fit.
    [[nodiscard]] Result<void> read_part(FrameIndex frame, const PixelRect& part,
                                         Image<float>& opacity, Image<float>& sigma) const;

 private:
    SubtractionJob(std::shared_ptr<const RunFrames> frames, PipelineParams params,
                   FrameStore<float> opacity, FrameStore<float> sigma,
                   std::optional<FrameStore<float>> filtered, Wake wake);
    void run(const std::stop_token& stop);
    [[nodiscard]] Result<void> keep(const FrameOutput& out);
    void publish(const std::function<void(JobSnapshot&)>& change);

    std::shared_ptr<const RunFrames> frames_;
    RunInfo info_;  // as it was when the pass began
    PipelineParams params_;
    FrameStore<float> opacity_;
    FrameStore<float> sigma_;  // every kSigmaStep-th pixel of every kSigmaStep-th row
    std::optional<FrameStore<float>> filtered_;
    Wake wake_;
    unsigned serial_;
    std::atomic<bool> finished_{false};
    mutable std::mutex mutex_;
    std::shared_ptr<const JobSnapshot> snapshot_;
    RecentTimes times_;
    std::jthread worker_;
};

}  // namespace dsm::viewer
