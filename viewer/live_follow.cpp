#include "viewer/live_follow.h"

#include <spdlog/fmt/fmt.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "viewer/study/live_losses.h"

namespace dsm::viewer {

namespace {

// The newest frame that has been processed; -1 before the first.
FrameIndex newest_of(const RunSession& run) {
    const auto progress = run.progress();
    return progress == nullptr ? -1 : static_cast<FrameIndex>(progress->motion.size()) - 1;
}

}  // namespace

bool LiveFollow::open_new(Workspace& workspace) {
    bool any = false;
    for (auto& run : watch_->take_runs()) {
        auto session = RunSession::follow(std::move(run), workspace.wake);
        if (!session) {
            workspace.complain(session.error().message());
            continue;
        }
        const auto said = workspace.desk.admit((*session)->info());
        RunView view;
        view.mode = Mode::live;
        followed_.erase(session->get());
        followed_.try_emplace(session->get());
        workspace.study.runs.push_back(std::move(*session));
        workspace.view.runs.push_back(std::move(view));
        show_run(workspace, workspace.study.runs.size() - 1);
        workspace.say(said.empty() ? "A run has begun" : said);
        any = true;
    }
    for (const auto& refused : watch_->take_refusals()) {
        spdlog::warn("{}", refused);
        workspace.complain(refused);
        any = true;
    }
    return any;
}

bool LiveFollow::raise_alarms(Workspace& workspace, std::size_t index, Followed& followed) {
    const auto& run = *workspace.study.runs[index];
    const auto progress = run.progress();
    const bool withheld =
        workspace.view.read_first && !workspace.view.runs[index].findings_revealed;
    if (progress == nullptr || withheld) {
        return false;
    }
    const std::string before = followed.alarms.text();
    const auto withdrawn =
        followed.alarms.look(run.info(), static_cast<FrameIndex>(progress->motion.size()) - 1,
                             progress->highlights, workspace.view.runs[index].selected_highlight);
    for (const std::string& line : withdrawn) {
        spdlog::info("{}", line);
        workspace.say(line);
    }
    return !withdrawn.empty() || followed.alarms.text() != before;
}

// A window that suits frames before contrast is too narrow for those after it; one that the reader
// has set stays.
void LiveFollow::widen_window(const RunSession& run, RunView& view, Followed& followed) {
    if (view.opacity_window && view.opacity_window != followed.window) {
        return;
    }
    const auto fitting = run.automatic_opacity_window(followed.shown);
    if (fitting && (!followed.window || fitting->width > followed.window->width)) {
        view.opacity_window = followed.window = fitting;
    }
}

bool LiveFollow::grow(Workspace& workspace, std::size_t index, Followed& followed) {
    auto& run = *workspace.study.runs[index];
    const bool in_front = index == workspace.study.current;
    bool changed = run.catch_up();
    if (changed && in_front) {
        workspace.schedule = PlaySchedule(run.info().frame_time_s, run.info().frames);
    }
    const auto newest = std::min(newest_of(run), run.info().frames - 1);
    if (newest > followed.shown) {
        auto& frame = workspace.view.runs[index].frame;
        const bool at_the_front = frame >= std::max(0, followed.shown);
        const bool playing = in_front && workspace.playback.playing;
        followed.shown = newest;
        widen_window(run, workspace.view.runs[index], followed);
        if (at_the_front && !playing) {
            frame = newest;
            if (in_front) {
                show_frame(workspace, newest);
            }
        }
        changed = true;
    }
    if (!followed.ended && !run.frames().growing()) {
        followed.ended = true;
        changed = true;
    }
    return raise_alarms(workspace, index, followed) || changed;
}

bool LiveFollow::tend(Workspace& workspace) {
    bool changed = open_new(workspace);
    std::erase_if(followed_, [&](const auto& each) {
        return std::none_of(workspace.study.runs.begin(), workspace.study.runs.end(),
                            [&](const auto& run) { return run.get() == each.first; });
    });
    for (std::size_t i = 0; i < workspace.study.runs.size(); ++i) {
        const auto found = followed_.find(workspace.study.runs[i].get());
        if (found != followed_.end()) {
            changed = grow(workspace, i, found->second) || changed;
        }
    }
    return changed;
}

LiveBadge LiveFollow::badge(const Workspace& workspace) const {
    LiveBadge badge;
    const auto found = followed_.find(workspace.run());
    if (workspace.run() == nullptr || found == followed_.end()) {
        badge.text = "LIVE   waiting for a run in " + folder_;
        return badge;
    }
    const auto& run = *workspace.run();
    const Followed& followed = found->second;
    const bool withheld = workspace.view.read_first && !workspace.run_view().findings_revealed;
    badge.alarm = withheld ? std::string() : followed.alarms.text();
    std::string losses = losses_in_short(run.frames().live_record());
    losses = losses.empty() ? losses : "   " + losses;
    if (followed.ended) {
        badge.state = LiveBadge::State::ended;
        badge.text = "ENDED" + losses + "   " + run.frames().ended();
        return badge;
    }
    const auto progress = run.progress();
    const std::string latency = progress != nullptr && progress->latency_ms
                                    ? fmt::format("   latency {:.0f} ms", *progress->latency_ms)
                                    : std::string();
    const auto behind = followed.shown - workspace.run_view().frame;
    badge.state = behind > 0 ? LiveBadge::State::looking_back : LiveBadge::State::following;
    badge.text = behind > 0 ? fmt::format("LIVE   looking back, {} behind (End follows)", behind)
                            : fmt::format("LIVE   frame {}", followed.shown + 1);
    badge.text += losses + latency;
    return badge;
}

}  // namespace dsm::viewer
