// Annotations: adding, changing, copying them.
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
    // A region counts in the whole run; the other marks belong to what is seen now.
    if (!annotation.shows_curve) {
        annotation.frames = FrameRange{workspace.run_view().frame, workspace.run_view().frame};
    }
    const MarkId id = annotation.id;
    auto done = record(workspace, AddAnnotation{workspace.run()->key(), std::move(annotation)});
    if (done) {
        workspace.run_view().selected_annotation = id;
        workspace.run_view().selected_key_image.reset();
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

// `count` coordinates; `needs` says which, where there are others.
Result<std::vector<double>> coordinates(const Words& words, std::size_t count, const char* needs) {
    auto at = words.numbers(0, "a coordinate");
    return at && at->size() != count ? words.wrong(needs) : at;
}

Result<void> annotate_arrow(Workspace& workspace, const Words& words) {
    const auto at = coordinates(words, 4, "needs X and Y of tail and head");
    if (!at) {
        return tl::unexpected(at.error());
    }
    return add_shape(workspace, ArrowShape{{(*at)[0], (*at)[1]}, {(*at)[2], (*at)[3]}}, "");
}

Result<void> annotate_line(Workspace& workspace, const Words& words) {
    const auto at = coordinates(words, 4, "needs X and Y of both ends");
    if (!at) {
        return tl::unexpected(at.error());
    }
    return add_shape(workspace, LineShape{{(*at)[0], (*at)[1]}, {(*at)[2], (*at)[3]}}, "");
}

Result<void> annotate_angle(Workspace& workspace, const Words& words) {
    const auto at = coordinates(words, 6, "needs X and Y of an end, the vertex and the other end");
    if (!at) {
        return tl::unexpected(at.error());
    }
    return add_shape(workspace,
                     AngleShape{{(*at)[0], (*at)[1]}, {(*at)[2], (*at)[3]}, {(*at)[4], (*at)[5]}},
                     "");
}

Result<void> annotate_ellipse(Workspace& workspace, const Words& words) {
    const auto at = coordinates(words, 4, "needs the centre's X and Y and two radii");
    if (!at) {
        return tl::unexpected(at.error());
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
    workspace.run_view().selected_key_image.reset();
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

// "all", or first and last frame, as the screen counts them.
Result<void> set_frames(Workspace& workspace, const Words& words) {
    const auto annotation = annotation_of(workspace, words);
    if (!annotation) {
        return tl::unexpected(annotation.error());
    }
    Annotation changed = **annotation;
    if (words.count() == 2 && words.text(1, "") == std::string("all")) {
        changed.frames.reset();
        return edit(workspace, changed);
    }
    const auto first = words.whole(1, "the first frame, or all");
    const auto last = words.whole(2, "the last frame");
    if (!first || !last) {
        return tl::unexpected(!first ? first.error() : last.error());
    }
    if (*first < 1 || *last < *first || *last > workspace.run()->info().frames) {
        return words.wrong("the frames must lie in the run, the first before the last");
    }
    changed.frames = FrameRange{*first - 1, *last - 1};
    return edit(workspace, changed);
}

Result<std::size_t> run_to_copy_to(const Workspace& workspace, const Words& words) {
    if (words.count() == 0) {
        return shows_two_runs(workspace)
                   ? Result<std::size_t>(workspace.view.other_run)
                   : words.wrong("no other run is shown: put one beside this" +
                                 key_hint(workspace.keys, "layout-run-run"));
    }
    const auto number = words.whole(0, "the number of the run");
    if (!number) {
        return tl::unexpected(number.error());
    }
    const auto runs = static_cast<int>(workspace.study.runs.size());
    if (*number < 1 || *number > runs ||
        static_cast<std::size_t>(*number - 1) == workspace.study.current) {
        return words.wrong("must be one of the " + std::to_string(runs) +
                           " runs, and not that in front");
    }
    return static_cast<std::size_t>(*number - 1);
}

// To the same place of the other run, in the frames as long after the first contrast.
Result<void> copy_annotation(Workspace& workspace, const Words& words) {
    const auto selected = workspace.run_view().selected_annotation;
    const auto* annotation =
        selected ? find_annotation(workspace.run_review(), *selected) : nullptr;
    if (annotation == nullptr) {
        return words.wrong("no annotation is selected; click one first");
    }
    const auto other = run_to_copy_to(workspace, words);
    if (!other) {
        return tl::unexpected(other.error());
    }
    if (workspace.study.runs[*other]->info().extent != workspace.run()->info().extent) {
        return words.wrong("the pictures of the runs differ in size: draw it there instead");
    }
    Annotation copy = *annotation;
    if (copy.frames) {
        copy.frames = FrameRange{linked_frame(workspace, *other, copy.frames->first),
                                 linked_frame(workspace, *other, copy.frames->last)};
    }
    copy.stamp = stamp_now();
    const std::string study = workspace.study_name();
    const InFront scope(workspace, *other);
    copy.id = next_annotation_id(workspace.run_review());
    auto done = record(workspace, AddAnnotation{workspace.run()->key(), std::move(copy)});
    if (done) {
        workspace.say("Copied to run " + std::to_string(*other + 1) +
                      (workspace.study_name() == study ? "" : ", of another study: undo it there"));
    }
    return done;
}

}  // namespace

void add_annotation_actions(ActionTable& table) {
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
    table.add(
        {"annotate-line", "Add a line", "", "X1 Y1 X2 Y2", Menu::none, has_run, annotate_line, {}});
    table.add({"annotate-angle",
               "Add an angle",
               "",
               "X1 Y1 XV YV X2 Y2",
               Menu::none,
               has_run,
               annotate_angle,
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
    table.add({"annotation-frames",
               "Change an annotation's frames",
               "",
               "NUMBER FIRST LAST|all",
               Menu::none,
               has_run,
               set_frames,
               {}});
    table.add({"copy-annotation",
               "Copy the annotation to the other run",
               "Ctrl+Shift+D",
               "[RUN]",
               Menu::marks,
               has_run,
               copy_annotation,
               {}});
}

}  // namespace dsm::viewer
