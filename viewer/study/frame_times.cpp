#include "viewer/study/frame_times.h"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace dsm::viewer {

void RecentTimes::add(const FrameTimes& times) {
    frames_.push_back(times);
    if (frames_.size() > kMost) {
        frames_.pop_front();
    }
}

void RecentTimes::set_latency(FrameIndex frame, double latency_ms) {
    const auto found = std::find_if(frames_.rbegin(), frames_.rend(),
                                    [&](const FrameTimes& each) { return each.frame == frame; });
    if (found != frames_.rend()) {
        found->latency_ms = latency_ms;
    }
}

std::optional<double> interval_ms_of(const RunInfo& run) {
    std::vector<double> between_ms;
    for (std::size_t k = 1; k < run.frame_time_s.size(); ++k) {
        between_ms.push_back(1e3 * (run.frame_time_s[k] - run.frame_time_s[k - 1]));
    }
    if (between_ms.empty()) {
        return std::nullopt;
    }
    const auto middle = between_ms.begin() + static_cast<std::ptrdiff_t>(between_ms.size() / 2);
    std::nth_element(between_ms.begin(), middle, between_ms.end());
    return *middle > 0.0 ? std::optional(*middle) : std::nullopt;
}

bool is_late(const FrameTimes& times, std::optional<double> interval_ms) {
    return interval_ms && times.latency_ms.value_or(times.process_ms) > *interval_ms;
}

double other_ms_of(const FrameTimes& times) {
    const double parts = std::accumulate(times.part_ms.begin(), times.part_ms.end(), 0.0);
    return std::max(0.0, times.process_ms - parts);
}

TimesSummary summary_of(const std::deque<FrameTimes>& frames, std::optional<double> interval_ms) {
    const auto spread = [&](const auto& value) {
        std::vector<double> values;
        for (const FrameTimes& each : frames) {
            values.push_back(value(each));
        }
        return spread_of(std::move(values));
    };
    TimesSummary summary;
    summary.frames = frames.size();
    summary.late = static_cast<std::size_t>(
        std::count_if(frames.begin(), frames.end(),
                      [&](const FrameTimes& each) { return is_late(each, interval_ms); }));
    for (std::size_t part = 0; part < kFrameParts; ++part) {
        summary.part_ms[part] = spread([part](const FrameTimes& f) { return f.part_ms[part]; });
    }
    summary.other_ms = spread(other_ms_of);
    summary.process_ms = spread([](const FrameTimes& f) { return f.process_ms; });
    std::vector<double> latencies_ms;
    for (const FrameTimes& each : frames) {
        if (each.latency_ms) {
            latencies_ms.push_back(*each.latency_ms);
        }
    }
    if (!latencies_ms.empty()) {
        summary.latency_ms = spread_of(std::move(latencies_ms));
    }
    return summary;
}

}  // namespace dsm::viewer
