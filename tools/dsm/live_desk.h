// Live runs being processed, each on a thread of its own; their alarms and results on stdout.
#pragma once

#include <atomic>
#include <filesystem>
#include <list>
#include <memory>
#include <mutex>
#include <semaphore>
#include <string>
#include <thread>

#include "dsp/pipeline/live.h"
#include "tools/dsm/run_outputs.h"
#include "tools/dsm/terminal.h"

namespace dsm::cli {

// Thread-safe but for begin(), which one thread calls.
class LiveDesk {
 public:
    struct Options {
        std::filesystem::path out;  // gets a folder for each run
        PipelineParams params;
        WantedOutputs wanted;  // of each run
        int most_runs{4};      // that grow, at once; the frames of others wait
        bool report_latency{false};
        bool damage_fails{false};  // what was refused as damaged is a failure
    };
    LiveDesk(Options options, const Terminal& terminal);
    // Waits until every run has ended and has its result.
    ~LiveDesk();
    LiveDesk(const LiveDesk&) = delete;
    LiveDesk& operator=(const LiveDesk&) = delete;
    LiveDesk(LiveDesk&&) = delete;
    LiveDesk& operator=(LiveDesk&&) = delete;

    void begin(std::shared_ptr<LiveRun> run);
    void refuse(const Error& error);
    // Waits as the destructor does. The exit code: 1 where a run failed, a result could not be
    // written, or with damage_fails something was damaged.
    [[nodiscard]] int finish();

 private:
    static constexpr int kMostRuns = 64;
    struct Work {
        std::atomic<bool> done{false};
        std::jthread thread;
    };
    void process(LiveRun& run);
    [[nodiscard]] Result<RunResult> process_and_publish(LiveRun& run);
    [[nodiscard]] Result<RunResult> process_guarded(LiveRun& run);
    [[nodiscard]] std::unique_ptr<FrameSource> source_for_export(const LiveRun& run,
                                                                 RunResult& result);
    void say_losses(const std::string& name, const LiveRecord& record);
    void say_alarm(const LiveRun& run, const LiveAlarm& alarm);
    void say_latency(const std::string& name, const LiveLatency& latency);

    Options options_;
    const Terminal& terminal_;
    std::counting_semaphore<kMostRuns> growing_;
    std::mutex whole_;  // runs in one object go one after the other
    std::list<Work> works_;
    std::mutex speaking_;
    bool failed_{false};
};

}  // namespace dsm::cli
