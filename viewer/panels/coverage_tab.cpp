// Per level and side: was there a view, did contrast come, how long was it watched, what would have
// shown.
#include <spdlog/fmt/fmt.h>

#include "viewer/panels/panels.h"
#include "viewer/theme.h"

namespace dsm::viewer {

namespace {

std::string number(const std::optional<double>& value, const char* format) {
    return value ? fmt::format(fmt::runtime(format), *value) : "\xe2\x80\x93";
}

void draw_row(const LevelCoverage& row) {
    ImGui::TableNextRow();
    const ImU32 colour = row.adequate ? colours::kText : colours::kDim;
    const auto cell = [colour](const std::string& text) {
        ImGui::TableNextColumn();
        cut_text(text, colour);
    };
    cell(row.side == Side::undetermined ? row.level + " side ?"
                                        : row.level + " " + to_string(row.side));
    cell(number(row.sac_arrival_s, "{:.1f}"));
    cell(number(row.watched_s, "{:.0f}"));
    cell(number(row.detectable_opacity, "{:.3f}"));
    ImGui::TableNextColumn();
    cut_text(row.adequate      ? "yes"
             : row.why.empty() ? "no"
                               : "no: " + row.why,
             row.adequate ? colours::kText : colours::kWarning);
}

}  // namespace

void draw_coverage_tab(const Workspace& workspace) {
    // What is not cleared, and why, would give away what was found.
    if (findings_withheld(workspace)) {
        ImGui::TextDisabled("Coverage comes with the highlights (Shift+H).");
        return;
    }
    const auto findings = workspace.run()->findings();
    const auto* result = findings == nullptr ? nullptr : findings->result.get();
    if (result == nullptr || result->coverage.empty()) {
        ImGui::PushTextWrapPos(0.0F);
        ImGui::TextDisabled("%s", result == nullptr
                                      ? "Coverage comes when processing is done."
                                      : "Coverage needs levels: mark two or more (L).");
        ImGui::PopTextWrapPos();
        return;
    }
    if (!ImGui::BeginTable("coverage", 5,
                           ImGuiTableFlags_RowBg | ImGuiTableFlags_SizingStretchProp)) {
        return;
    }
    const float unit = ImGui::GetFontSize();
    ImGui::TableSetupColumn("Level", ImGuiTableColumnFlags_WidthFixed, 4.4F * unit);
    ImGui::TableSetupColumn("Sac s", ImGuiTableColumnFlags_WidthFixed, 2.6F * unit);
    ImGui::TableSetupColumn("Seen s", ImGuiTableColumnFlags_WidthFixed, 3.0F * unit);
    ImGui::TableSetupColumn("Limit", ImGuiTableColumnFlags_WidthFixed, 2.8F * unit);
    ImGui::TableSetupColumn("Adequate", ImGuiTableColumnFlags_WidthStretch);
    ImGui::TableHeadersRow();
    for (const auto& row : result->coverage) {
        draw_row(row);
    }
    ImGui::EndTable();
}

}  // namespace dsm::viewer
