// How long things take, on the screen and for scripts.
#include "viewer/action_rows.h"
#include "viewer/action_table.h"
#include "viewer/workspace.h"

namespace dsm::viewer {

namespace {

Result<void> time_opening(Workspace& workspace, const Words& words) {
    auto file = words.text(0, "the run");
    if (!file) {
        return tl::unexpected(file.error());
    }
    workspace.requests.time_opening = std::move(*file);
    return {};
}

}  // namespace

void add_timing_actions(ActionTable& table) {
    table.add(flag("timing-overlay", "Timing of the frames", "F12", Menu::view,
                   &ViewState::timing_shown));
    table.add({"time-opening",
               "Open a run and time its first picture",
               "",
               "RUN",
               Menu::none,
               always,
               time_opening,
               {}});
    table.add({"time-scrubbing",
               "Show every frame and time each",
               "",
               "",
               Menu::none,
               has_run,
               [](Workspace& w, const Words&) -> Result<void> {
                   w.requests.time_scrubbing = true;
                   return {};
               },
               {}});
}

}  // namespace dsm::viewer
