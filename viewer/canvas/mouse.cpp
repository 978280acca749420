// The mouse over the pictures: left does what the tool says, right zooms, middle pans, the wheel
// moves through frames.
#include <cmath>

#include "viewer/canvas/canvas.h"
#include "viewer/canvas/hit_test.h"
#include "viewer/level_naming.h"
#include "viewer/marks.h"
#include "viewer/window_level.h"
#include "viewer/windows_in_use.h"

namespace dsm::viewer {

namespace {

constexpr double kReach_px = 8.0;  // on the screen
constexpr float kClickSlack_px = 4.0F;
constexpr double kZoomFold_px = 140.0;  // drag that zooms e-fold

double reach(const ViewOnScreen& view) {
    return kReach_px * static_cast<double>(mark_scale()) / view.transform.scale();
}

bool inside(const RunInfo& info, Point at) {
    return at.x >= -0.5 && at.y >= -0.5 && at.x < info.extent.width - 0.5 &&
           at.y < info.extent.height - 0.5;
}

void ask_magnify(Intents& intents, const Magnification& magnification) {
    intents.ask("magnify", magnification.zoom, magnification.offset.x, magnification.offset.y);
}

// The wheel: frames, or zoom at the pointer with Ctrl; sideways scrolling zooms too.
void handle_wheel(const Workspace& workspace, const ViewOnScreen& view, Intents& intents) {
    const auto& io = ImGui::GetIO();
    const float sideways = io.MouseWheelH;
    const float wheel = io.KeyCtrl ? io.MouseWheel : sideways;
    if (wheel != 0.0F) {
        const ImVec2 mouse = io.MousePos;
        const Point at{static_cast<double>(mouse.x) - view.rect.x,
                       static_cast<double>(mouse.y) - view.rect.y};
        ask_magnify(intents,
                    zoomed_at(workspace.run_view().magnification, workspace.run()->info().extent,
                              {view.rect.width, view.rect.height}, at,
                              std::pow(1.15, static_cast<double>(wheel))));
    } else if (io.MouseWheel != 0.0F) {
        const int frames = static_cast<int>(std::lround(-io.MouseWheel));
        if (frames != 0) {
            intents.ask("step", frames);
        }
    }
}

// A double click opens the annotation's text.
void write_again(const Annotation& annotation, Gesture& gesture) {
    gesture.text_at_px = anchor_of(annotation.shape);
    gesture.text_of = annotation.id;
    gesture.text = annotation.text;
    gesture.text_needs_focus = true;
}

void begin_move(const Workspace& workspace, const ViewOnScreen& view, Gesture& gesture,
                Intents& intents) {
    const Point at = gesture.start_px;
    const auto marks = marks_in_force(workspace);
    if (const auto level = hit_level(marks, at, reach(view))) {
        gesture.kind = Gesture::Kind::move_level;
        gesture.level = *level;
        return;
    }
    const auto& run_view = workspace.run_view();
    if (const auto hit = hit_annotation(workspace.run_review(), run_view.frame, at, reach(view),
                                        run_view.selected_annotation)) {
        intents.ask("select-annotation", hit->id);
        if (ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) {
            write_again(*find_annotation(workspace.run_review(), hit->id), gesture);
            return;
        }
        gesture.kind = Gesture::Kind::move_annotation;
        gesture.annotation = hit->id;
        gesture.handle = hit->handle;
        return;
    }
    const auto findings = shown_findings(workspace);
    if (findings != nullptr && workspace.view.highlights_shown) {
        if (const auto id = hit_highlight(findings->highlights, at, reach(view))) {
            intents.ask("select-highlight", *id);
        }
    }
}

void begin_level(const Workspace& workspace, const ViewOnScreen& view, Gesture& gesture,
                 Intents& intents) {
    const auto marks = marks_in_force(workspace);
    if (const auto level = hit_level(marks, gesture.start_px, reach(view))) {
        gesture.kind = Gesture::Kind::move_level;
        gesture.level = *level;
        return;
    }
    const auto& wanted = workspace.run_view().next_level;
    intents.ask("mark-level", wanted.empty() ? suggested_level(marks, gesture.start_px) : wanted,
                gesture.start_px.x, gesture.start_px.y);
}

// One click a corner, instead of one drag.
bool draws_by_clicks(Gesture::Kind kind) {
    return kind == Gesture::Kind::polygon || kind == Gesture::Kind::angle;
}

void begin_left(const Workspace& workspace, const ViewOnScreen& view, Gesture& gesture,
                Intents& intents) {
    if (draws_by_clicks(gesture.kind)) {
        gesture.vertices_px.push_back(gesture.now_px);
        return;
    }
    gesture.start_px = gesture.now_px;
    gesture.start_screen = ImGui::GetIO().MousePos;
    gesture.view = view.index;
    switch (workspace.view.tool) {
        case Tool::window_level:
            gesture.kind = Gesture::Kind::window;
            break;
        case Tool::select:
            begin_move(workspace, view, gesture, intents);
            break;
        case Tool::level:
            begin_level(workspace, view, gesture, intents);
            break;
        case Tool::text:
            gesture.text_at_px = gesture.start_px;
            gesture.text_of.reset();
            gesture.text.clear();
            gesture.text_needs_focus = true;
            break;
        case Tool::arrow:
            gesture.kind = Gesture::Kind::arrow;
            break;
        case Tool::ellipse:
            gesture.kind = Gesture::Kind::ellipse;
            break;
        case Tool::polygon:
            gesture.kind = Gesture::Kind::polygon;
            gesture.vertices_px = {gesture.start_px};
            break;
        case Tool::line:
            gesture.kind = Gesture::Kind::line;
            break;
        case Tool::angle:
            gesture.kind = Gesture::Kind::angle;
            gesture.vertices_px = {gesture.start_px};
            break;
    }
}

void begin(const Workspace& workspace, const ViewOnScreen& view, Gesture& gesture,
           Intents& intents) {
    if (ImGui::IsMouseClicked(ImGuiMouseButton_Left)) {
        begin_left(workspace, view, gesture, intents);
    } else if (ImGui::IsMouseClicked(ImGuiMouseButton_Middle)) {
        gesture.kind = Gesture::Kind::pan;
        gesture.view = view.index;
    } else if (ImGui::IsMouseClicked(ImGuiMouseButton_Right) &&
               gesture.kind == Gesture::Kind::none) {
        gesture.kind = Gesture::Kind::zoom;
        gesture.view = view.index;
        gesture.start_screen = ImGui::GetIO().MousePos;
    }
}

void drag_window(const Workspace& workspace, const ViewOnScreen& view, Intents& intents) {
    const auto& io = ImGui::GetIO();
    const auto window = window_slot(workspace.run_view(), view.kind);
    if (!window || (io.MouseDelta.x == 0.0F && io.MouseDelta.y == 0.0F)) {
        return;
    }
    const auto now = dragged(*window, static_cast<double>(io.MouseDelta.x),
                             static_cast<double>(io.MouseDelta.y), io.KeyCtrl);
    intents.ask("window-level", now.center, now.width,
                kPictureWords[static_cast<std::size_t>(view.kind)]);
}

void drag_zoom(const Workspace& workspace, const ViewOnScreen& view, const Gesture& gesture,
               Intents& intents) {
    const auto& io = ImGui::GetIO();
    if (io.MouseDelta.y == 0.0F) {
        return;
    }
    const Point at{static_cast<double>(gesture.start_screen.x) - view.rect.x,
                   static_cast<double>(gesture.start_screen.y) - view.rect.y};
    ask_magnify(intents,
                zoomed_at(workspace.run_view().magnification, workspace.run()->info().extent,
                          {view.rect.width, view.rect.height}, at,
                          std::exp(-static_cast<double>(io.MouseDelta.y) / kZoomFold_px)));
}

void drag_pan(const Workspace& workspace, const ViewOnScreen& view, Intents& intents) {
    const auto& io = ImGui::GetIO();
    if (io.MouseDelta.x == 0.0F && io.MouseDelta.y == 0.0F) {
        return;
    }
    ask_magnify(intents, panned(workspace.run_view().magnification, workspace.run()->info().extent,
                                {view.rect.width, view.rect.height},
                                {static_cast<double>(io.MouseDelta.x),
                                 static_cast<double>(io.MouseDelta.y)}));
}

// One action when the button comes up; a click that did not move draws nothing.
void finish(const Gesture& gesture, bool moved_enough, Intents& intents) {
    const Point from = gesture.start_px;
    const Point to = gesture.now_px;
    if (!moved_enough) {
        return;
    }
    switch (gesture.kind) {
        case Gesture::Kind::arrow:
            intents.ask("annotate-arrow", from.x, from.y, to.x, to.y);
            break;
        case Gesture::Kind::line:
            intents.ask("annotate-line", from.x, from.y, to.x, to.y);
            break;
        case Gesture::Kind::ellipse:
            intents.ask("annotate-ellipse", 0.5 * (from.x + to.x), 0.5 * (from.y + to.y),
                        0.5 * std::abs(to.x - from.x), 0.5 * std::abs(to.y - from.y));
            break;
        case Gesture::Kind::move_annotation:
            intents.ask("move-annotation", gesture.annotation, to.x - from.x, to.y - from.y,
                        gesture.handle);
            break;
        case Gesture::Kind::move_level:
            intents.ask("mark-level", gesture.level, to.x, to.y);
            break;
        default:
            break;
    }
}

void finish_polygon(Gesture& gesture, Intents& intents) {
    Invocation add{"annotate-polygon", {}};
    for (const Point& vertex : gesture.vertices_px) {
        add.arguments.push_back(fmt::format("{}", vertex.x));
        add.arguments.push_back(fmt::format("{}", vertex.y));
    }
    if (gesture.vertices_px.size() >= 3) {
        intents.ask(std::move(add));
    }
    gesture.kind = Gesture::Kind::none;
    gesture.vertices_px.clear();
}

// The first arm is dragged or clicked; a third point, after end and vertex, ends the angle.
void go_on_with_angle(const Workspace& workspace, Gesture& gesture, bool moved, Intents& intents) {
    auto& points = gesture.vertices_px;
    if (points.size() == 1 && moved && ImGui::IsMouseReleased(ImGuiMouseButton_Left)) {
        points.push_back(gesture.now_px);
    }
    if (points.size() >= 3) {
        intents.ask("annotate-angle", points[0].x, points[0].y, points[1].x, points[1].y,
                    points[2].x, points[2].y);
    }
    if (points.size() >= 3 || workspace.view.tool != Tool::angle ||
        ImGui::IsMouseClicked(ImGuiMouseButton_Right)) {
        gesture.kind = Gesture::Kind::none;
        points.clear();
    }
}

// A click on the first corner closes the polygon.
bool closes_polygon(const ViewOnScreen& view, const Gesture& gesture) {
    if (gesture.vertices_px.size() < 3 || !ImGui::IsMouseClicked(ImGuiMouseButton_Left)) {
        return false;
    }
    const Point first = gesture.vertices_px.front();
    return std::hypot(gesture.now_px.x - first.x, gesture.now_px.y - first.y) <= reach(view);
}

bool still_down(Gesture::Kind kind) {
    return ImGui::IsMouseDown(kind == Gesture::Kind::pan    ? ImGuiMouseButton_Middle
                              : kind == Gesture::Kind::zoom ? ImGuiMouseButton_Right
                                                            : ImGuiMouseButton_Left);
}

void go_on(const Workspace& workspace, const ViewOnScreen& view, Gesture& gesture,
           Intents& intents) {
    if (gesture.kind == Gesture::Kind::polygon) {
        const bool left = workspace.view.tool != Tool::polygon;
        if (left || closes_polygon(view, gesture) || ImGui::IsKeyPressed(ImGuiKey_Enter) ||
            ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left) ||
            ImGui::IsMouseClicked(ImGuiMouseButton_Right)) {
            finish_polygon(gesture, intents);
        }
        return;
    }
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    const bool moved = std::hypot(mouse.x - gesture.start_screen.x,
                                  mouse.y - gesture.start_screen.y) >= kClickSlack_px;
    if (gesture.kind == Gesture::Kind::angle) {
        go_on_with_angle(workspace, gesture, moved, intents);
        return;
    }
    if (!still_down(gesture.kind)) {
        finish(gesture, moved, intents);
        gesture.kind = Gesture::Kind::none;
        return;
    }
    switch (gesture.kind) {
        case Gesture::Kind::window:
            drag_window(workspace, view, intents);
            break;
        case Gesture::Kind::pan:
            drag_pan(workspace, view, intents);
            break;
        case Gesture::Kind::zoom:
            drag_zoom(workspace, view, gesture, intents);
            break;
        default:
            break;
    }
}

}  // namespace

