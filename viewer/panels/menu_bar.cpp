#include <algorithm>
#include <utility>

#include "dsp/core/version.h"
#include "viewer/panels/panels.h"
#include "viewer/theme.h"

namespace dsm::viewer {

namespace {

constexpr std::pair<Menu, const char*> kMenus[] = {
    {Menu::file, "File"},
    {Menu::view, "View"},
    {Menu::playback, "Playback"},
    {Menu::picture, "Picture"},
    {Menu::processing, "Processing"},
    {Menu::marks, "Marks"},
    {Menu::help, "Help"},
};

void draw_entry(const Workspace& workspace, const Action& action, Intents& intents) {
    const auto found = workspace.keys.find(action.name);
    const auto keys = found == workspace.keys.end() ? std::string() : found->second;
    const auto key = keys.substr(0, keys.find(' '));
    const bool checked = action.checked && action.checked(workspace);
    if (ImGui::MenuItem(action.label.c_str(), key.c_str(), checked, action.enabled(workspace)) &&
        !action.held) {
        intents.ask(action.name);
    }
}

}  // namespace

void draw_menu_bar(const Workspace& workspace, const ActionTable& table, const Rect&,
                   Intents& intents) {
    if (!ImGui::BeginMainMenuBar()) {
        return;
    }
    for (const auto& [menu, name] : kMenus) {
        if (!ImGui::BeginMenu(name)) {
            continue;
        }
        for (const auto& action : table.actions()) {
            if (action.menu == menu) {
                draw_entry(workspace, action, intents);
            }
        }
        ImGui::EndMenu();
    }
    // Always in sight: the status line has other things to say too.
    // With large text in a small window the part that matters most is whole.
    constexpr const char* kShortNotice = "Not for diagnostic use";
    const float room = ImGui::GetWindowWidth() - 10.0F - ImGui::GetCursorPosX();
    const char* notice = ImGui::CalcTextSize(kNotice).x <= room ? kNotice : kShortNotice;
    ImGui::SetCursorPosX(ImGui::GetCursorPosX() +
                         std::max(0.0F, room - ImGui::CalcTextSize(notice).x));
    ImGui::PushStyleColor(ImGuiCol_Text, colours::kWarning);
    ImGui::TextUnformatted(notice);
    ImGui::PopStyleColor();
    ImGui::EndMainMenuBar();
}

}  // namespace dsm::viewer
