// Opacity against time, with the noise of each curve as a band.
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "viewer/panels/panels.h"
#include "viewer/theme.h"

namespace dsm::viewer {

namespace {

struct Plot {
    ImVec2 low, high;  // inside the axes
    double first_x, last_x, first_y, last_y;

    [[nodiscard]] ImVec2 at(double x, double y) const {
        const double px = (x - first_x) / (last_x - first_x);
        const double py = (y - first_y) / (last_y - first_y);
        return {low.x + static_cast<float>(px) * (high.x - low.x),
                high.y - static_cast<float>(py) * (high.y - low.y)};
    }
};

// The values within the part of time that is drawn.
void find_ranges(const std::vector<CurveSeries>& series, const CurveSpan& span, Plot& plot) {
    plot.first_x = span.first;
    plot.last_x = span.last;
    double low = -0.005;
    double high = 0.02;
    for (const auto& each : series) {
        for (std::size_t i = 0; i < each.curve.opacity.size(); ++i) {
            if (each.curve.time_s[i] < span.first || each.curve.time_s[i] > span.last) {
                continue;
            }
            const double noise = i < each.curve.noise.size() ? each.curve.noise[i] : 0.0;
            low = std::min(low, each.curve.opacity[i] - noise);
            high = std::max(high, each.curve.opacity[i] + noise);
        }
    }
    const double margin = 0.06 * (high - low);
    plot.first_y = low - margin;
    plot.last_y = high + margin;
}

double round_step(double range, double ticks) {
    const double wanted = std::max(range / std::max(ticks, 1.0), 1e-9);
    const double power = std::pow(10.0, std::floor(std::log10(wanted)));
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (factor * power >= wanted) {
            return factor * power;
        }
    }
    return 10.0 * power;
}

void draw_axes(const Plot& plot, bool timed, ImDrawList& list) {
    list.AddRectFilled(plot.low, plot.high, IM_COL32(18, 19, 22, 255));
    const float line = ImGui::GetTextLineHeight();
    const double y_step =
        round_step(plot.last_y - plot.first_y,
                   static_cast<double>((plot.high.y - plot.low.y) / (2.0F * line)));
    const int digits = std::clamp(static_cast<int>(std::ceil(-std::log10(y_step) - 1e-9)), 0, 4);
    for (double y = std::ceil(plot.first_y / y_step) * y_step; y <= plot.last_y; y += y_step) {
        const ImVec2 left = plot.at(plot.first_x, y);
        const bool zero = std::abs(y) < 0.01 * y_step;
        list.AddLine(left, ImVec2(plot.high.x, left.y), zero ? colours::kFaint : colours::kLine);
        const auto label = fmt::format("{:.{}f}", zero ? 0.0 : y, digits);
        list.AddText(
            ImVec2(left.x - ImGui::CalcTextSize(label.c_str()).x - 4.0F, left.y - 0.5F * line),
            colours::kDim, label.c_str());
    }
    const double x_step =
        round_step(plot.last_x - plot.first_x,
                   static_cast<double>((plot.high.x - plot.low.x) / (4.0F * line)));
    for (double x = std::ceil(plot.first_x / x_step) * x_step; x <= plot.last_x; x += x_step) {
        const ImVec2 foot = plot.at(x, plot.first_y);
        list.AddLine(foot, ImVec2(foot.x, foot.y + 3), colours::kFaint);
        const auto label = fmt::format("{:g}", x);
        const float width = ImGui::CalcTextSize(label.c_str()).x;
        list.AddText(ImVec2(std::min(foot.x - 0.5F * width, plot.high.x - width), foot.y + 3),
                     colours::kDim, label.c_str());
    }
    const char* unit = timed ? "seconds" : "frame (timing unknown)";
    list.AddText(ImVec2(plot.high.x - ImGui::CalcTextSize(unit).x, plot.high.y + line + 3),
                 colours::kDim, unit);
    list.AddText(ImVec2(plot.low.x, plot.high.y + line + 3), colours::kDim,
                 "opacity, band \xc2\xb1"
                 "1 \xcf\x83 noise");
}

ImU32 colour_in(const Workspace& workspace, const CurveSeries& series) {
    if (series.of == CurveSeries::Of::region) {
        return series_colour(static_cast<std::size_t>(series.number));
    }
    const auto findings = shown_findings(workspace);
    if (series.of == CurveSeries::Of::highlight && findings != nullptr) {
        for (const auto& highlight : findings->highlights) {
            if (highlight.id == series.number) {
                return colour_of(highlight);
            }
        }
    }
    return colours::kText;
}

void draw_series(const Plot& plot, const CurveSeries& series, ImU32 colour, ImDrawList& list) {
    const auto& curve = series.curve;
    std::vector<ImVec2> points;
    for (std::size_t i = 0; i < curve.time_s.size(); ++i) {
        points.push_back(plot.at(curve.time_s[i], curve.opacity[i]));
    }
    for (std::size_t i = 1; i < points.size() && curve.noise.size() == points.size(); ++i) {
        list.AddQuadFilled(plot.at(curve.time_s[i - 1], curve.opacity[i - 1] + curve.noise[i - 1]),
                           plot.at(curve.time_s[i], curve.opacity[i] + curve.noise[i]),
                           plot.at(curve.time_s[i], curve.opacity[i] - curve.noise[i]),
                           plot.at(curve.time_s[i - 1], curve.opacity[i - 1] - curve.noise[i - 1]),
                           with_alpha(colour, 0.22));
    }
    list.AddPolyline(points.data(), static_cast<int>(points.size()), colour, ImDrawFlags_None,
                     1.5F);
}

// As many names as the upper half holds, and how many more there are.
void draw_legend(const Workspace& workspace, const Plot& plot,
                 const std::vector<CurveSeries>& series, ImDrawList& list) {
    const float line = ImGui::GetTextLineHeight();
    const float room = 0.5F * (plot.high.y - plot.low.y);
    const auto most = static_cast<std::size_t>(std::max(1.0F, std::floor(room / line)));
    float y = plot.low.y + 3.0F;
    for (std::size_t i = 0; i < series.size(); ++i) {
        if (i + 1 == most && series.size() > most) {
            list.AddText(ImVec2(plot.low.x + 6.0F, y), colours::kDim,
                         fmt::format("and {} more", series.size() - i).c_str());
            return;
        }
        list.AddText(ImVec2(plot.low.x + 6.0F, y), colour_in(workspace, series[i]),
                     series[i].name.c_str());
        y += line;
    }
}

double time_in_plot(const RunInfo& info, FrameIndex frame) {
    return time_of(info, frame).value_or(frame + 1.0);
}

void draw_foot_mark(const Plot& plot, double at, ImU32 colour, ImDrawList& list) {
    const ImVec2 foot = plot.at(at, plot.first_y);
    list.AddTriangleFilled(ImVec2(foot.x - 5.0F, plot.high.y), ImVec2(foot.x + 5.0F, plot.high.y),
                           ImVec2(foot.x, plot.high.y - 9.0F), colour);
}

// First contrast as a line; onset of the chosen highlight and frames of the reader's marks as
// triangles at the foot.
void draw_markers(const Workspace& workspace, const Plot& plot, ImDrawList& list) {
    const auto& info = workspace.run()->info();
    const auto findings = workspace.run()->findings();
    if (findings != nullptr && findings->result != nullptr &&
        findings->result->first_contrast_frame) {
        const float x = plot.at(time_in_plot(info, *findings->result->first_contrast_frame), 0.0).x;
        list.AddLine(ImVec2(x, plot.low.y), ImVec2(x, plot.high.y),
                     with_alpha(colours::kAccent, 0.7));
    }
    for (const auto& annotation : workspace.run_review().annotations) {
        if (annotation.frames) {
            draw_foot_mark(plot, time_in_plot(info, annotation.frames->first),
                           with_alpha(colours::kMark, 0.8), list);
        }
    }
    const auto shown = shown_findings(workspace);
    const auto chosen = workspace.run_view().selected_highlight;
    if (shown == nullptr || !chosen) {
        return;
    }
    for (const auto& highlight : shown->highlights) {
        if (highlight.id == *chosen) {
            draw_foot_mark(plot, time_in_plot(info, highlight.onset_frame), colour_of(highlight),
                           list);
        }
    }
}

// What each curve is under the pointer, as a dot on it and as numbers.
void describe_at(const Workspace& workspace, const Plot& plot,
                 const std::vector<CurveSeries>& series, double at, ImDrawList& list) {
    const auto& info = workspace.run()->info();
    const FrameIndex frame = nearest_frame(info, at);
    const double time = time_in_plot(info, frame);
    const float x = plot.at(time, 0.0).x;
    list.AddLine(ImVec2(x, plot.low.y), ImVec2(x, plot.high.y), with_alpha(colours::kText, 0.25));
    ImGui::BeginTooltip();
    ImGui::TextUnformatted((info.has_timing() ? fmt::format("{:.2f} s, frame {}", time, frame + 1)
                                              : fmt::format("frame {}", frame + 1))
                               .c_str());
    for (const auto& each : series) {
        const auto entry = entry_at(each.curve, time);
        if (!entry) {
            continue;
        }
        const ImU32 colour = colour_in(workspace, each);
        list.AddCircleFilled(plot.at(time, each.curve.opacity[*entry]), 3.0F, colour);
        const auto noise = *entry < each.curve.noise.size()
                               ? fmt::format(" \xc2\xb1 {:.4f}", each.curve.noise[*entry])
                               : std::string();
        ImGui::PushStyleColor(ImGuiCol_Text, colour);
        ImGui::TextUnformatted(
            fmt::format("{}  {:.4f}{}", each.name, each.curve.opacity[*entry], noise).c_str());
        ImGui::PopStyleColor();
    }
    ImGui::EndTooltip();
}

// The wheel zooms in time at the pointer, a drag moves, a click goes to the frame, a double click
// shows all.
void handle_pointer(const Workspace& workspace, const Plot& plot,
                    const std::vector<CurveSeries>& series, ImDrawList& list, Intents& intents) {
    const auto& io = ImGui::GetIO();
    const auto whole = whole_span(workspace.run()->info());
    const CurveSpan span{plot.first_x, plot.last_x};
    const double width = static_cast<double>(std::max(1.0F, plot.high.x - plot.low.x));
    const double per_px = (span.last - span.first) / width;
    const double at = span.first + static_cast<double>(io.MousePos.x - plot.low.x) * per_px;
    if (ImGui::IsItemHovered()) {
        describe_at(workspace, plot, series, std::clamp(at, span.first, span.last), list);
        if (io.MouseWheel != 0.0F) {
            const auto next =
                zoomed(span, at, std::pow(1.25, static_cast<double>(io.MouseWheel)), whole);
            intents.ask("curve-span", next.first, next.last);
        }
        if (ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) {
            intents.ask("curve-span", "all");
        }
    }
    if (ImGui::IsItemActive() && ImGui::IsMouseDragging(ImGuiMouseButton_Left) &&
        io.MouseDelta.x != 0.0F && !(span == whole)) {
        const auto next = moved(span, -static_cast<double>(io.MouseDelta.x) * per_px, whole);
        intents.ask("curve-span", next.first, next.last);
    }
    const ImVec2 dragged = ImGui::GetMouseDragDelta(ImGuiMouseButton_Left);
    if (ImGui::IsItemDeactivated() && dragged.x == 0.0F && dragged.y == 0.0F) {
        intents.ask("pause");
        intents.ask("goto", nearest_frame(workspace.run()->info(), at) + 1);
    }
}

void draw_now(const Workspace& workspace, const Plot& plot, ImDrawList& list) {
    const auto& info = workspace.run()->info();
    const auto frame = workspace.run_view().frame;
    const double now = time_in_plot(info, frame);
    const float x = plot.at(now, 0.0).x;
    list.AddLine(ImVec2(x, plot.low.y), ImVec2(x, plot.high.y), with_alpha(colours::kText, 0.5));
}

}  // namespace

