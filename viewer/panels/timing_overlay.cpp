#include "viewer/panels/timing_overlay.h"

#include <imgui.h>
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "viewer/panels/panels.h"
#include "viewer/theme.h"

namespace dsm::viewer {

namespace {

constexpr ImU32 kOther = IM_COL32(92, 96, 104, 255);
constexpr ImU32 kLate = IM_COL32(240, 70, 60, 255);
constexpr ImU32 kBox = IM_COL32(16, 17, 20, 252);
constexpr float kWidth = 27.0F;  // of the overlay, its graph's height: lines of text
constexpr float kGraph = 6.5F;
constexpr float kBar_px = 3.0F;

ImU32 colour_of_part(std::size_t part) {
    const auto& colour = kFramePartColours[part];
    return ImGui::ColorConvertFloat4ToU32(ImVec4(colour[0], colour[1], colour[2], 1.0F));
}

// 1, 2 or 5 times a power of ten, at least `value`.
double round_up(double value) {
    const double power = std::pow(10.0, std::floor(std::log10(std::max(value, 1e-3))));
    for (const double step : {1.0, 2.0, 5.0}) {
        if (step * power >= value) {
            return step * power;
        }
    }
    return 10.0 * power;
}

std::string number(double ms) {
    return ms < 9.95 ? fmt::format("{:.1f}", ms) : fmt::format("{:.0f}", ms);
}

struct Graph {
    ImVec2 low, high;  // upper left and lower right corner
    double top_ms;

