// Moving through time.
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <iterator>

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

// The next of the usual speeds.
Result<void> change_speed(Workspace& workspace, bool faster) {
    constexpr double kSpeeds[] = {0.25, 0.5, 1.0, 2.0, 4.0, 8.0};
    auto& speed = workspace.playback.speed;
    const auto above = std::upper_bound(std::begin(kSpeeds), std::end(kSpeeds), speed);
    const auto from = std::lower_bound(std::begin(kSpeeds), std::end(kSpeeds), speed);
    if (faster) {
        speed = above == std::end(kSpeeds) ? speed : *above;
    } else {
        speed = from == std::begin(kSpeeds) ? speed : *(from - 1);
    }
    return {};
}

Result<void> set_loop(Workspace& workspace, const Words& words) {
    auto& loop = workspace.run_view().loop;
    if (words.count() == 1 && words.text(0, "") == std::string("off")) {
        loop.reset();
        return {};
    }
    const auto first = words.whole(0, "the first frame");
    const auto last = words.whole(1, "the last frame");
    if (!first || !last) {
        return tl::unexpected(!first ? first.error() : last.error());
    }
    const int frames = workspace.run()->info().frames;
    if (*first < 1 || *last < *first || *last > frames) {
        return words.wrong(fmt::format("needs two frames in order, from 1 to {}", frames));
    }
    loop = FrameRange{*first - 1, *last - 1};
    return {};
}

// From here, or to here; the other end gives way where it would lie on the wrong side.
Result<void> end_loop_here(Workspace& workspace, bool at_start) {
    const auto frame = workspace.run_view().frame;
    auto range = frames_played(workspace);
    if (at_start) {
        range = {frame, range.last < frame ? workspace.run()->info().frames - 1 : range.last};
    } else {
        range = {range.first > frame ? 0 : range.first, frame};
    }
    workspace.run_view().loop = range;
    workspace.say(fmt::format("Playing frames {} to {}", range.first + 1, range.last + 1));
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
                w.playback.skipped = w.playback.playing ? 0 : w.playback.skipped;
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
    table.add({"slower",
               "Slower",
               ",",
               "",
               Menu::playback,
               always,
               [](Workspace& w, const Words&) { return change_speed(w, false); },
               {}});
    table.add({"faster",
               "Faster",
               ".",
               "",
               Menu::playback,
               always,
               [](Workspace& w, const Words&) { return change_speed(w, true); },
               {}});
    table.add({"loop", "Play a range", "", "FIRST LAST|off", Menu::none, has_run, set_loop, {}});
    table.add({"loop-start",
               "Loop from here",
               "[",
               "",
               Menu::playback,
               has_run,
               [](Workspace& w, const Words&) { return end_loop_here(w, true); },
               {}});
    table.add({"loop-end",
               "Loop to here",
               "]",
               "",
               Menu::playback,
               has_run,
               [](Workspace& w, const Words&) { return end_loop_here(w, false); },
               {}});
    table.add(
        {"loop-off",
         "Play the whole run",
         "\\",
         "",
         Menu::playback,
         [](const Workspace& w) { return w.run() != nullptr && w.run_view().loop.has_value(); },
         [](Workspace& w, const Words&) -> Result<void> {
             w.run_view().loop.reset();
             return {};
         },
         {}});
    table.add({"ping-pong", "Play to and fro", "", "", Menu::playback, always,
               [](Workspace& w, const Words&) -> Result<void> {
                   w.playback.to_and_fro = !w.playback.to_and_fro;
                   w.playback.backwards = false;
                   return {};
               },
               [](const Workspace& w) { return w.playback.to_and_fro; }});
    table.add(
        {"advance", "Let seconds pass (scripts)", "", "SECONDS", Menu::none, always, advance, {}});
}

}  // namespace dsm::viewer
