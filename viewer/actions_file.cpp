// Opening, closing, saving pictures, leaving.
#include <spdlog/fmt/fmt.h>

#include <algorithm>

#include "dsp/dicom/objects/presentation_state.h"
#include "dsp/review/dicom_state.h"
#include "dsp/source/open_run.h"
#include "viewer/action_table.h"
#include "viewer/marks.h"
#include "viewer/open_runs.h"
#include "viewer/workspace.h"

namespace dsm::viewer {

namespace {

Result<void> open_path(Workspace& workspace, const Words& words) {
    const auto path = words.text(0, "a file or folder");
    return path ? open_runs(workspace, *path) : tl::unexpected(path.error());
}

Result<void> screenshot(Workspace& workspace, const Words& words) {
    auto path = words.text(0, "a file name ending in .png");
    if (!path) {
        return tl::unexpected(path.error());
    }
    if (!path->ends_with(".png")) {
        return words.wrong("the file name must end in .png, unlike '" + *path + "'");
    }
    workspace.requests.screenshot = *path;
    return {};
}

Result<void> choose_run(Workspace& workspace, const Words& words) {
    const auto number = words.whole(0, "the number of the run");
    if (!number) {
        return tl::unexpected(number.error());
    }
    if (*number < 1 || static_cast<std::size_t>(*number) > workspace.study.runs.size()) {
        return words.wrong(fmt::format("there are runs 1 to {}", workspace.study.runs.size()));
    }
    show_run(workspace, static_cast<std::size_t>(*number - 1));
    return {};
}

// As one step that can be undone; what contradicts the marks that are there is named and left out.
Result<void> import_marks(Workspace& workspace, const Words& words) {
    const auto path = words.text(0, "a presentation state");
    if (!path) {
        return tl::unexpected(path.error());
    }
    const auto state = read_presentation_state(*path);
    if (!state) {
        return tl::unexpected(state.error());
    }
    if (state->referenced_sop_instance_uid != workspace.run()->info().sop_instance_uid) {
        return fail(ErrorKind::invalid_input, *path, "refers to another image",
                    "open the run it was made from");
    }
    const auto marks = marks_of(*state);
    if (!marks) {
        return tl::unexpected(marks.error());
    }
    std::vector<std::string> left_out = marks->warnings;
    CommandGroup commands = commands_to_add(workspace.desk.review_of_study(workspace.study_name()),
                                            workspace.run()->key(), marks->review, false, left_out);
    const std::size_t added = commands.commands.size();
    if (added > 0) {
        if (auto done = record(workspace, Command{std::move(commands)}); !done) {
            return done;
        }
        process_if_changed(workspace);
    }
    const std::string rest =
        left_out.empty() ? "" : fmt::format("; left out: {}", fmt::join(left_out, "; "));
    workspace.say(fmt::format("{} marks taken from {}{}", added, *path, rest));
    return {};
}

Result<void> step_run(Workspace& workspace, int by) {
    const auto last = static_cast<int>(workspace.study.runs.size()) - 1;
    const int next = std::clamp(static_cast<int>(workspace.study.current) + by, 0, last);
    show_run(workspace, static_cast<std::size_t>(next));
    return {};
}

}  // namespace

void add_file_actions(ActionTable& table) {
    table.add({"open", "Open by name", "", "PATH", Menu::none, always, open_path, {}});
    table.add({"open-dialog",
               "Open...",
               "Ctrl+O",
               "",
               Menu::file,
               always,
               [](Workspace& w, const Words&) -> Result<void> {
                   w.view.file_dialog_shown = true;
                   return {};
               },
               {}});
    table.add({"close-run",
               "Close run",
               "Ctrl+W",
               "",
               Menu::file,
               has_run,
               [](Workspace& w, const Words&) -> Result<void> {
                   close_current_run(w);
                   return {};
               },
               {}});
    table.add({"next-run",
               "Next run",
               "PageDown",
               "",
               Menu::file,
               has_run,
               [](Workspace& w, const Words&) { return step_run(w, +1); },
               {}});
    table.add({"previous-run",
               "Previous run",
               "PageUp",
               "",
               Menu::file,
               has_run,
               [](Workspace& w, const Words&) { return step_run(w, -1); },
               {}});
    table.add({"run", "Show a run", "", "NUMBER", Menu::none, has_run, choose_run, {}});
    table.add({"import-marks",
               "Take the marks of a presentation state",
               "",
               "FILE",
               Menu::none,
               has_run,
               import_marks,
               {}});
    table.add({"screenshot",
               "Save a picture of the window",
               "",
               "FILE.png",
               Menu::none,
               always,
               screenshot,
               {}});
    table.add({"wait",
               "Wait until the work is done",
               "",
               "",
               Menu::none,
               always,
               [](Workspace& w, const Words&) -> Result<void> {
                   w.requests.wait_until_idle = true;
                   return {};
               },
               {}});
    table.add({"stay",
               "End the script, keep the window",
               "",
               "",
               Menu::none,
               always,
               [](Workspace& w, const Words&) -> Result<void> {
                   w.requests.stay = true;
                   return {};
               },
               {}});
    table.add({"quit",
               "Quit",
               "Ctrl+Q",
               "",
               Menu::file,
               always,
               [](Workspace& w, const Words&) -> Result<void> {
                   w.requests.quit = true;
                   return {};
               },
               {}});
}

}  // namespace dsm::viewer
