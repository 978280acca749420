// The stored frames of one run, decoded once in the background and kept in a frame store.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "dsp/core/frame_store.h"
#include "dsp/core/result.h"
#include "dsp/core/run_info.h"
#include "dsp/source/frame_source.h"

namespace dsm::viewer {

// Called from any thread when there is something new to show.
using Wake = std::function<void()>;

// Thread-safe after open().
class RunFrames {
 public:
    [[nodiscard]] static Result<std::shared_ptr<RunFrames>> open(const std::filesystem::path& file,
                                                                 Wake wake);
    ~RunFrames();
    RunFrames(const RunFrames&) = delete;
    RunFrames& operator=(const RunFrames&) = delete;
    RunFrames(RunFrames&&) = delete;
    RunFrames& operator=(RunFrames&&) = delete;

    [[nodiscard]] const RunInfo& info() const { return info_; }
    [[nodiscard]] bool holds(FrameIndex frame) const { return words_.holds(frame); }
    [[nodiscard]] Result<void> read(FrameIndex frame, Image<std::uint16_t>& words) const {
        return words_.read(frame, words);
    }
    // The word at one pixel; nothing while the frame is not there.
    [[nodiscard]] std::optional<int> value_at(FrameIndex frame, int x, int y) const;
    // Why a frame can't be shown; nothing while it is fine or still to come.
    [[nodiscard]] std::optional<std::string> damage(FrameIndex frame) const;
    [[nodiscard]] double fraction_loaded() const;
    [[nodiscard]] bool loading() const;
    // Waits until the frame was decoded or could not be; false when `stop` came first.
    [[nodiscard]] bool wait_for(FrameIndex frame, const std::stop_token& stop) const;

 private:
    RunFrames(RunInfo info, FrameStore<std::uint16_t> words, std::unique_ptr<FrameSource> source,
              Wake wake);
    void load(FrameSource& source, const std::stop_token& stop);

    RunInfo info_;
    FrameStore<std::uint16_t> words_;
    Wake wake_;
    mutable std::mutex mutex_;
    mutable std::condition_variable_any arrived_;
    int done_{0};
    std::map<FrameIndex, std::string> damaged_;
    std::jthread loader_;
};

// The run as a source for the pipeline: waits for frames that are still being decoded.
class StoredSource final : public FrameSource {
 public:
    StoredSource(std::shared_ptr<const RunFrames> frames, std::stop_token stop)
        : frames_(std::move(frames)), stop_(std::move(stop)) {}
    [[nodiscard]] const RunInfo& info() const override { return frames_->info(); }
    [[nodiscard]] Result<void> read(FrameIndex frame, ImageView<std::uint16_t> words) override;

 private:
    std::shared_ptr<const RunFrames> frames_;
    std::stop_token stop_;
    Image<std::uint16_t> held_;
};

}  // namespace dsm::viewer
