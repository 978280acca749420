#include "tools/dsm/live_desk.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <utility>

#include "tools/dsm/alarm_line.h"
#include "tools/dsm/process_one.h"

namespace dsm::cli {

LiveDesk::LiveDesk(Options options, const Terminal& terminal)
    : options_(std::move(options)),
      terminal_(terminal),
      growing_(std::clamp(options_.most_runs, 1, kMostRuns)) {}

LiveDesk::~LiveDesk() {
    works_.clear();
}

void LiveDesk::begin(std::shared_ptr<LiveRun> run) {
    // What has come waits on disk while so many are not done.
    constexpr std::size_t kMostBegun = 256;
    do {
        std::erase_if(works_, [](const Work& work) { return work.done.load(); });
        if (works_.size() >= kMostBegun) {
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
    } while (works_.size() >= kMostBegun);
    Work& work = works_.emplace_back();
    work.thread = std::jthread([this, run = std::move(run), &work] {
        if (run->whole()) {
            const std::scoped_lock turn(whole_);
            process(*run);
        } else {
            growing_.acquire();
            process(*run);
            growing_.release();
        }
        work.done = true;
    });
}

void LiveDesk::say_alarm(const LiveRun& run, const LiveAlarm& alarm) {
    const std::scoped_lock lock(speaking_);
    (void)terminal_.print(alarm_line(run.name(), alarm) + "\n");
}

void LiveDesk::say_latency(const std::string& name, const LiveLatency& latency) {
    char line[200];
    std::snprintf(line, sizeof line,
                  ": latency from last byte received to highlight, ms: p50 %.1f, p95 %.1f, p99 "
                  "%.1f, max %.1f over %zu frames\n",
                  latency.p50_ms, latency.p95_ms, latency.p99_ms, latency.max_ms, latency.frames);
    (void)terminal_.print(name + line);
}

void LiveDesk::process(LiveRun& run) {
    LiveHooks hooks;
    hooks.on_alarm = [&](const LiveAlarm& alarm) { say_alarm(run, alarm); };
    hooks.process.on_backend = [&](const BackendChoice& chosen) {
        terminal_.detail({ErrorKind::internal, run.name(),
                          "has begun; backend " + chosen.name + ", " + chosen.device,
                          chosen.reason});
    };
    const auto result = process_live(run, options_.params, hooks);
    const std::scoped_lock lock(speaking_);
    const RunJob job{run.info().file, options_.out / run.name(), run.name()};
    const auto written = result ? publish_result(job, *result, terminal_)
                                : Result<void>(tl::unexpected(result.error()));
    if (!written) {
        terminal_.report(written.error());
        failed_ = true;
        return;
    }
    const LiveRecord& record = *result->live;
    const auto gaps = record.gaps.size() + static_cast<std::size_t>(record.more_gaps);
    const bool uncounted = std::any_of(record.gaps.begin(), record.gaps.end(),
                                       [](const LiveGap& gap) { return !gap.missing; });
    if (gaps > 0 || record.too_late > 0) {
        terminal_.warn({ErrorKind::unreadable, run.name(),
                        std::to_string(gaps) +
                            (gaps == 1 ? " interruption, " : " interruptions, ") +
                            std::to_string(record.missing) +
                            (uncounted ? " frames missing and others that cannot be counted, "
                                       : " frames missing, ") +
                            std::to_string(record.too_late) + " too late",
                        "result.json says where, under live"});
    }
    if (options_.report_latency && record.latency) {
        say_latency(run.name(), *record.latency);
    }
}

void LiveDesk::refuse(const Error& error) {
    const std::scoped_lock lock(speaking_);
    terminal_.report(error);
    failed_ = failed_ || (options_.damage_fails && error.kind == ErrorKind::unreadable);
}

int LiveDesk::finish() {
    works_.clear();
    return failed_ ? 1 : 0;
}

}  // namespace dsm::cli
