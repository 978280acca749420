// A run that is processed while it is still being acquired: whoever receives its frames offers them
// at one end, process_run() takes them from the other.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "dsp/core/image.h"
#include "dsp/core/live_record.h"
#include "dsp/source/frame_source.h"

namespace dsm {

struct LiveFrame {
    // Fills `words`, which has the run's extent; called once, on the thread that processes.
    std::function<Result<void>(ImageView<std::uint16_t> words)> read;
    // By the clocks of the source, see RunInfo; nothing where it has none.
    std::optional<double> acquired_s, content_s;
    // Of a frame within an object of several: from the object's first.
    double after_s{0.0};
    std::chrono::system_clock::time_point last_byte;  // when the last of it was received
};

// What is offered, by any thread, is kept in order; memory is what waits. The FrameSource side is
// for one thread. Frame times are from the first frame on, by the first of these clocks that runs:
// acquisition, content, the frame time or rate of the header, arrival. A clock that goes
// backwards stands still; one that gives frames the same time (it counts whole seconds) is helped
// out by the next of these, with a warning.
class LiveRun final : public FrameSource {
 public:
    // `first` is the header of the first frame; frames it has of its own are those of the run where
    // `whole`, else the first of more. `name`: for its results, made of harmless characters.
    struct Start {
        RunInfo first;
        std::string name;
        LiveSourceKind source{LiveSourceKind::folder};
        bool whole{false};
    };
    explicit LiveRun(Start start);

    void offer(LiveFrame frame);
    // Before the next frame offered: some are missing.
    void offer_gap(std::optional<int> missing, std::string why);
    void count_too_late();
    // No more will be offered; the first reason stays.
    void end(std::string why);
    [[nodiscard]] std::size_t waiting() const;
    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] bool whole() const { return whole_; }

    [[nodiscard]] const RunInfo& info() const override { return info_; }
    [[nodiscard]] bool grows() const override { return !whole_; }
    // A frame that cannot be read becomes a gap, and the next one takes its place.
    [[nodiscard]] Result<bool> await(FrameIndex frame, const std::stop_token& stop) override;
    // Of the frame waited for last.
    [[nodiscard]] Result<void> read(FrameIndex frame, ImageView<std::uint16_t> words) override;
    [[nodiscard]] std::chrono::system_clock::time_point last_byte() const { return last_byte_; }
    [[nodiscard]] LiveRecord record() const;

 private:
    struct Offer {
        std::optional<LiveFrame> frame;  // nothing: a gap
        std::optional<int> missing;
        std::string why;
    };
    [[nodiscard]] Result<std::optional<Offer>> take(const std::stop_token& stop);
    void note_gap(std::optional<int> missing, std::string why);
    [[nodiscard]] bool stage(const LiveFrame& frame);
    [[nodiscard]] double time_of(const LiveFrame& frame);
    void close();

    enum class FrameClock { acquisition, content, nominal, arrival };
    [[nodiscard]] static std::optional<double> reading(FrameClock clock, const LiveFrame& frame);
    void choose_clock(const LiveFrame& frame);
    [[nodiscard]] double step_without_clock_s(const LiveFrame& frame);

    std::string name_;
    bool whole_;
    RunInfo info_;
    FrameIndex delivered_{0};
    Image<std::uint16_t> staged_;
    std::chrono::system_clock::time_point last_byte_;
    LiveFrame first_;  // its clocks
    std::optional<FrameClock> clock_;
    std::optional<double> last_reading_;  // of that clock
    int missing_before_{0};               // frames, since the last one delivered
    bool said_clock_stands_{false};

    mutable std::mutex mutex_;
    std::condition_variable_any changed_;
    std::deque<Offer> offers_;
    LiveRecord record_;
    bool ended_{false};
};

}  // namespace dsm
