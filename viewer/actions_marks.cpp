// Tools to mark with, deleting, undo and its history.
#include <utility>

#include "viewer/action_table.h"
#include "viewer/marks.h"
#include "viewer/workspace.h"

namespace dsm::viewer {

namespace {

Result<void> delete_selected(Workspace& workspace, const Words& words) {
    auto& view = workspace.run_view();
    if (view.selected_annotation &&
        find_annotation(workspace.run_review(), *view.selected_annotation) != nullptr) {
        const MarkId id = *view.selected_annotation;
        view.selected_annotation.reset();
        return record(workspace, RemoveAnnotation{workspace.run()->key(), id});
    }
    if (view.selected_key_image &&
        find_key_image(workspace.run_review(), *view.selected_key_image) != nullptr) {
        const MarkId id = *view.selected_key_image;
        view.selected_key_image.reset();
        return record(workspace, RemoveKeyImage{workspace.run()->key(), id});
    }
    if (find_level(workspace.run_review(), view.selected_level) != nullptr) {
        const auto label = std::exchange(view.selected_level, {});
        auto done = record(workspace, RemoveLevelMark{workspace.run()->key(), label});
        process_if_changed(workspace);
        return done;
    }
    return words.wrong("nothing is selected; click an annotation first");
}

Result<void> after_history(Workspace& workspace, const Result<std::string>& done) {
    if (!done) {
        return tl::unexpected(done.error());
    }
    workspace.say(*done);
    process_if_changed(workspace);
    return {};
}

// Back or forward to the moment after so many steps.
Result<void> go_to_history(Workspace& workspace, const Words& words) {
    const auto position = words.whole(0, "the number of steps");
    if (!position) {
        return tl::unexpected(position.error());
    }
    const auto last = workspace.desk.history(workspace.study_name()).entries().size();
    if (*position < 0 || static_cast<std::size_t>(*position) > last) {
        return words.wrong("the number of steps must be 0 to " + std::to_string(last));
    }
    return after_history(workspace, workspace.desk.go_to(workspace.study_name(),
                                                         static_cast<std::size_t>(*position)));
}

Result<void> choose_tool(Workspace& workspace, const Words& words) {
    const auto tool = words.choice(0, kToolWords, "the tool");
    if (!tool) {
        return tl::unexpected(tool.error());
    }
    workspace.view.tool = static_cast<Tool>(*tool);
    return {};
}

Action tool_row(const char* name, const char* label, const char* key, Tool tool) {
    return {name,
            label,
            key,
            "",
            Menu::marks,
            has_run,
            [tool](Workspace& w, const Words&) -> Result<void> {
                w.view.tool = tool;
                return {};
            },
            [tool](const Workspace& w) { return w.view.tool == tool; }};
}

}  // namespace

void add_mark_actions(ActionTable& table) {
    table.add(
        {"undo",
         "Undo",
         "Ctrl+Z",
         "",
         Menu::marks,
         [](const Workspace& w) { return w.desk.history(w.study_name()).can_undo(); },
         [](Workspace& w, const Words&) { return after_history(w, w.desk.undo(w.study_name())); },
         {}});
    table.add(
        {"redo",
         "Redo",
         "Ctrl+Shift+Z Ctrl+Y",
         "",
         Menu::marks,
         [](const Workspace& w) { return w.desk.history(w.study_name()).can_redo(); },
         [](Workspace& w, const Words&) { return after_history(w, w.desk.redo(w.study_name())); },
         {}});
    table.add({"history",
               "Go to a step of the history",
               "",
               "STEPS",
               Menu::none,
               has_run,
               go_to_history,
               {}});
    table.add(tool_row("tool-window", "Window with the left button", "W", Tool::window_level));
    table.add(tool_row("tool-select", "Select and move marks", "V", Tool::select));
    table.add(tool_row("tool-level", "Mark levels", "L", Tool::level));
    table.add(tool_row("tool-text", "Text", "B", Tool::text));
    table.add(tool_row("tool-arrow", "Arrow", "A", Tool::arrow));
    table.add(tool_row("tool-line", "Line with length", "Shift+L", Tool::line));
    table.add(tool_row("tool-angle", "Angle", "Shift+A", Tool::angle));
    table.add(tool_row("tool-ellipse", "Ellipse with curve", "E", Tool::ellipse));
    table.add(tool_row("tool-polygon", "Polygon with curve", "Shift+E", Tool::polygon));
    table.add({"tool",
               "Choose the tool",
               "",
               "window|select|level|text|arrow|ellipse|polygon|line|angle",
               Menu::none,
               always,
               choose_tool,
               {}});
    table.add({"delete-selected",
               "Delete the selected mark",
               "Delete Backspace",
               "",
               Menu::marks,
               has_run,
               delete_selected,
               {}});
}

}  // namespace dsm::viewer
