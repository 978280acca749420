// What the reader drew, over the picture, and what is being drawn.
#include <spdlog/fmt/fmt.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "dsp/review/measure.h"
#include "viewer/canvas/canvas.h"
#include "viewer/canvas/hit_test.h"
#include "viewer/marks.h"
#include "viewer/theme.h"

namespace dsm::viewer {

namespace {

struct Brush {
    const ViewOnScreen& view;
    ImDrawList& list;
    ImU32 colour;
    float thickness;

    void line(ImVec2 a, ImVec2 b) const {
        list.AddLine(a, b, with_alpha(IM_COL32_BLACK, 0.5), thickness + 2.0F);
        list.AddLine(a, b, colour, thickness);
    }
    void outline(const std::vector<ImVec2>& points, bool closed) const {
        const int flags = closed ? ImDrawFlags_Closed : ImDrawFlags_None;
        const int count = static_cast<int>(points.size());
        list.AddPolyline(points.data(), count, with_alpha(IM_COL32_BLACK, 0.5), flags,
                         thickness + 2.0F);
        list.AddPolyline(points.data(), count, colour, flags, thickness);
    }
    void handle(ImVec2 at) const {
        const float half = 3.5F * mark_scale();
        list.AddRectFilled(ImVec2(at.x - half, at.y - half), ImVec2(at.x + half, at.y + half),
                           colour);
    }

