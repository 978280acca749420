// Playing at the run's own timing. Time comes from outside, in seconds, so that scripts and tests
// are repeatable and nothing drifts.
#pragma once

#include <span>
#include <vector>

#include "dsp/core/units.h"

namespace dsm::viewer {

// When each frame is shown, from the first one; irregular times are kept. `unknown` timing plays
// at kUnknownRate frames per second, which is a rate for looking, not a measurement.
inline constexpr double kUnknownRate = 4.0;
class PlaySchedule {
 public:
    PlaySchedule() = default;
    PlaySchedule(std::span<const double> frame_time_s, int frames);

    // The frame showing at `time_s` into the run; past its end the run starts again.
    [[nodiscard]] FrameIndex frame_at(double time_s) const;
    [[nodiscard]] double time_of(FrameIndex frame) const;
    // With the time the last frame stays on screen (the median interval).
    [[nodiscard]] double duration_s() const { return duration_s_; }
    // When the frame after it is shown; the run's end for the last.
    [[nodiscard]] double end_of(FrameIndex frame) const;
    // Seconds of run time from `time_s` to the next change of frame.
    [[nodiscard]] double until_next(double time_s) const;
    [[nodiscard]] bool timing_known() const { return timing_known_; }

 private:
    [[nodiscard]] double wrapped(double time_s) const;

    std::vector<double> starts_s_;
    double duration_s_{0.0};
    bool timing_known_{false};
};

// Where playing stands, and whether it goes back in time.
struct PlayHead {
    double position_s{0.0};
    bool backwards{false};
    friend bool operator==(const PlayHead&, const PlayHead&) = default;
};

// `seconds` (0 or more) later, going round from `end_s` to `start_s`, or to and fro between them.
// A position outside the two goes to the start.
[[nodiscard]] PlayHead advanced(const PlayHead& head, double seconds, double start_s, double end_s,
                                bool to_and_fro);

// Frames passed over between two that were shown one after the other while playing; 0 where playing
// went round or turned in between.
[[nodiscard]] int frames_skipped(FrameIndex shown, FrameIndex next, bool backwards);

}  // namespace dsm::viewer
