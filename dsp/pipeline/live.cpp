#include "dsp/pipeline/live.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "dsp/core/thinned_series.h"
#include "dsp/pipeline/bench.h"

namespace dsm {
namespace {

constexpr std::size_t kMostTimes = 8192;  // of frames, for the percentiles

class Latencies {
 public:
    explicit Latencies(const LiveRun& run) : run_(run) {}

    // From the last byte of the frame in work to now. The clock may be set meanwhile: never below
    // nothing.
    [[nodiscard]] double now_ms() const {
        return std::max(0.0, std::chrono::duration<double, std::milli>(
                                 std::chrono::system_clock::now() - run_.last_byte())
                                 .count());
    }
    double note() {
        const double ms = now_ms();
        times_ms_.add(ms);
        max_ms_ = std::max(max_ms_, ms);
        return ms;
    }
    [[nodiscard]] std::optional<LiveLatency> summary() const {
        if (times_ms_.seen() == 0) {
            return std::nullopt;
        }
        const Spread spread = spread_of(times_ms_.items());
        return LiveLatency{times_ms_.seen(), spread.p50, spread.p95, spread.p99, max_ms_};
    }

 private:
    const LiveRun& run_;
    ThinnedSeries<double> times_ms_{kMostTimes};
    double max_ms_{0.0};
};

}  // namespace

Result<RunResult> process_live(LiveRun& run, const PipelineParams& params, const LiveHooks& hooks) {
    Latencies latencies(run);
    LiveAlarms alarms([&](FrameIndex frame, const Highlight& highlight, LiveAlarms::Kind kind) {
        if (hooks.on_alarm) {
            hooks.on_alarm(
                {kind, frame, time_of(run.info(), frame), highlight, latencies.now_ms()});
        }
    });
    ProcessHooks process = hooks.process;
    process.on_findings = [&](FrameIndex frame, const std::vector<Highlight>& found) {
        alarms.look(frame, found);
        if (hooks.process.on_findings) {
            hooks.process.on_findings(frame, found);
        }
    };
    process.on_done = [&](FrameIndex frame) {
        const double ms = latencies.note();
        if (hooks.on_latency) {
            hooks.on_latency(frame, ms);
        }
        if (hooks.process.on_done) {
            hooks.process.on_done(frame);
        }
    };
    PipelineParams live = params;
    live.mode = Mode::live;
    auto result = process_run(run, live, process);
    if (result) {
        result->live = run.record();
        result->live->latency = latencies.summary();
    }
    return result;
}

}  // namespace dsm
