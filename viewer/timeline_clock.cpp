#include "viewer/timeline_clock.h"

#include <algorithm>
#include <cmath>

namespace dsm::viewer {

PlaySchedule::PlaySchedule(std::span<const double> frame_time_s, int frames)
    : timing_known_(frames > 0 && frame_time_s.size() == static_cast<std::size_t>(frames)) {
    if (timing_known_) {
        starts_s_.assign(frame_time_s.begin(), frame_time_s.end());
    } else {
        for (int frame = 0; frame < frames; ++frame) {
            starts_s_.push_back(frame / kUnknownRate);
        }
    }
    std::vector<double> intervals;
    for (std::size_t i = 1; i < starts_s_.size(); ++i) {
        // Times that run backwards would stop the search below; such a frame is shown for no time.
        starts_s_[i] = std::max(starts_s_[i], starts_s_[i - 1]);
        intervals.push_back(starts_s_[i] - starts_s_[i - 1]);
    }
    double last = 1.0 / kUnknownRate;
    if (!intervals.empty()) {
        const auto middle = intervals.begin() + static_cast<std::ptrdiff_t>(intervals.size() / 2);
        std::nth_element(intervals.begin(), middle, intervals.end());
        last = std::max(*middle, 1e-3);
    }
    duration_s_ = starts_s_.empty() ? 0.0 : starts_s_.back() + last;
}

double PlaySchedule::wrapped(double time_s) const {
    if (duration_s_ <= 0.0) {
        return 0.0;
    }
    const double rest = std::fmod(time_s, duration_s_);
    return rest < 0.0 ? rest + duration_s_ : rest;
}

FrameIndex PlaySchedule::frame_at(double time_s) const {
    if (starts_s_.empty()) {
        return 0;
    }
    const auto after = std::upper_bound(starts_s_.begin(), starts_s_.end(), wrapped(time_s));
    return std::max(0, static_cast<int>(after - starts_s_.begin()) - 1);
}

double PlaySchedule::time_of(FrameIndex frame) const {
    if (starts_s_.empty()) {
        return 0.0;
    }
    const int last = static_cast<int>(starts_s_.size()) - 1;
    return starts_s_[static_cast<std::size_t>(std::clamp(frame, 0, last))];
}

double PlaySchedule::until_next(double time_s) const {
    const double now = wrapped(time_s);
    const auto after = std::upper_bound(starts_s_.begin(), starts_s_.end(), now);
    return (after == starts_s_.end() ? duration_s_ : *after) - now;
}

double PlaySchedule::end_of(FrameIndex frame) const {
    const int last = static_cast<int>(starts_s_.size()) - 1;
    return frame >= last ? duration_s_ : time_of(frame + 1);
}

PlayHead advanced(const PlayHead& head, double seconds, double start_s, double end_s,
                  bool to_and_fro) {
    const double length = end_s - start_s;
    if (!(length > 0.0) || head.position_s < start_s || head.position_s > end_s) {
        return {start_s, false};
    }
    // The end belongs to the frame after it.
    const double last = length * (1.0 - 1e-9);
    const double at = head.position_s - start_s;
    if (!to_and_fro) {
        return {start_s + std::min(std::fmod(at + seconds, length), last), false};
    }
    const double way = std::fmod((head.backwards ? 2.0 * length - at : at) + seconds, 2.0 * length);
    const bool backwards = way >= length;
    return {start_s + std::min(backwards ? 2.0 * length - way : way, last), backwards};
}

int frames_skipped(FrameIndex shown, FrameIndex next, bool backwards) {
    const int by = backwards ? shown - next : next - shown;
    return std::max(0, by - 1);
}

}  // namespace dsm::viewer
