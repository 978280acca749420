// Leaving what is open.
#include "viewer/action_table.h"
#include "viewer/workspace.h"

namespace dsm::viewer {

namespace {

// Closes what lies over the picture, else puts the tool away.
Result<void> escape(Workspace& workspace, const Words&) {
    auto& view = workspace.view;
    if (!view.key_of.empty() || view.key_wanted) {
        view.key_of.clear();
        view.key_wanted.reset();
    } else if (view.help_shown || view.about_shown || view.file_dialog_shown ||
               view.palette_shown || view.preferences_shown || view.archives_shown ||
               view.studies_shown) {
        view.archives_shown = false;
        // The dialog to open lies over the browser, which called it.
        view.studies_shown = view.studies_shown && view.file_dialog_shown;
        view.palette_shown = false;
        view.preferences_shown = false;
        view.help_shown = false;
        view.about_shown = false;
        view.file_dialog_shown = false;
    } else if (view.full_screen) {
        view.full_screen = false;
    } else if (view.tool != Tool::window_level) {
        view.tool = Tool::window_level;
    } else if (workspace.run() != nullptr) {
        workspace.run_view().selected_annotation.reset();
        workspace.run_view().selected_highlight.reset();
        workspace.run_view().selected_key_image.reset();
    }
    workspace.notice.reset();
    return {};
}

}  // namespace

void add_help_actions(ActionTable& table) {
    table.add(
        {"escape", "Leave the tool or what is open", "Escape", "", Menu::none, always, escape, {}});
}

}  // namespace dsm::viewer
