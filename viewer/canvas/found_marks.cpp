// What the software found, over the picture: path, seed, grade by colour and word; and levels.
#include <spdlog/fmt/fmt.h>

#include <vector>

#include "dsp/core/levels.h"
#include "viewer/canvas/canvas.h"
#include "viewer/short_text.h"
#include "viewer/theme.h"

namespace dsm::viewer {

namespace {

// The confidence from which a highlight counts as one when results are scored.
constexpr double kLeading = 0.5;

void draw_path(const ViewOnScreen& view, const std::vector<Point>& path_px, ImU32 colour,
               float thickness, ImDrawList& list) {
    std::vector<ImVec2> points;
    points.reserve(path_px.size());
    for (const Point& point : path_px) {
        points.push_back(view.screen(point));
    }
    if (points.size() >= 2) {
        list.AddPolyline(points.data(), static_cast<int>(points.size()),
                         with_alpha(IM_COL32_BLACK, 0.55), ImDrawFlags_None, thickness + 2.0F);
        list.AddPolyline(points.data(), static_cast<int>(points.size()), colour, ImDrawFlags_None,
                         thickness);
    }
}

// A circle, or a shape for each grade: square definite, triangle high, circle low, cross no leak.
void draw_seed(MarkStyle style, const Highlight& highlight, ImVec2 at, float radius, ImU32 colour,
               float thickness, ImDrawList& list) {
    const bool leak = is_leak(highlight.kind);
    if (style == MarkStyle::colours || (leak && highlight.grade == Grade::low)) {
        list.AddCircle(at, radius, colour, 0, thickness);
    } else if (!leak) {
        const float arm = 0.8F * radius;
        list.AddLine(ImVec2(at.x - arm, at.y - arm), ImVec2(at.x + arm, at.y + arm), colour,
                     thickness);
        list.AddLine(ImVec2(at.x - arm, at.y + arm), ImVec2(at.x + arm, at.y - arm), colour,
                     thickness);
    } else if (highlight.grade == Grade::definite) {
        list.AddRect(ImVec2(at.x - radius, at.y - radius), ImVec2(at.x + radius, at.y + radius),
                     colour, 0.0F, ImDrawFlags_None, thickness);
    } else {
        list.AddTriangle(ImVec2(at.x, at.y - 1.2F * radius),
                         ImVec2(at.x + 1.1F * radius, at.y + 0.8F * radius),
                         ImVec2(at.x - 1.1F * radius, at.y + 0.8F * radius), colour, thickness);
    }
}

void draw_highlight(const Workspace& workspace, const ViewOnScreen& view,
                    const Highlight& highlight, ImDrawList& list) {
    const bool selected = workspace.run_view().selected_highlight == highlight.id;
    const auto* verdict = verdict_on(workspace.run_review(), highlight);
    const bool rejected = verdict != nullptr && verdict->verdict == Verdict::rejected;
    const bool yet_to_come = workspace.run_view().frame < highlight.onset_frame;
    // What is weak or normal stands back, so that it does not hide what is not.
    const bool leads = selected || (is_leak(highlight.kind) && highlight.confidence >= kLeading);
    const double strength = rejected ? 0.3 : yet_to_come ? 0.45 : leads ? 1.0 : 0.6;
    const ImU32 colour = with_alpha(colour_of(highlight), strength);
    const float unit = mark_scale();
    draw_path(view, highlight.path_px, colour,
              unit * (selected ? 2.5F
                      : leads  ? 1.5F
                               : 1.0F),
              list);
    const ImVec2 seed = view.screen(highlight.seed_px);
    const float radius = unit * (selected ? 10.0F : leads ? 7.0F : 4.0F);
    const auto style = workspace.view.mark_style;
    draw_seed(style, highlight, seed, radius + 1.0F, with_alpha(IM_COL32_BLACK, 0.5 * strength),
              3.0F * unit, list);
    draw_seed(style, highlight, seed, radius, colour, unit * (selected ? 2.5F : 1.5F), list);
    const char* mark = verdict == nullptr                       ? ""
                       : verdict->verdict == Verdict::confirmed ? " \xe2\x9c\x93"
                       : verdict->verdict == Verdict::rejected  ? " \xe2\x9c\x97"
                                                                : "";
    const auto label = leads ? fmt::format("{} {}{}", highlight.id, short_grade(highlight), mark)
                             : fmt::format("{}{}", short_grade(highlight), mark);
    // Every level has its nerve roots: their circles and colour are enough.
    if (!leads && !is_leak(highlight.kind) && verdict == nullptr) {
        return;
    }
    draw_shaded_text(list, ImVec2(seed.x + radius + 6.0F, seed.y - radius - 2.0F),
                     ImVec2(0.0F, 0.5F), colour, label);
}

void draw_level(const Workspace& workspace, const ViewOnScreen& view, const LevelMark& level,
                ImDrawList& list) {
    const bool marked = level.source == LevelSource::operator_marked;
    const bool selected = workspace.run_view().selected_level == level.label;
    const ImU32 colour = selected ? colours::kMark
                         : marked ? colours::kLevel
                                  : with_alpha(colours::kLevel, 0.6);
    const ImVec2 at = view.screen(level.center_px);
    const float unit = mark_scale();
    const float arm = unit * (marked ? 9.0F : 5.0F);
    list.AddLine(ImVec2(at.x - arm, at.y), ImVec2(at.x + arm, at.y), colour,
                 unit * (marked ? 2.0F : 1.0F));
    if (marked) {
        list.AddLine(ImVec2(at.x, at.y - 4 * unit), ImVec2(at.x, at.y + 4 * unit), colour,
                     2.0F * unit);
    }
    draw_shaded_text(list, ImVec2(at.x - arm - 6.0F, at.y), ImVec2(1.0F, 0.5F), colour,
                     level.label);
}

// The levels as they will be when the drag ends.
std::vector<LevelMark> levels_shown(const Workspace& workspace, const Gesture& gesture) {
    if (gesture.kind != Gesture::Kind::move_level) {
        return levels_in_force(workspace);
    }
    auto marks = marks_in_force(workspace);
    for (auto& mark : marks) {
        if (mark.label == gesture.level) {
            mark.center_px = gesture.now_px;
        }
    }
    auto all = interpolate_levels(marks);
    return all ? std::move(*all) : marks;
}

}  // namespace

void draw_highlights(const Workspace& workspace, const ViewOnScreen& view, ImDrawList& list) {
    const auto findings = shown_findings(workspace);
    if (findings == nullptr) {
        return;
    }
    for (const auto& highlight : findings->highlights) {
        draw_highlight(workspace, view, highlight, list);
    }
}

void draw_levels(const Workspace& workspace, const ViewOnScreen& view, const Gesture& gesture,
                 ImDrawList& list) {
    if (workspace.view.overlay == Overlay::none) {
        return;
    }
    for (const auto& level : levels_shown(workspace, gesture)) {
        draw_level(workspace, view, level, list);
    }
}

}  // namespace dsm::viewer
