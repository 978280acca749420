// What a reader prefers, and the key of every action.
#include <imgui.h>
#include <imgui_stdlib.h>
#include <spdlog/fmt/fmt.h>

#include <algorithm>

#include "viewer/palette.h"
#include "viewer/panels/panels.h"
#include "viewer/theme.h"

namespace dsm::viewer {

namespace {

void draw_choice(const char* label, const char* action, const char* const* words,
                 const char* const* names, int count, int now, Intents& intents) {
    ImGui::AlignTextToFramePadding();
    ImGui::TextUnformatted(label);
    for (int i = 0; i < count; ++i) {
        ImGui::SameLine(i == 0 ? 9.0F * ImGui::GetFontSize() : 0.0F, i == 0 ? 0.0F : 8.0F);
        if (ImGui::RadioButton(fmt::format("{}##{}", names[i], action).c_str(), i == now)) {
            intents.ask(action, words[i]);
        }
    }
}

void draw_looks(const Workspace& workspace, Intents& intents) {
    const auto& view = workspace.view;
    constexpr const char* kThemes[] = {"dark", "black", "more contrast"};
    constexpr const char* kMarks[] = {"colour and word", "shape too"};
    constexpr const char* kSizes[] = {"0.8", "1", "1.25", "1.5", "1.75", "2"};
    constexpr const char* kPercents[] = {"80 %", "100 %", "125 %", "150 %", "175 %", "200 %"};
    constexpr double kScales[] = {0.8, 1.0, 1.25, 1.5, 1.75, 2.0};
    const auto size = std::find(std::begin(kScales), std::end(kScales), view.font_scale);
    draw_choice("Size of text", "font-scale", kSizes, kPercents, 6,
                static_cast<int>(size - std::begin(kScales)), intents);
    draw_choice("Theme", "theme", kThemeWords, kThemes, 3, static_cast<int>(view.theme), intents);
    draw_choice("Highlights by", "marks", kMarkStyleWords, kMarks, 2,
                static_cast<int>(view.mark_style), intents);
    bool read_first = view.read_first;
    if (ImGui::Checkbox("Read first: what the software found is hidden until it is asked for",
                        &read_first)) {
        intents.ask("read-first", read_first ? "on" : "off");
    }
}

// Another action has the key: who, and the two ways out.
void draw_conflict(const KeyWanted& wanted, Intents& intents) {
    ImGui::PushStyleColor(ImGuiCol_Text, colours::kWarning);
    ImGui::TextUnformatted((wanted.why_not + ".").c_str());
    ImGui::PopStyleColor();
    ImGui::SameLine();
    if (ImGui::SmallButton("Take it from there")) {
        intents.ask("set-key", wanted.action, wanted.keys, "take");
    }
    ImGui::SameLine();
    if (ImGui::SmallButton("Leave it")) {
        intents.ask("change-key", "off");
    }
}

void draw_key_row(const Workspace& workspace, const Action& action, Intents& intents) {
    const auto found = workspace.keys.find(action.name);
    const auto usual = workspace.usual_keys.find(action.name);
    if (found == workspace.keys.end() || usual == workspace.usual_keys.end()) {
        return;
    }
    const bool changed = found->second != usual->second;
    ImGui::PushID(action.name.c_str());
    ImGui::TableNextRow();
    ImGui::TableNextColumn();
    ImGui::AlignTextToFramePadding();
    cut_text(action.label, ImGui::GetColorU32(ImGuiCol_Text));
    ImGui::TableNextColumn();
    if (workspace.view.key_of == action.name) {
        ImGui::PushStyleColor(ImGuiCol_Text, colours::kWarning);
        ImGui::TextUnformatted("press the key, or Escape");
        ImGui::PopStyleColor();
    } else {
        ImGui::PushStyleColor(ImGuiCol_Text, changed ? colours::kMark : colours::kAccent);
        ImGui::TextUnformatted(readable_keys(found->second).c_str());
        ImGui::PopStyleColor();
    }
    ImGui::TableNextColumn();
    if (action.name != "escape") {
        if (ImGui::SmallButton("Change")) {
            intents.ask("change-key", action.name);
        }
        ImGui::SameLine(0.0F, 4.0F);
        if (!found->second.empty() && ImGui::SmallButton("None")) {
            intents.ask("set-key", action.name, "");
        }
        if (changed) {
            ImGui::SameLine(0.0F, 4.0F);
            if (ImGui::SmallButton("As at first")) {
                intents.ask("reset-keys", action.name);
            }
        }
    }
    ImGui::PopID();
}

// Actions that need words have no use for a key.
void draw_keys(const Workspace& workspace, const ActionTable& table, const std::string& filter,
               Intents& intents) {
    if (!ImGui::BeginTable("keys", 3, ImGuiTableFlags_RowBg)) {
        return;
    }
    const float unit = ImGui::GetFontSize();
    ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthStretch);
    ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthFixed, 15.0F * unit);
    ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthFixed, 15.0F * unit);
    for (const auto* action : matching_actions(table, workspace, filter)) {
        if (action->usage.empty() || action->usage.front() == '[') {
            draw_key_row(workspace, *action, intents);
        }
    }
    ImGui::EndTable();
}

}  // namespace

void draw_preferences(const Workspace& workspace, const ActionTable& table, std::string& filter,
                      Intents& intents) {
    if (!workspace.view.preferences_shown) {
        filter.clear();
        return;
    }
    const auto screen = ImGui::GetIO().DisplaySize;
    const float unit = ImGui::GetFontSize();
    begin_dialog("Preferences and keys", ImVec2(std::min(58.0F * unit, 0.96F * screen.x),
                                                std::min(46.0F * unit, 0.92F * screen.y)));
    draw_looks(workspace, intents);
    ImGui::Separator();
    ImGui::SetNextItemWidth(20.0F * unit);
    ImGui::InputTextWithHint("##filter", "Keys: a few letters of an action", &filter);
    ImGui::SameLine();
    if (ImGui::Button("All keys as at first")) {
        intents.ask("reset-keys");
    }
    if (const auto& wanted = workspace.view.key_wanted) {
        draw_conflict(*wanted, intents);
    }
    ImGui::BeginChild("all", ImVec2(0, -ImGui::GetFrameHeightWithSpacing()));
    draw_keys(workspace, table, filter, intents);
    ImGui::EndChild();
    if (ImGui::Button("Close (Esc)")) {
        intents.ask("preferences", "off");
    }
    ImGui::End();
}

}  // namespace dsm::viewer
