// Size of the text, and leaving what is open.
#include "viewer/action_table.h"
#include "viewer/workspace.h"

namespace dsm::viewer {

namespace {

Result<void> set_font_scale(Workspace& workspace, const Words& words) {
    const auto scale = words.number(0, "the scale");
    if (!scale) {
        return tl::unexpected(scale.error());
    }
    if (*scale < 0.8 || *scale > 2.0) {
        return words.wrong("the scale must be 0.8 to 2");
    }
    workspace.view.font_scale = *scale;
    return {};
}

Action scale_row(const char* name, const char* label, double scale) {
    return {name,
            label,
            "",
            "",
            Menu::view,
            always,
            [scale](Workspace& w, const Words&) -> Result<void> {
                w.view.font_scale = scale;
                return {};
            },
            [scale](const Workspace& w) { return w.view.font_scale == scale; }};
}

// Closes what lies over the picture, else puts the tool away.
Result<void> escape(Workspace& workspace, const Words&) {
    auto& view = workspace.view;
    if (view.help_shown || view.about_shown || view.file_dialog_shown) {
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
    }
    workspace.notice.reset();
    return {};
}

}  // namespace

void add_help_actions(ActionTable& table) {
    table.add(
        {"font-scale", "Size of the text", "", "TIMES", Menu::none, always, set_font_scale, {}});
    table.add(scale_row("text-100", "Text 100 %", 1.0));
    table.add(scale_row("text-125", "Text 125 %", 1.25));
    table.add(scale_row("text-150", "Text 150 %", 1.5));
    table.add(scale_row("text-200", "Text 200 %", 2.0));
    table.add(
        {"escape", "Leave the tool or what is open", "Escape", "", Menu::none, always, escape, {}});
}

}  // namespace dsm::viewer
