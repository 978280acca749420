// DICOM objects that arrive in a folder, as runs that grow: single frames by their series and
// acquisition, in order of their instance number; objects of several frames as a run each, or one
// after the other where they are to be joined.
//
// A run ends when nothing has come for a while, when all the frames there are to be have come, when
// another begins while it rests, or with the source. What comes after that is another run.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "dsp/core/result.h"
#include "dsp/source/live_run.h"

namespace dsm {

struct LiveFolderParams {
    std::filesystem::path folder;
    std::filesystem::path results;  // not looked into where it lies within the folder; may be empty
    bool only_new{false};           // not what lies there already,
    double recent_s{0.0};           // but what came so shortly before
    bool again{false};              // also what `results` has a result of, newer than it
    bool join{false};               // objects of several frames of one series are one run
    double order_s{0.5};            // how long a frame waits for those before it
    double end_s{10.0};             // a run ends when nothing comes for so long
    double broken_s{10.0};          // an object that is not whole is given up after so long
    std::optional<int> frames;      // a run ends with so many
};

class LiveFolder {
 public:
    // Errors: not_found, io.
    [[nodiscard]] static Result<std::unique_ptr<LiveFolder>> open(LiveFolderParams params);
    ~LiveFolder();
    LiveFolder(const LiveFolder&) = delete;
    LiveFolder& operator=(const LiveFolder&) = delete;
    LiveFolder(LiveFolder&&) = delete;
    LiveFolder& operator=(LiveFolder&&) = delete;

    struct Hooks {
        // A run has begun; its first frame is offered right after.
        std::function<void(std::shared_ptr<LiveRun>)> on_run;
        // One line: an object that cannot be used, and why; `unreadable` where it is damaged.
        std::function<void(const Error&)> on_refused;
    };
    // Until `stop`, or with `once` until all that has come is over; all runs have ended then.
    void run(const std::stop_token& stop, bool once, const Hooks& hooks);

 private:
    class Collector;
    explicit LiveFolder(std::unique_ptr<Collector> collector);
    std::unique_ptr<Collector> collector_;
};

}  // namespace dsm
