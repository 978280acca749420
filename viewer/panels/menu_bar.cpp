#include <utility>

#include "viewer/panels/panels.h"

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
    const auto key = action.keys.substr(0, action.keys.find(' '));
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
    ImGui::EndMainMenuBar();
}

}  // namespace dsm::viewer
