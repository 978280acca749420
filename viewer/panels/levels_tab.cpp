#include <spdlog/fmt/fmt.h>

#include "dsp/core/levels.h"
#include "viewer/level_naming.h"
#include "viewer/panels/panels.h"
#include "viewer/theme.h"

namespace dsm::viewer {

namespace {

// The names near this one, to rename a mark to.
void draw_rename(const Workspace& workspace, const LevelMark& mark, Intents& intents) {
    const auto marks = marks_in_force(workspace);
    for (int by = -3; by <= 3; ++by) {
        const auto name = by == 0 ? std::nullopt : level_after(mark.label, by, marks);
        if (name && ImGui::MenuItem(fmt::format("Rename to {}", *name).c_str())) {
            intents.ask("rename-level", mark.label, *name);
        }
    }
}

void draw_row(const Workspace& workspace, const LevelMark& level, Intents& intents) {
    const bool marked = level.source == LevelSource::operator_marked;
    ImGui::PushID(level.label.c_str());
    ImGui::TableNextRow();
    ImGui::TableNextColumn();
    ImGui::PushStyleColor(ImGuiCol_Text, marked ? colours::kText : colours::kDim);
    if (ImGui::Selectable(
            level.label.c_str(), workspace.run_view().selected_level == level.label,
            ImGuiSelectableFlags_SpanAllColumns | ImGuiSelectableFlags_AllowItemOverlap)) {
        intents.ask("select-level", level.label);
    }
    if (marked && ImGui::BeginPopupContextItem("rename")) {
        draw_rename(workspace, level, intents);
        ImGui::EndPopup();
    }
    ImGui::TableNextColumn();
    ImGui::TextUnformatted(
        fmt::format("{:.0f}, {:.0f}", level.center_px.x, level.center_px.y).c_str());
    ImGui::TableNextColumn();
    ImGui::TextUnformatted(marked ? "marked" : to_string(level.source));
    ImGui::PopStyleColor();
    ImGui::TableNextColumn();
    if (marked && ImGui::SmallButton("Delete")) {
        intents.ask("delete-level", level.label);
    }
    ImGui::PopID();
}

// What the next click with the tool is called: the name that fits, or one chosen here.
void draw_next_name(const Workspace& workspace, Intents& intents) {
    const auto& chosen = workspace.run_view().next_level;
    ImGui::AlignTextToFramePadding();
    ImGui::TextUnformatted("Next mark");
    ImGui::SameLine();
    ImGui::SetNextItemWidth(8.0F * ImGui::GetFontSize());
    if (ImGui::BeginCombo("##next", chosen.empty() ? "as it fits" : chosen.c_str())) {
        if (ImGui::Selectable("as it fits", chosen.empty())) {
            intents.ask("next-level", "auto");
        }
        const auto marks = marks_in_force(workspace);
        for (const auto& name : level_names(naming_for(marks))) {
            if (ImGui::Selectable(name.c_str(), name == chosen)) {
                intents.ask("next-level", name);
                intents.ask("tool", "level");
            }
        }
        ImGui::EndCombo();
    }
}

}  // namespace

void draw_levels_tab(const Workspace& workspace, Intents& intents) {
    ImGui::PushTextWrapPos(0.0F);
    const auto hint = key_hint(workspace.keys, "tool-level");
    const auto keys = hint.empty() ? hint : hint.substr(2, hint.size() - 3) + ": ";
    ImGui::TextDisabled(
        "%sThe level tool, then click a vertebra. Two marks or more: the rest is "
        "interpolated. Drag to correct, right click to rename.",
        keys.c_str());
    ImGui::PopTextWrapPos();
    draw_next_name(workspace, intents);
    const auto levels = levels_in_force(workspace);
    if (levels.empty()) {
        ImGui::Spacing();
        ImGui::TextUnformatted("No levels marked.");
        return;
    }
    if (!ImGui::BeginTable("levels", 4,
                           ImGuiTableFlags_RowBg | ImGuiTableFlags_SizingStretchProp)) {
        return;
    }
    ImGui::TableSetupColumn("Level");
    ImGui::TableSetupColumn("x, y (px)");
    ImGui::TableSetupColumn("Source");
    ImGui::TableSetupColumn("");
    ImGui::TableHeadersRow();
    for (const auto& level : levels) {
        draw_row(workspace, level, intents);
    }
    ImGui::EndTable();
}

}  // namespace dsm::viewer
