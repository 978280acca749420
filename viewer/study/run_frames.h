// The stored frames of one run, decoded once in the background and kept in a frame store; of a run
// that is still being acquired, as they come.
#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "dsp/core/frame_store.h"
#include "dsp/core/live_record.h"
#include "dsp/core/result.h"
#include "dsp/core/run_info.h"
#include "dsp/source/frame_source.h"
#include "dsp/source/live_run.h"

namespace dsm::viewer {

// Longer side of the pictures in lists.
inline constexpr int kThumbnail_px = 128;

// Called from any thread when there is something new to show.
using Wake = std::function<void()>;

// Thread-safe after open().
class RunFrames {
 public:
    [[nodiscard]] static Result<std::shared_ptr<RunFrames>> open(const std::filesystem::path& file,
                                                                 Wake wake);
    // A run that grows, kMostLiveFrames of it at most. info() has what has come by the last
    // catch_up().
    static constexpr int kMostLiveFrames = 20000;
    [[nodiscard]] static Result<std::shared_ptr<RunFrames>> follow(std::shared_ptr<LiveRun> run,
                                                                   Wake wake);
    ~RunFrames();
    RunFrames(const RunFrames&) = delete;
    RunFrames& operator=(const RunFrames&) = delete;
    RunFrames(RunFrames&&) = delete;
    RunFrames& operator=(RunFrames&&) = delete;

    [[nodiscard]] const RunInfo& info() const { return info_; }
    // More frames may come.
    [[nodiscard]] bool growing() const;
    // Is, or was, acquired while it was followed: it may have fewer frames than its header said.
    [[nodiscard]] bool live() const { return live_; }
    // By the thread that uses info(), which changes in this call alone. True: there is more.
    [[nodiscard]] bool catch_up();
    // Frames there is room for.
    [[nodiscard]] int capacity() const { return words_.frames(); }
    // Of a run that grows, of a frame that has come: seconds from the first, nothing where the run
    // has no timing, and when its last byte was received.
    [[nodiscard]] std::optional<double> time_of_live(FrameIndex frame) const;
    [[nodiscard]] std::chrono::system_clock::time_point last_byte(FrameIndex frame) const;
    // Why a run that grew has ended, one line; empty before that and where there is nothing to say.
    [[nodiscard]] std::string ended() const;
    // What is missing from a run that grows, as of now; its warnings have it by the last
    // catch_up().
    [[nodiscard]] LiveRecord live_record() const;
    [[nodiscard]] bool holds(FrameIndex frame) const { return words_.holds(frame); }
    [[nodiscard]] Result<void> read(FrameIndex frame, Image<std::uint16_t>& words) const {
        return words_.read(frame, words);
    }
    // The word at one pixel; nothing while the frame is not there.
    [[nodiscard]] std::optional<int> value_at(FrameIndex frame, int x, int y) const;
    // Why a frame can't be shown; nothing while it is fine or still to come.
    [[nodiscard]] std::optional<std::string> damage(FrameIndex frame) const;
    // Of a frame, for lists; null before one could be read.
    [[nodiscard]] std::shared_ptr<const Image<std::uint8_t>> picture() const;
    [[nodiscard]] double fraction_loaded() const;
    [[nodiscard]] bool loading() const;
    // Waits until the frame was decoded or could not be; false when `stop` came first, or the run
    // ended before it.
    [[nodiscard]] bool wait_for(FrameIndex frame, const std::stop_token& stop) const;

 private:
    RunFrames(RunInfo info, FrameStore<std::uint16_t> words, std::unique_ptr<FrameSource> source,
              Wake wake);
    RunFrames(std::shared_ptr<LiveRun> run, FrameStore<std::uint16_t> words, Wake wake);
    void load(FrameSource& source, const std::stop_token& stop);
    void record(LiveRun& run, const std::stop_token& stop);
    // Reads a frame by way of `words` into the store.
    [[nodiscard]] Result<void> keep(FrameSource& source, FrameIndex frame,
                                    Image<std::uint16_t>& words);
    void keep_picture(FrameIndex frame, ImageView<const std::uint16_t> words);
    void count(FrameIndex frame, const Result<void>& kept);  // under the lock
    void keep_record(LiveRecord record);                     // under the lock

    RunInfo info_;
    FrameStore<std::uint16_t> words_;
    Wake wake_;
    mutable std::mutex mutex_;
    mutable std::condition_variable_any arrived_;
    int done_{0};
    std::map<FrameIndex, std::string> damaged_;
    std::shared_ptr<const Image<std::uint8_t>> picture_;
    struct Arrival {
        std::optional<double> time_s;
        std::chrono::system_clock::time_point last_byte;
    };
    std::vector<Arrival> arrivals_;  // of a run that grows
    bool live_{false};
    bool over_{false};
    LiveRecord record_;  // of a run that grows
    bool record_is_new_{false};
    std::vector<std::string> first_warnings_;  // of the run, without what is missing
    std::jthread loader_;
};

// The run as a source for the pipeline: waits for frames that are still being decoded, or acquired.
class StoredSource final : public FrameSource {
 public:
    // `info`: that of the frames, as it was when their thread asked for the pass.
    StoredSource(std::shared_ptr<const RunFrames> frames, RunInfo info, std::stop_token stop)
        : frames_(std::move(frames)), info_(std::move(info)), stop_(std::move(stop)) {}
    [[nodiscard]] const RunInfo& info() const override { return info_; }
    [[nodiscard]] Result<bool> await(FrameIndex frame, const std::stop_token& stop) override;
    [[nodiscard]] Result<void> read(FrameIndex frame, ImageView<std::uint16_t> words) override;

 private:
    void take_times(FrameIndex frame);

    std::shared_ptr<const RunFrames> frames_;
    RunInfo info_;
    std::stop_token stop_;
    Image<std::uint16_t> held_;
    FrameIndex timed_{0};  // of a live run: frames whose times were taken
};

}  // namespace dsm::viewer