    [[nodiscard]] float at(double ms) const {
        const double part = std::min(1.0, ms / top_ms);
        return high.y - static_cast<float>(part) * (high.y - low.y);
    }
};

void draw_bar(ImDrawList& list, const Graph& graph, float x, const FrameTimes& times, bool late) {
    double from = 0.0;
    const auto piece = [&](double ms, ImU32 colour) {
        list.AddRectFilled(ImVec2(x, graph.at(from + ms)),
                           ImVec2(x + kBar_px - 1.0F, graph.at(from)), colour);
        from += ms;
    };
    for (std::size_t part = 0; part < kFrameParts; ++part) {
        piece(times.part_ms[part], colour_of_part(part));
    }
    piece(other_ms_of(times), kOther);
    if (late) {
        list.AddRectFilled(ImVec2(x, graph.low.y), ImVec2(x + kBar_px - 1.0F, graph.low.y + 5.0F),
                           kLate);
        list.AddRectFilled(ImVec2(x, graph.low.y + 5.0F),
                           ImVec2(x + kBar_px - 1.0F, graph.at(from)), with_alpha(kLate, 0.22));
    }
}

// The newest frames that fit, the newest at the right.
void draw_graph(const std::deque<FrameTimes>& frames, std::optional<double> interval_ms,
                const Graph& graph) {
    ImDrawList& list = *ImGui::GetWindowDrawList();
    list.AddRectFilled(graph.low, graph.high, colours::kGround);
    const auto room = static_cast<std::size_t>((graph.high.x - graph.low.x) / kBar_px);
    const std::size_t count = std::min(room, frames.size());
    list.PushClipRect(graph.low, graph.high, true);
    for (std::size_t i = 0; i < count; ++i) {
        const FrameTimes& times = frames[frames.size() - count + i];
        const float x = graph.low.x + kBar_px * static_cast<float>(i);
        draw_bar(list, graph, x, times, is_late(times, interval_ms));
    }
    if (interval_ms && *interval_ms <= graph.top_ms) {
        const float y = graph.at(*interval_ms);
        list.AddLine(ImVec2(graph.low.x, y), ImVec2(graph.high.x, y), colours::kText);
    }
    list.PopClipRect();
    list.AddRect(graph.low, graph.high, colours::kLine);
}

double top_of(const std::deque<FrameTimes>& frames, const TimesSummary& summary,
              std::optional<double> interval_ms) {
    double most = 1.3 * summary.process_ms.p50;
    // One frame that took far longer must not flatten all others.
    most = std::max(most, std::min(summary.process_ms.max, 3.0 * summary.process_ms.p50));
    if (interval_ms && *interval_ms < 4.0 * most) {
        most = std::max(most, 1.05 * *interval_ms);
    }
    return frames.empty() ? 1.0 : round_up(most);
}

void axis(const Graph& graph) {
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float line = ImGui::GetTextLineHeight();
    for (const double part : {0.0, 0.5, 1.0}) {
        const std::string text = fmt::format("{:g}", part * graph.top_ms);
        const float y = graph.at(part * graph.top_ms);
        const float x = graph.low.x - 0.4F * line - ImGui::CalcTextSize(text.c_str()).x;
        const float above = part == 0.0 ? 1.0F : part == 1.0 ? 0.0F : 0.5F;
        list.AddText(ImVec2(x, y - above * line), colours::kDim, text.c_str());
    }
}

void cell(const std::string& text, ImU32 colour) {
    ImGui::TableNextColumn();
    const float room = ImGui::GetContentRegionAvail().x - ImGui::CalcTextSize(text.c_str()).x;
    ImGui::SetCursorPosX(ImGui::GetCursorPosX() + std::max(0.0F, room));
    ImGui::PushStyleColor(ImGuiCol_Text, colour);
    ImGui::TextUnformatted(text.c_str());
    ImGui::PopStyleColor();
}

void row(const char* name, const Spread& spread, ImU32 swatch) {
    ImGui::TableNextRow();
    ImGui::TableNextColumn();
    const float line = ImGui::GetTextLineHeight();
    const ImVec2 at = ImGui::GetCursorScreenPos();
    if (swatch != 0) {
        ImGui::GetWindowDrawList()->AddRectFilled(ImVec2(at.x, at.y + 0.2F * line),
                                                  ImVec2(at.x + 0.6F * line, at.y + 0.8F * line),
                                                  swatch);
    }
    ImGui::SetCursorPosX(ImGui::GetCursorPosX() + line);
    ImGui::TextUnformatted(name);
    cell(number(spread.p50), colours::kText);
    cell(number(spread.p99), colours::kText);
    cell(number(spread.max), colours::kDim);
}

void draw_table(const TimesSummary& summary) {
    if (!ImGui::BeginTable("times", 4, ImGuiTableFlags_SizingStretchSame)) {
        return;
    }
    const float line = ImGui::GetTextLineHeight();
    ImGui::TableSetupColumn("stage", ImGuiTableColumnFlags_WidthStretch);
    for (const char* name : {"p50", "p99", "max"}) {
        ImGui::TableSetupColumn(name, ImGuiTableColumnFlags_WidthFixed, 4.0F * line);
    }
    ImGui::TableNextRow();
    ImGui::TableNextColumn();
    ImGui::TextDisabled("ms");
    for (const char* name : {"p50", "p99", "max"}) {
        cell(name, colours::kDim);
    }
    for (std::size_t part = 0; part < kFrameParts; ++part) {
        row(std::string(kFramePartNames[part]).c_str(), summary.part_ms[part],
            colour_of_part(part));
    }
    row("other", summary.other_ms, kOther);
    row("whole frame", summary.process_ms, 0);
    if (summary.latency_ms) {
        row("received to findings", *summary.latency_ms, 0);
    }
    ImGui::EndTable();
}

std::string heading(const std::deque<FrameTimes>& frames) {
    return frames.empty() ? std::string("Timing: no frame yet")
                          : fmt::format("Timing: work of frames {} to {}, ms",
                                        frames.front().frame + 1, frames.back().frame + 1);
}

void late_line(const TimesSummary& summary, std::optional<double> interval_ms) {
    if (!interval_ms) {
        ImGui::TextDisabled("the run does not say how often frames came");
        return;
    }
    ImGui::PushStyleColor(ImGuiCol_Text, summary.late > 0 ? kLate : colours::kDim);
    ImGui::TextUnformatted(fmt::format("{} of {} late: over the {} ms to the next frame",
                                       summary.late, summary.frames, number(*interval_ms))
                               .c_str());
    ImGui::PopStyleColor();
}

void draw_content(const std::deque<FrameTimes>& frames, std::optional<double> interval_ms) {
    const float line = ImGui::GetTextLineHeight();
    ImGui::TextUnformatted(heading(frames).c_str());
    if (frames.empty()) {
        return;
    }
    const TimesSummary summary = summary_of(frames, interval_ms);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x;
    const Graph graph{ImVec2(at.x + 2.6F * line, at.y + 0.2F * line),
                      ImVec2(at.x + width, at.y + kGraph * line),
                      top_of(frames, summary, interval_ms)};
    axis(graph);
    draw_graph(frames, interval_ms, graph);
    ImGui::Dummy(ImVec2(width, (kGraph + 0.3F) * line));
    late_line(summary, interval_ms);
    draw_table(summary);
}

}  // namespace

void draw_timing_overlay(const Workspace& workspace, const Rect& canvas) {
    const RunSession* run = workspace.run();
    const SubtractionJob* job = run != nullptr ? run->newest_job() : nullptr;
    if (!workspace.view.timing_shown || job == nullptr) {
        return;
    }
    const float line = ImGui::GetTextLineHeight();
    const float width = std::min(kWidth * line, 0.96F * static_cast<float>(canvas.width));
    ImGui::SetNextWindowPos(ImVec2(static_cast<float>(canvas.right()) - 0.5F * line,
                                   static_cast<float>(canvas.y) + 4.6F * line),
                            ImGuiCond_Always, ImVec2(1.0F, 0.0F));
    ImGui::SetNextWindowSize(ImVec2(width, 0.0F));
    ImGui::PushStyleColor(ImGuiCol_WindowBg, kBox);
    ImGui::Begin("timing", nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoInputs |
                     ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoFocusOnAppearing |
                     ImGuiWindowFlags_NoNav);
    const RecentTimes times = job->recent_times();
    draw_content(times.frames(), interval_ms_of(run->info()));
    ImGui::End();
    ImGui::PopStyleColor();
}

}  // namespace dsm::viewer
