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
    const float width = ImGui::CalcTextSize(kNotice).x;
    const float start = ImGui::GetWindowWidth() - width - 10.0F;
    if (start > ImGui::GetCursorPosX()) {
        ImGui::SetCursorPosX(start);
    }
    ImGui::PushStyleColor(ImGuiCol_Text, colours::kWarning);
    ImGui::TextUnformatted(kNotice);
    ImGui::PopStyleColor();
    ImGui::EndMainMenuBar();
}

}  // namespace dsm::viewer