void draw_curve_plot(const Workspace& workspace, CurveCache& curves, double height,
                     Intents& intents) {
    const ImVec2 start = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x;
    const float line = ImGui::GetTextLineHeight();
    if (workspace.run() == nullptr) {
        ImGui::Dummy(ImVec2(width, static_cast<float>(height)));
        return;
    }
    auto& list = *ImGui::GetWindowDrawList();
    const float margin = ImGui::CalcTextSize("-0.000").x + 8.0F;
    Plot plot{
        ImVec2(start.x + margin, start.y + 4.0F),
        ImVec2(start.x + width - 6.0F, start.y + static_cast<float>(height) - 2.0F * line - 8.0F),
        0.0,
        1.0,
        0.0,
        1.0};
    ImGui::SetCursorScreenPos(plot.low);
    ImGui::InvisibleButton("plot", ImVec2(std::max(1.0F, plot.high.x - plot.low.x),
                                          std::max(1.0F, plot.high.y - plot.low.y)));
    const auto& series = curves.series(workspace);
    find_ranges(series, shown_span(workspace), plot);
    draw_axes(plot, workspace.run()->info().has_timing(), list);
    list.PushClipRect(plot.low, plot.high, true);
    draw_markers(workspace, plot, list);
    for (const auto& each : series) {
        draw_series(plot, each, colour_in(workspace, each), list);
    }
    draw_now(workspace, plot, list);
    draw_legend(workspace, plot, series, list);
    if (series.empty()) {
        const auto how = "Point at the picture, or draw a region" +
                         key_hint(workspace.keys, "tool-ellipse") + ".";
        list.AddText(ImVec2(plot.low.x + 6.0F, plot.low.y + 3.0F), colours::kDim,
                     workspace.run()->job_with(workspace.run_view().frame) == nullptr
                         ? "Curves come with the subtraction."
                         : how.c_str());
    }
    handle_pointer(workspace, plot, series, list, intents);
    list.PopClipRect();
    ImGui::SetCursorScreenPos(start);
    ImGui::Dummy(ImVec2(width, static_cast<float>(height)));
}

}  // namespace dsm::viewer
