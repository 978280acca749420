// How long the frames of a run took: what the timing overlay shows.
#pragma once

#include <array>
#include <cstddef>
#include <deque>
#include <optional>

#include "dsp/core/run_info.h"
#include "dsp/core/stage_times.h"
#include "dsp/core/units.h"
#include "dsp/pipeline/bench.h"

namespace dsm::viewer {

struct FrameTimes {
    FrameIndex frame{0};
    FramePartTimes_ms part_ms{};
    double process_ms{0.0};            // all of its work, the parts included
    std::optional<double> latency_ms;  // of a run that grows: last byte received to findings known
};

// The newest kMost frames of one pass. Not thread-safe.
class RecentTimes {
 public:
    static constexpr std::size_t kMost = 600;

    void add(const FrameTimes& times);
    // Of a frame that was added; what is no longer kept is left alone.
    void set_latency(FrameIndex frame, double latency_ms);
    [[nodiscard]] const std::deque<FrameTimes>& frames() const { return frames_; }

 private:
    std::deque<FrameTimes> frames_;
};

// Median time between frames as the run has them; nothing where it does not say.
[[nodiscard]] std::optional<double> interval_ms_of(const RunInfo& run);

// The result was not there before the next frame came: its latency, or where that is not known its
// work, is longer than the interval. Never where the interval is not known.
[[nodiscard]] bool is_late(const FrameTimes& times, std::optional<double> interval_ms);

struct TimesSummary {
    std::array<Spread, kFrameParts> part_ms{};
    Spread other_ms, process_ms;  // other: of the work, in no part
    std::optional<Spread> latency_ms;
    std::size_t frames{0}, late{0};
};
[[nodiscard]] TimesSummary summary_of(const std::deque<FrameTimes>& frames,
                                      std::optional<double> interval_ms);

// Work that is in none of the parts.
[[nodiscard]] double other_ms_of(const FrameTimes& times);

}  // namespace dsm::viewer
