// Every action by a few letters of its name; what follows the name of one goes to it.
#include <imgui.h>
#include <imgui_stdlib.h>
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <utility>

#include "viewer/palette.h"
#include "viewer/panels/panels.h"
#include "viewer/script.h"
#include "viewer/theme.h"

namespace dsm::viewer {

namespace {

// The words behind the name of the action, where it was written out.
std::vector<std::string> arguments_in(const Action& action, const std::string& text) {
    auto words = split_words(text);
    if (!words || words->empty() || words->front() != action.name) {
        return {};
    }
    words->erase(words->begin());
    return *words;
}

// An action that takes words is written out first, so that they can follow.
void choose(const Action& action, PaletteEntry& entry, Intents& intents) {
    const auto arguments = arguments_in(action, entry.text);
    const bool needs_words = !action.usage.empty() && action.usage.front() != '[';
    if (needs_words && arguments.empty()) {
        entry.text = action.name + " ";
        entry.chosen = 0;
        entry.to_the_end = true;
        ++entry.line;  // ImGui keeps the text of a line that is being written in
        return;
    }
    intents.ask("palette", "off");
    intents.ask(Invocation{action.name, arguments});
}

int cursor_to_the_end(ImGuiInputTextCallbackData* data) {
    data->CursorPos = data->BufTextLen;
    data->SelectionStart = data->SelectionEnd = data->BufTextLen;
    return 0;
}

void draw_row(const Workspace& workspace, const Action& action, bool chosen, bool& clicked) {
    const bool can = action.enabled(workspace);
    ImGui::PushID(action.name.c_str());
    ImGui::TableNextRow();
    ImGui::TableNextColumn();
    ImGui::PushStyleColor(ImGuiCol_Text, can ? ImGui::GetColorU32(ImGuiCol_Text) : colours::kFaint);
    clicked = ImGui::Selectable(
        action.label.c_str(), chosen,
        ImGuiSelectableFlags_SpanAllColumns | ImGuiSelectableFlags_DontClosePopups);
    ImGui::PopStyleColor();
    if (chosen && !ImGui::IsItemVisible()) {
        ImGui::SetScrollHereY();
    }
    ImGui::TableNextColumn();
    ImGui::TextDisabled("%s", fmt::format("{} {}", action.name, action.usage).c_str());
    ImGui::TableNextColumn();
    const auto keys = workspace.keys.find(action.name);
    ImGui::PushStyleColor(ImGuiCol_Text, colours::kAccent);
    ImGui::TextUnformatted(keys == workspace.keys.end() ? "" : readable_keys(keys->second).c_str());
    ImGui::PopStyleColor();
    ImGui::PopID();
}

}  // namespace

void draw_palette(const Workspace& workspace, const ActionTable& table, PaletteEntry& entry,
                  Intents& intents) {
    if (!workspace.view.palette_shown) {
        entry = {};
        return;
    }
    const auto screen = ImGui::GetIO().DisplaySize;
    const float unit = ImGui::GetFontSize();
    begin_dialog("Find an action", ImVec2(std::min(52.0F * unit, 0.9F * screen.x),
                                          std::min(30.0F * unit, 0.8F * screen.y)));
    // Enter ends ImGui's writing in the line; here it goes on.
    ImGui::SetNextItemWidth(-1.0F);
    if (!entry.open || !ImGui::IsAnyItemActive()) {
        ImGui::SetKeyboardFocusHere();
        entry.open = true;
    }
    const std::string before = entry.text;
    ImGui::PushID(entry.line);
    ImGui::InputTextWithHint(
        "##find", "A few letters, or a name and its words", &entry.text,
        entry.to_the_end ? ImGuiInputTextFlags_CallbackAlways : ImGuiInputTextFlags_None,
        entry.to_the_end ? cursor_to_the_end : nullptr);
    ImGui::PopID();
    entry.to_the_end = entry.to_the_end && !ImGui::IsItemActive();
    const auto found = matching_actions(table, workspace, entry.text);
    const int last = std::max(0, static_cast<int>(found.size()) - 1);
    entry.chosen = entry.text != before ? 0 : entry.chosen;
    entry.chosen = std::clamp(entry.chosen + std::exchange(entry.moved, 0), 0, last);
    const Action* wanted = std::exchange(entry.entered, false) && !found.empty()
                               ? found[static_cast<std::size_t>(entry.chosen)]
                               : nullptr;
    if (ImGui::BeginChild("found") &&
        ImGui::BeginTable("actions", 3, ImGuiTableFlags_SizingStretchProp)) {
        for (int i = 0; i < static_cast<int>(found.size()); ++i) {
            bool clicked = false;
            draw_row(workspace, *found[static_cast<std::size_t>(i)], i == entry.chosen, clicked);
            wanted = clicked ? found[static_cast<std::size_t>(i)] : wanted;
        }
        ImGui::EndTable();
        if (found.empty()) {
            ImGui::TextDisabled("No action is called so.");
        }
    }
    ImGui::EndChild();
    ImGui::End();
    if (wanted != nullptr) {
        choose(*wanted, entry, intents);
        entry.open = false;  // the line is written in again
    }
}

}  // namespace dsm::viewer
