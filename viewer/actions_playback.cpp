// Moving through time.
#include <spdlog/fmt/fmt.h>

#include "viewer/action_table.h"
#include "viewer/workspace.h"

namespace dsm::viewer {

namespace {

Result<void> go_to(Workspace& workspace, const Words& words) {
    const auto number = words.whole(0, "the number of the frame");
    if (!number) {
        return tl::unexpected(number.error());
    }
    const int frames = workspace.run()->info().frames;
    if (*number < 1 || *number > frames) {
        return words.wrong(fmt::format("the run has frames 1 to {}", frames));
    }
    show_frame(workspace, *number - 1);
    return {};
}

Result<void> step(Workspace& workspace, const Words& words) {
    const auto by = words.whole(0, "the number of frames");
    if (!by) {
        return tl::unexpected(by.error());
    }
    workspace.playback.playing = false;
    show_frame(workspace, workspace.run_view().frame + *by);
    return {};
}

Action step_row(const char* name, const char* label, const char* keys, int by) {
    return {name,
            label,
            keys,
            "",
            Menu::playback,
            has_run,
            [by](Workspace& w, const Words&) -> Result<void> {
                w.playback.playing = false;
                show_frame(w, w.run_view().frame + by);
                return {};
            },
            {}};
}

Result<void> set_speed(Workspace& workspace, const Words& words) {
    const auto speed = words.number(0, "the speed");
    if (!speed) {
        return tl::unexpected(speed.error());
    }
    if (*speed < 0.25 || *speed > 8.0) {
        return words.wrong("the speed must be 0.25 to 8 times the run's own");
    }
    workspace.playback.speed = *speed;
    return {};
}

Result<void> advance(Workspace& workspace, const Words& words) {
    const auto seconds = words.number(0, "the seconds");
    if (!seconds) {
        return tl::unexpected(seconds.error());
    }
    workspace.requests.advance_s = *seconds;
    return {};
}

Action play_row(const char* name, const char* label, const char* keys, Menu menu, bool toggle,
                bool playing) {
    return {name,
            label,
            keys,
            "",
            menu,
            has_run,
            [toggle, playing](Workspace& w, const Words&) -> Result<void> {
                w.playback.playing = toggle ? !w.playback.playing : playing;
                return {};
            },
            [](const Workspace& w) { return w.playback.playing; }};
}

}  // namespace

void add_playback_actions(ActionTable& table) {
    table.add(play_row("play-pause", "Play or pause", "Space C", Menu::playback, true, false));
    table.add(play_row("play", "Play", "", Menu::none, false, true));
    table.add(play_row("pause", "Pause", "", Menu::none, false, false));
    table.add({"goto", "Go to a frame", "", "NUMBER", Menu::none, has_run, go_to, {}});
    table.add({"step", "Step by frames", "", "BY", Menu::none, has_run, step, {}});
    table.add(step_row("next-frame", "Next frame", "Right Down", 1));
    table.add(step_row("previous-frame", "Previous frame", "Left Up", -1));
    table.add(step_row("forward-ten", "Ten frames on", "Shift+Right Shift+Down", 10));
    table.add(step_row("back-ten", "Ten frames back", "Shift+Left Shift+Up", -10));
    table.add(step_row("first-frame", "First frame", "Home", -1'000'000));
    table.add(step_row("last-frame", "Last frame", "End", 1'000'000));
    table.add({"speed", "Playing speed", "", "TIMES", Menu::none, always, set_speed, {}});
    table.add(
        {"advance", "Let seconds pass (scripts)", "", "SECONDS", Menu::none, always, advance, {}});
}

}  // namespace dsm::viewer