void handle_mouse(const Workspace& workspace, const ViewOnScreen& view, Gesture& gesture,
                  Intents& intents) {
    const bool hovered = ImGui::IsItemHovered(ImGuiHoveredFlags_AllowWhenBlockedByActiveItem);
    if (gesture.kind != Gesture::Kind::none && gesture.view == view.index) {
        gesture.now_px = view.image(ImGui::GetIO().MousePos);
        go_on(workspace, view, gesture, intents);
    }
    if (!hovered) {
        return;
    }
    gesture.now_px = view.image(ImGui::GetIO().MousePos);
    handle_wheel(workspace, view, intents);
    // A click brings the other run to the front; zoom, place and time are of both.
    if (!view.in_front && ImGui::IsMouseClicked(ImGuiMouseButton_Left)) {
        intents.ask("run", view.run + 1);
        return;
    }
    if (gesture.kind == Gesture::Kind::none || draws_by_clicks(gesture.kind)) {
        begin(workspace, view, gesture, intents);
    }
    // A pointer that rests asks for nothing: each act has the window drawn again.
    if (view.in_front && !workspace.view.probe_pinned &&
        workspace.view.probe_px != gesture.now_px &&
        inside(workspace.run()->info(), gesture.now_px)) {
        intents.ask("hover", gesture.now_px.x, gesture.now_px.y);
    }
}

}  // namespace dsm::viewer
