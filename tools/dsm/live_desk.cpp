#include "tools/dsm/live_desk.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <utility>

#include "dsp/source/live_names.h"
#include "dsp/source/open_run.h"
#include "tools/dsm/alarm_line.h"

namespace dsm::cli {
namespace {

// The run from its files, once all of it has come.
Result<std::unique_ptr<FrameSource>> open_again(const LiveRun& run) {
    const std::filesystem::path& file = run.info().file;
    return open_run(run.whole() ? file : file.parent_path() / stem_of_run(run.info(), false));
}

}  // namespace

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

// Nothing where none is needed, or with a message where it cannot be had.
std::unique_ptr<FrameSource> LiveDesk::source_for_export(const LiveRun& run, RunResult& result) {
    const ExportKinds& kinds = options_.wanted.exports.kinds;
    if (std::all_of(kinds.begin(), kinds.end(),
                    [](ExportKind kind) { return kind == ExportKind::video; })) {
        return nullptr;
    }
    auto opened = open_again(run);
    if (opened && (*opened)->info().frames == result.run.frames) {
        result.run.file = (*opened)->info().file;
        result.run.frame_objects = (*opened)->info().frame_objects;
        return std::move(*opened);
    }
    const std::scoped_lock lock(speaking_);
    failed_ = true;
    terminal_.report({ErrorKind::unsupported, run.name(),
                      "is not exported: " + (opened ? std::string("frames of it are missing")
                                                    : opened.error().message()),
                      "its result is written all the same"});
    return nullptr;
}

Result<RunResult> LiveDesk::process_and_publish(LiveRun& run) {
    auto outputs = RunOutputs::begin({run.info().file, options_.out / run.name(), run.name()},
                                     options_.wanted, {}, run.info(), true);
    if (!outputs) {
        return tl::unexpected(outputs.error());
    }
    LiveHooks hooks;
    hooks.on_alarm = [&](const LiveAlarm& alarm) { say_alarm(run, alarm); };
    hooks.process.on_backend = [&](const BackendChoice& chosen) {
        terminal_.detail({ErrorKind::internal, run.name(),
                          "has begun; backend " + chosen.name + ", " + chosen.device,
                          chosen.reason});
    };
    (*outputs)->follow(run, hooks.process);
    auto result = process_live(run, options_.params, hooks);
    if (!result) {
        return tl::unexpected((*outputs)->at_home(result.error()));
    }
    const std::unique_ptr<FrameSource> again = source_for_export(run, *result);
    if (auto written = (*outputs)->publish(*result, again.get()); !written) {
        return tl::unexpected(written.error());
    }
    const std::scoped_lock lock(speaking_);
    (*outputs)->say(*result, terminal_);
    if (const auto& why = (*outputs)->not_exported()) {
        terminal_.report(*why);
        failed_ = true;
    }
    return result;
}

// No exception leaves the thread of a run: the others go on.
Result<RunResult> LiveDesk::process_guarded(LiveRun& run) {
    try {
        return process_and_publish(run);
    } catch (const std::exception& error) {
        return fail(ErrorKind::internal, run.name(), error.what(),
                    "close other programs, or export less");
    }
}

void LiveDesk::process(LiveRun& run) {
    const auto result = process_guarded(run);
    const std::scoped_lock lock(speaking_);
    if (!result) {
        terminal_.report(result.error());
        failed_ = true;
        return;
    }
    say_losses(run.name(), *result->live);
    if (options_.report_latency && result->live->latency) {
        say_latency(run.name(), *result->live->latency);
    }
}

void LiveDesk::say_losses(const std::string& name, const LiveRecord& record) {
    const auto gaps = record.gaps.size() + static_cast<std::size_t>(record.more_gaps);
    if (gaps == 0 && record.too_late == 0) {
        return;
    }
    const bool uncounted = std::any_of(record.gaps.begin(), record.gaps.end(),
                                       [](const LiveGap& gap) { return !gap.missing; });
    terminal_.warn({ErrorKind::unreadable, name,
                    std::to_string(gaps) + (gaps == 1 ? " interruption, " : " interruptions, ") +
                        std::to_string(record.missing) +
                        (uncounted ? " frames missing and others that cannot be counted, "
                                   : " frames missing, ") +
                        std::to_string(record.too_late) + " too late",
                    "result.json says where, under live"});
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
