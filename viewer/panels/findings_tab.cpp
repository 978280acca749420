// What the software found, and what the reader thinks of it: two columns, never one.
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <vector>

#include "dsp/core/spoken.h"
#include "viewer/panels/panels.h"
#include "viewer/short_text.h"
#include "viewer/theme.h"

namespace dsm::viewer {

namespace {

std::string place_of(const Highlight& highlight) {
    const std::string level = highlight.level.empty() ? "level ?" : highlight.level;
    const std::string side =
        highlight.side == Side::undetermined ? "side ?" : to_string(highlight.side);
    return level + ", " + side;
}

void verdict_button(const char* label, const char* word, bool on, int id, const char* help,
                    Intents& intents) {
    if (on) {
        ImGui::PushStyleColor(ImGuiCol_Button, ImGui::GetStyleColorVec4(ImGuiCol_ButtonActive));
    }
    if (ImGui::SmallButton(label)) {
        intents.ask("verdict", id, on ? "none" : word);
    }
    if (on) {
        ImGui::PopStyleColor();
    }
    if (ImGui::IsItemHovered()) {
        ImGui::SetTooltip("%s", help);
    }
}

void draw_details(const Highlight& highlight) {
    ImGui::PushTextWrapPos(0.0F);
    ImGui::PushStyleColor(ImGuiCol_Text, colours::kDim);
    std::string text = fmt::format("Peak opacity {:.3f}", highlight.peak_opacity);
    if (highlight.width_mm) {
        text += fmt::format(", {:.1f} mm wide", *highlight.width_mm);
    }
    if (highlight.drainage != Drainage::unknown) {
        text += fmt::format(", drains {}", spoken(highlight.drainage));
    }
    text += highlight.why.empty() ? "." : ". " + highlight.why;
    ImGui::TextUnformatted(text.c_str());
    ImGui::PopStyleColor();
    ImGui::PopTextWrapPos();
}

// Its opacity against time, from the lowest value to the highest; the numbers are in the plot
// below.
void draw_small_curve(const OpacityCurve& curve, ImU32 colour, ImVec2 low, ImVec2 high,
                      ImDrawList& list) {
    list.AddRectFilled(low, high, IM_COL32(18, 19, 22, 255), 2.0F);
    if (curve.opacity.size() < 2) {
        return;
    }
    const auto [least, most] = std::minmax_element(curve.opacity.begin(), curve.opacity.end());
    const double range = std::max(*most - *least, 1e-9);
    std::vector<ImVec2> points;
    for (std::size_t i = 0; i < curve.opacity.size(); ++i) {
        const double x = static_cast<double>(i) / static_cast<double>(curve.opacity.size() - 1);
        const double y = (curve.opacity[i] - *least) / range;
        points.emplace_back(low.x + static_cast<float>(x) * (high.x - low.x),
                            high.y - 2.0F - static_cast<float>(y) * (high.y - low.y - 4.0F));
    }
    list.AddPolyline(points.data(), static_cast<int>(points.size()), colour, ImDrawFlags_None,
                     1.2F);
}

void draw_highlight(const Workspace& workspace, const Highlight& highlight, Intents& intents) {
    const bool selected = workspace.run_view().selected_highlight == highlight.id;
    const auto* verdict = verdict_on(workspace.run_review(), highlight);
    const Verdict given = verdict == nullptr ? Verdict::none : verdict->verdict;
    ImGui::PushID(highlight.id);
    const ImVec2 start = ImGui::GetCursorScreenPos();
    const float line = ImGui::GetTextLineHeight();
    if (ImGui::Selectable("##row", selected, ImGuiSelectableFlags_AllowItemOverlap,
                          ImVec2(0, 2.0F * line + 6.0F))) {
        intents.ask("select-highlight", highlight.id);
    }
    const ImVec2 end = ImGui::GetCursorScreenPos();
    auto& list = *ImGui::GetWindowDrawList();
    const ImU32 colour = colour_of(highlight);
    list.AddRectFilled(ImVec2(start.x, start.y + 2), ImVec2(start.x + 4, start.y + 2 * line + 3),
                       colour, 2.0F);
    ImGui::SetCursorScreenPos(ImVec2(start.x + 10.0F, start.y + 1.0F));
    const auto title = fmt::format("{} {}  {}  {:.2f}", highlight.id, short_grade(highlight),
                                   spoken(highlight.kind), highlight.confidence);
    const auto delay = highlight.delay_after_sac_s
                           ? fmt::format("{:.1f} s after sac", *highlight.delay_after_sac_s)
                           : std::string("delay unknown");
    const auto where = fmt::format("{}, {}", place_of(highlight), delay);
    const float right = start.x + ImGui::GetContentRegionAvail().x - 10.0F;
    // The words come first: the curve has what they leave, or is left out.
    const float text = 18.0F + std::max(ImGui::CalcTextSize(title.c_str()).x,
                                        ImGui::CalcTextSize(where.c_str()).x);
    const float room = std::min(4.5F * ImGui::GetFontSize(), right - start.x - text);
    const float curve_width = room < 2.0F * ImGui::GetFontSize() ? 0.0F : room;
    if (curve_width > 0.0F) {
        draw_small_curve(highlight.curve, colour, {right - curve_width, start.y + 3.0F},
                         {right, start.y + 2.0F * line + 3.0F}, list);
    }
    ImGui::PushClipRect(start, ImVec2(right - curve_width, end.y), true);
    cut_text(title, colour);
    ImGui::SetCursorScreenPos(ImVec2(start.x + 10.0F, start.y + line + 4.0F));
    ImGui::PushStyleColor(ImGuiCol_Text, colours::kDim);
    ImGui::TextUnformatted(where.c_str());
    ImGui::PopStyleColor();
    ImGui::PopClipRect();
    ImGui::SetCursorScreenPos(end);
    if (selected) {
        ImGui::Indent(10.0F);
        draw_details(highlight);
        ImGui::TextUnformatted("Reader:");
        ImGui::SameLine();
        verdict_button(
            "Confirm", "confirm", given == Verdict::confirmed, highlight.id,
            ("This is what it says" + key_hint(workspace.keys, "confirm-highlight")).c_str(),
            intents);
        ImGui::SameLine();
        verdict_button(
            "Reject", "reject", given == Verdict::rejected, highlight.id,
            ("This is something else" + key_hint(workspace.keys, "reject-highlight")).c_str(),
            intents);
        ImGui::Unindent(10.0F);
        ImGui::Spacing();
    } else if (given != Verdict::none) {
        const char* mark = given == Verdict::confirmed ? "confirmed" : "rejected";
        const float width = ImGui::CalcTextSize(mark).x;
        const ImVec2 at(right - width, start.y + line + 4.0F);
        list.AddRectFilled(ImVec2(at.x - 3.0F, at.y), ImVec2(right + 3.0F, at.y + line),
                           colours::kShade, 2.0F);
        list.AddText(at, colours::kMark, mark);
    }
    ImGui::PopID();
}

void draw_conclusion(const RunResult& result) {
    if (result.conclusion.text.empty()) {
        return;
    }
    ImGui::PushTextWrapPos(0.0F);
    const bool positive = result.conclusion.category == Category::positive;
    ImGui::PushStyleColor(ImGuiCol_Text, positive ? colours::kWarning : colours::kText);
    ImGui::TextUnformatted(
        fmt::format("{}: {}", to_string(result.conclusion.category), result.conclusion.text)
            .c_str());
    ImGui::PopStyleColor();
    ImGui::PopTextWrapPos();
    ImGui::Spacing();
}

void draw_withheld(const Workspace& workspace, Intents& intents) {
    ImGui::PushTextWrapPos(0.0F);
    ImGui::TextDisabled("Read first: what the software found is hidden until you ask for it.");
    ImGui::PopTextWrapPos();
    ImGui::Spacing();
    if (ImGui::Button(
            ("Reveal highlights" + key_hint(workspace.keys, "reveal-highlights")).c_str())) {
        intents.ask("reveal-highlights");
    }
}

}  // namespace

void draw_findings_tab(const Workspace& workspace, Intents& intents) {
    const auto findings = workspace.run()->findings();
    if (findings == nullptr) {
        ImGui::TextDisabled("Not processed yet.");
        return;
    }
    if (const auto failure = workspace.run()->processing_failure()) {
        ImGui::PushTextWrapPos(0.0F);
        ImGui::PushStyleColor(ImGuiCol_Text, colours::kError);
        ImGui::TextUnformatted(failure->c_str());
        ImGui::PopStyleColor();
        ImGui::PopTextWrapPos();
        return;
    }
    if (findings_withheld(workspace)) {
        draw_withheld(workspace, intents);
        return;
    }
    if (findings->result != nullptr) {
        draw_conclusion(*findings->result);
    }
    if (findings->highlights.empty()) {
        ImGui::TextDisabled(findings->result == nullptr ? "Nothing highlighted so far."
                                                        : "Nothing highlighted.");
    }
    for (const auto& highlight : findings->highlights) {
        draw_highlight(workspace, highlight, intents);
    }
}

}  // namespace dsm::viewer