    void operator()(const ArrowShape& arrow) const {
        const ImVec2 tail = view.screen(arrow.tail_px);
        const ImVec2 head = view.screen(arrow.head_px);
        line(tail, head);
        const float angle = std::atan2(head.y - tail.y, head.x - tail.x);
        const float barb = 13.0F * mark_scale();
        for (const float side : {2.65F, -2.65F}) {
            line(head, ImVec2(head.x + barb * std::cos(angle + side),
                              head.y + barb * std::sin(angle + side)));
        }
    }
    void operator()(const TextShape& text) const {
        const ImVec2 at = view.screen(text.at_px);
        list.AddCircleFilled(at, 2.5F * mark_scale(), colour);
    }
    void operator()(const EllipseShape& ellipse) const {
        std::vector<ImVec2> points;
        constexpr int kCorners = 64;
        for (int i = 0; i < kCorners; ++i) {
            const double angle = 2.0 * std::numbers::pi * i / kCorners;
            points.push_back(
                view.screen(ellipse.center_px + Point{ellipse.radius_x_px * std::cos(angle),
                                                      ellipse.radius_y_px * std::sin(angle)}));
        }
        outline(points, true);
    }
    void operator()(const PolygonShape& polygon) const {
        std::vector<ImVec2> points;
        for (const Point& vertex : polygon.vertices_px) {
            points.push_back(view.screen(vertex));
        }
        outline(points, true);
    }
    void operator()(const LineShape& shape) const {
        const ImVec2 from = view.screen(shape.from_px);
        const ImVec2 to = view.screen(shape.to_px);
        line(from, to);
        const float along = std::atan2(to.y - from.y, to.x - from.x);
        const float end_px = 6.0F * mark_scale();
        const ImVec2 half(-end_px * std::sin(along), end_px * std::cos(along));
        for (const ImVec2& end : {from, to}) {
            line(ImVec2(end.x - half.x, end.y - half.y), ImVec2(end.x + half.x, end.y + half.y));
        }
    }
    void operator()(const AngleShape& shape) const {
        const ImVec2 vertex = view.screen(shape.vertex_px);
        const ImVec2 first = view.screen(shape.first_px);
        const ImVec2 second = view.screen(shape.second_px);
        outline({first, vertex, second}, false);
        // The arc goes the short way round.
        const float from = std::atan2(first.y - vertex.y, first.x - vertex.x);
        const float to = std::atan2(second.y - vertex.y, second.x - vertex.x);
        const float turn = std::remainder(to - from, 2.0F * std::numbers::pi_v<float>);
        constexpr int kSteps = 16;
        const float radius = 16.0F * mark_scale();
        std::vector<ImVec2> arc;
        for (int i = 0; i <= kSteps; ++i) {
            const float at = from + turn * static_cast<float>(i) / kSteps;
            arc.emplace_back(vertex.x + radius * std::cos(at), vertex.y + radius * std::sin(at));
        }
        outline(arc, false);
    }
};

void draw_handles(const Brush& brush, const Shape& shape) {
    for (const Point& point : handles_of(shape)) {
        brush.handle(brush.view.screen(point));
    }
}

// Beside the anchor, on the side that leads away from the mark, and whole within the view.
void draw_label(const ViewOnScreen& view, const Shape& shape, const std::string& text, ImU32 colour,
                ImDrawList& list) {
    if (text.empty()) {
        return;
    }
    const ImVec2 at = view.screen(anchor_of(shape));
    const float width = ImGui::CalcTextSize(text.c_str()).x;
    bool to_the_left = at.x + 8.0F + width > static_cast<float>(view.rect.right());
    if (const auto* line = std::get_if<LineShape>(&shape)) {
        to_the_left = to_the_left || view.screen(line->from_px).x > at.x;
    } else if (const auto* angle = std::get_if<AngleShape>(&shape)) {
        to_the_left =
            to_the_left ||
            view.screen(angle->first_px).x + view.screen(angle->second_px).x > 2.0F * at.x;
    }
    const bool fits = at.x - 8.0F - width >= static_cast<float>(view.rect.x);
    const float side = to_the_left && fits ? -1.0F : 1.0F;
    draw_shaded_text(list, ImVec2(at.x + 9.0F * side, at.y),
                     ImVec2(side < 0.0F ? 1.0F : 0.0F, 0.5F), colour, text);
}

void draw_annotation(const Workspace& workspace, const ViewOnScreen& view, const Gesture& gesture,
                     const Annotation& annotation, std::size_t region, ImDrawList& list) {
    const bool selected = workspace.run_view().selected_annotation == annotation.id;
    const bool moving =
        gesture.kind == Gesture::Kind::move_annotation && gesture.annotation == annotation.id;
    const Shape shape =
        moving ? moved(annotation.shape, gesture.now_px - gesture.start_px, gesture.handle)
               : annotation.shape;
    const ImU32 colour = is_region(shape) ? series_colour(region) : colours::kMark;
    const Brush brush{view, list, colour, (selected ? 2.5F : 1.5F) * mark_scale()};
    std::visit(brush, shape);
    if (selected) {
        draw_handles(brush, shape);
    }
    Annotation shown = annotation;
    shown.shape = shape;
    draw_label(view, shape, label_of(shown, workspace.run()->info()), colour, list);
}

}  // namespace

void draw_annotations(const Workspace& workspace, const ViewOnScreen& view, const Gesture& gesture,
                      ImDrawList& list) {
    std::size_t region = 0;
    for (const auto& annotation : workspace.run_review().annotations) {
        const bool here =
            !annotation.frames || annotation.frames->contains(workspace.run_view().frame);
        if (here) {
            draw_annotation(workspace, view, gesture, annotation, region, list);
        }
        region += is_region(annotation.shape) ? 1U : 0U;
    }
}

void draw_gesture(const Workspace& workspace, const ViewOnScreen& view, const Gesture& gesture,
                  ImDrawList& list) {
    const Brush brush{view, list, colours::kMark, 1.5F * mark_scale()};
    const auto measure = [&](const Shape& shape) {
        std::visit(brush, shape);
        draw_label(view, shape, measured_text(shape, workspace.run()->info()).value_or(""),
                   colours::kMark, list);
    };
    switch (gesture.kind) {
        case Gesture::Kind::arrow:
            brush(ArrowShape{gesture.start_px, gesture.now_px});
            break;
        case Gesture::Kind::line:
            measure(LineShape{gesture.start_px, gesture.now_px});
            break;
        case Gesture::Kind::angle:
            if (gesture.vertices_px.size() == 1) {
                brush.line(view.screen(gesture.vertices_px.front()), view.screen(gesture.now_px));
            } else if (gesture.vertices_px.size() == 2) {
                measure(AngleShape{gesture.vertices_px[0], gesture.vertices_px[1], gesture.now_px});
            }
            break;
        case Gesture::Kind::ellipse:
            brush(EllipseShape{0.5 * (gesture.start_px + gesture.now_px),
                               0.5 * std::abs(gesture.now_px.x - gesture.start_px.x),
                               0.5 * std::abs(gesture.now_px.y - gesture.start_px.y)});
            break;
        case Gesture::Kind::polygon: {
            std::vector<ImVec2> points;
            for (const Point& vertex : gesture.vertices_px) {
                points.push_back(view.screen(vertex));
            }
            points.push_back(view.screen(gesture.now_px));
            brush.outline(points, false);
            break;
        }
        default:
            break;
    }
}

void draw_probe(const Workspace& workspace, const ViewOnScreen& view, ImDrawList& list) {
    if (!workspace.view.probe_px || !workspace.view.probe_pinned) {
        return;
    }
    const ImVec2 at = view.screen(*workspace.view.probe_px);
    for (const float arm : {-1.0F, 1.0F}) {
        list.AddLine(ImVec2(at.x + 4 * arm, at.y), ImVec2(at.x + 10 * arm, at.y), colours::kText);
        list.AddLine(ImVec2(at.x, at.y + 4 * arm), ImVec2(at.x, at.y + 10 * arm), colours::kText);
    }
}

}  // namespace dsm::viewer
