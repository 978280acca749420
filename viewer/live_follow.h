// Following runs that are still being acquired: the newest frame is shown until the reader looks at
// another; what comes is recorded all the same.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "viewer/alarm_banner.h"
#include "viewer/study/live_watch.h"
#include "viewer/workspace.h"

namespace dsm::viewer {

// What the badge over the pictures says of the run in front.
struct LiveBadge {
    enum class State { waiting, following, looking_back, ended } state{State::waiting};
    std::string text;
    std::string alarm;  // the newest that stands, until it is selected; or empty
};

// By the window's thread.
class LiveFollow {
 public:
    LiveFollow(std::unique_ptr<LiveWatch> watch, std::string folder)
        : watch_(std::move(watch)), folder_(std::move(folder)) {}

    // Opens runs that have begun, takes in what has come, and moves on to the newest frame where
    // that is followed. True: there is something new to see.
    bool tend(Workspace& workspace);
    [[nodiscard]] LiveBadge badge(const Workspace& workspace) const;

 private:
    struct Followed {
        FrameIndex shown{-1};                 // the newest frame that was shown
        std::optional<DisplayWindow> window;  // of opacity, as chosen here
        AlarmBanner alarms;
        bool ended{false};
    };
    bool open_new(Workspace& workspace);
    bool grow(Workspace& workspace, std::size_t index, Followed& followed);
    static void widen_window(const RunSession& run, RunView& view, Followed& followed);
    bool raise_alarms(Workspace& workspace, std::size_t index, Followed& followed);

    std::unique_ptr<LiveWatch> watch_;
    std::string folder_;
    std::map<const RunSession*, Followed> followed_;
};

}  // namespace dsm::viewer
