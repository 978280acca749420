// Annotations, their selection, and undo.
#include <utility>

#include "viewer/action_table.h"
#include "viewer/marks.h"
#include "viewer/workspace.h"

namespace dsm::viewer {

namespace {

Result<void> add_shape(Workspace& workspace, Shape shape, std::string text) {
    Annotation annotation;
    annotation.id = next_annotation_id(workspace.run_review());
    annotation.shape = std::move(shape);
    annotation.text = std::move(text);
    annotation.shows_curve = is_region(annotation.shape);
    annotation.stamp = stamp_now();
    // A region counts in the whole run; text and arrows belong to what is seen now.
    if (!annotation.shows_curve) {
        annotation.frames = FrameRange{workspace.run_view().frame, workspace.run_view().frame};
    }
    const MarkId id = annotation.id;
    auto done = record(workspace, AddAnnotation{workspace.run()->key(), std::move(annotation)});
    if (done) {
        workspace.run_view().selected_annotation = id;
    }
    return done;
}

Result<void> annotate_text(Workspace& workspace, const Words& words) {
    const auto x = words.number(0, "X");
    const auto y = words.number(1, "Y");
    auto text = words.text(2, "the text");
    if (!x || !y || !text) {
        return tl::unexpected(!x ? x.error() : !y ? y.error() : text.error());
    }
    return add_shape(workspace, TextShape{{*x, *y}}, *text);
}

Result<void> annotate_arrow(Workspace& workspace, const Words& words) {
    const auto at = words.numbers(0, "a coordinate");
    if (!at || at->size() != 4) {
        return at ? words.wrong("needs X and Y of tail and head")
                  : Result<void>(tl::unexpected(at.error()));
    }
    return add_shape(workspace, ArrowShape{{(*at)[0], (*at)[1]}, {(*at)[2], (*at)[3]}}, "");
}

Result<void> annotate_ellipse(Workspace& workspace, const Words& words) {
    const auto at = words.numbers(0, "a coordinate");
    if (!at || at->size() != 4) {
        return at ? words.wrong("needs the centre's X and Y and two radii")
                  : Result<void>(tl::unexpected(at.error()));
    }
    return add_shape(workspace, EllipseShape{{(*at)[0], (*at)[1]}, (*at)[2], (*at)[3]}, "");
}

Result<void> annotate_polygon(Workspace& workspace, const Words& words) {
    const auto at = words.numbers(0, "a coordinate");
    if (!at || at->size() < 6 || at->size() % 2 != 0) {
        return at ? words.wrong("needs three vertices or more, X and Y each")
                  : Result<void>(tl::unexpected(at.error()));
    }
    PolygonShape polygon;
    for (std::size_t i = 0; i < at->size(); i += 2) {
        polygon.vertices_px.push_back({(*at)[i], (*at)[i + 1]});
    }
    return add_shape(workspace, std::move(polygon), "");
}

Result<const Annotation*> annotation_of(const Workspace& workspace, const Words& words) {
    const auto id = words.whole(0, "the number of the annotation");
    if (!id) {
        return tl::unexpected(id.error());
    }
    const auto* found = find_annotation(workspace.run_review(), *id);
    if (found == nullptr) {
        return words.wrong("there is no annotation " + std::to_string(*id));
    }
    return found;
}

Result<void> select_annotation(Workspace& workspace, const Words& words) {
    const auto annotation = annotation_of(workspace, words);
    if (!annotation) {
        return tl::unexpected(annotation.error());
    }
    workspace.run_view().selected_annotation = (*annotation)->id;
    workspace.run_view().selected_level.clear();
    workspace.run_view().selected_highlight.reset();
    if (const auto& frames = (*annotation)->frames;
        frames && !frames->contains(workspace.run_view().frame)) {
        show_frame(workspace, frames->first);
    }
    return {};
}

Result<void> edit(Workspace& workspace, const Annotation& annotation) {
    return record(workspace, EditAnnotation{workspace.run()->key(), annotation});
}

Result<void> move_annotation(Workspace& workspace, const Words& words) {
    const auto annotation = annotation_of(workspace, words);
    const auto by = words.numbers(1, "the way");
    if (!annotation || !by) {
        return tl::unexpected(!annotation ? annotation.error() : by.error());
    }
    if (by->size() != 2 && by->size() != 3) {
        return words.wrong("needs a number, DX, DY and perhaps a handle");
    }
    Annotation changed = **annotation;
    const int handle = by->size() == 3 ? static_cast<int>((*by)[2]) : -1;
    changed.shape = moved(changed.shape, {(*by)[0], (*by)[1]}, handle);
    return edit(workspace, changed);
}

Result<void> resize_ellipse(Workspace& workspace, const Words& words) {
    const auto annotation = annotation_of(workspace, words);
    const auto radii = words.numbers(1, "a radius");
    if (!annotation || !radii) {
        return tl::unexpected(!annotation ? annotation.error() : radii.error());
    }
    Annotation changed = **annotation;
    auto* ellipse = std::get_if<EllipseShape>(&changed.shape);
    if (ellipse == nullptr || radii->size() != 2) {
        return words.wrong("needs an ellipse and two radii");
    }
    ellipse->radius_x_px = (*radii)[0];
    ellipse->radius_y_px = (*radii)[1];
    return edit(workspace, changed);
}

Result<void> edit_text(Workspace& workspace, const Words& words) {
    const auto annotation = annotation_of(workspace, words);
    auto text = words.text(1, "the text");
    if (!annotation || !text) {
        return tl::unexpected(!annotation ? annotation.error() : text.error());
    }
    Annotation changed = **annotation;
    changed.text = *text;
    return edit(workspace, changed);
}

Result<void> delete_selected(Workspace& workspace, const Words& words) {
    auto& view = workspace.run_view();
    if (view.selected_annotation &&
        find_annotation(workspace.run_review(), *view.selected_annotation) != nullptr) {
        const MarkId id = *view.selected_annotation;
        view.selected_annotation.reset();
        return record(workspace, RemoveAnnotation{workspace.run()->key(), id});
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
    table.add(tool_row("tool-window", "Window with the left button", "W", Tool::window_level));
    table.add(tool_row("tool-select", "Select and move marks", "V", Tool::select));
    table.add(tool_row("tool-level", "Mark levels", "L", Tool::level));
    table.add(tool_row("tool-text", "Text", "B", Tool::text));
    table.add(tool_row("tool-arrow", "Arrow", "A", Tool::arrow));
    table.add(tool_row("tool-ellipse", "Ellipse with curve", "E", Tool::ellipse));
    table.add(tool_row("tool-polygon", "Polygon with curve", "Shift+E", Tool::polygon));
    table.add({"tool",
               "Choose the tool",
               "",
               "window|select|level|text|arrow|ellipse|polygon",
               Menu::none,
               always,
               choose_tool,
               {}});
    table.add(
        {"annotate-text", "Add text", "", "X Y \"TEXT\"", Menu::none, has_run, annotate_text, {}});
    table.add({"annotate-arrow",
               "Add an arrow",
               "",
               "X1 Y1 X2 Y2",
               Menu::none,
               has_run,
               annotate_arrow,
               {}});
    table.add({"annotate-ellipse",
               "Add an ellipse",
               "",
               "X Y RX RY",
               Menu::none,
               has_run,
               annotate_ellipse,
               {}});
    table.add({"annotate-polygon",
               "Add a polygon",
               "",
               "X Y X Y X Y...",
               Menu::none,
               has_run,
               annotate_polygon,
               {}});
    table.add({"select-annotation",
               "Select an annotation",
               "",
               "NUMBER",
               Menu::none,
               has_run,
               select_annotation,
               {}});
    table.add({"move-annotation",
               "Move an annotation",
               "",
               "NUMBER DX DY [HANDLE]",
               Menu::none,
               has_run,
               move_annotation,
               {}});
    table.add({"resize-ellipse",
               "Change an ellipse's radii",
               "",
               "NUMBER RX RY",
               Menu::none,
               has_run,
               resize_ellipse,
               {}});
    table.add({"edit-text",
               "Change an annotation's text",
               "",
               "NUMBER \"TEXT\"",
               Menu::none,
               has_run,
               edit_text,
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
