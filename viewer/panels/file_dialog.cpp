// The open dialog: arrows and Enter work as well as the mouse.
#include <imgui.h>
#include <imgui_stdlib.h>
#include <spdlog/fmt/fmt.h>

#include <algorithm>

#include "viewer/panels/panels.h"
#include "viewer/theme.h"

namespace dsm::viewer {

namespace {

// Opened, or searched for the study browser where that called the dialog.
void take(const Workspace& workspace, const std::string& path, Intents& intents) {
    intents.ask(workspace.view.studies_shown ? "studies-search" : "open", path);
    intents.ask("escape");
}

void choose(const Workspace& workspace, FileBrowser& browser, const FolderEntry& entry,
            Intents& intents) {
    const auto path = browser.folder / entry.name;
    if (entry.is_folder) {
        browser.enter(path);
    } else {
        take(workspace, path.string(), intents);
    }
}

void draw_entries(const Workspace& workspace, FileBrowser& browser, Intents& intents) {
    const float foot = 2.2F * ImGui::GetFrameHeightWithSpacing();
    ImGui::BeginChild("entries", ImVec2(0, -foot), true);
    for (int i = 0; i < static_cast<int>(browser.entries.size()); ++i) {
        const auto entry = browser.entries[static_cast<std::size_t>(i)];
        const auto label = fmt::format("{}{}", entry.name, entry.is_folder ? "/" : "");
        ImGui::PushStyleColor(ImGuiCol_Text, entry.is_folder ? colours::kAccent : colours::kText);
        if (ImGui::Selectable(label.c_str(), i == browser.selected,
                              ImGuiSelectableFlags_AllowDoubleClick)) {
            browser.selected = i;
        }
        const bool opened =
            ImGui::IsItemHovered() && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left);
        ImGui::PopStyleColor();
        if (opened) {
            choose(workspace, browser, entry, intents);
            break;
        }
    }
    if (!browser.failure.empty()) {
        ImGui::TextUnformatted(browser.failure.c_str());
    } else if (browser.entries.empty()) {
        ImGui::TextDisabled("No DICOM files here.");
    }
    ImGui::EndChild();
}

void handle_keys(const Workspace& workspace, FileBrowser& browser, Intents& intents) {
    const int last = static_cast<int>(browser.entries.size()) - 1;
    if (ImGui::IsKeyPressed(ImGui::GetKeyIndex(ImGuiKey_DownArrow))) {
        browser.selected = std::min(browser.selected + 1, std::max(last, 0));
    }
    if (ImGui::IsKeyPressed(ImGui::GetKeyIndex(ImGuiKey_UpArrow))) {
        browser.selected = std::max(browser.selected - 1, 0);
    }
    const bool writing = ImGui::GetIO().WantTextInput;
    if (!writing && ImGui::IsKeyPressed(ImGui::GetKeyIndex(ImGuiKey_Backspace))) {
        browser.enter(browser.folder.parent_path());
    } else if (!writing && ImGui::IsKeyPressed(ImGui::GetKeyIndex(ImGuiKey_Enter)) && last >= 0) {
        choose(workspace, browser, browser.entries[static_cast<std::size_t>(browser.selected)],
               intents);
    }
}

void draw_head(const Workspace& workspace, FileBrowser& browser, Intents& intents) {
    if (ImGui::Button("Up")) {
        browser.enter(browser.folder.parent_path());
    }
    ImGui::SameLine();
    ImGui::SetNextItemWidth(-1.0F);
    if (ImGui::InputTextWithHint("##path", browser.folder.c_str(), &browser.typed,
                                 ImGuiInputTextFlags_EnterReturnsTrue)) {
        std::error_code ignored;
        if (std::filesystem::is_directory(browser.typed, ignored)) {
            browser.enter(browser.typed);
        } else if (!browser.typed.empty()) {
            take(workspace, browser.typed, intents);
        }
        browser.typed.clear();
    }
}

void draw_foot(const Workspace& workspace, FileBrowser& browser, Intents& intents) {
    ImGui::TextDisabled("Arrows and Enter, Backspace for the folder above.");
    const auto at = static_cast<std::size_t>(browser.selected);
    if (ImGui::Button("Open") && at < browser.entries.size()) {
        choose(workspace, browser, browser.entries[at], intents);
    }
    ImGui::SameLine();
    if (!workspace.view.studies_shown) {
        if (ImGui::Button("Open this whole folder")) {
            take(workspace, browser.folder.string(), intents);
        }
        ImGui::SameLine();
    }
    if (ImGui::Button("List its studies")) {
        intents.ask("studies-search", browser.folder.string());
        intents.ask("escape");
    }
    ImGui::SameLine();
    if (ImGui::Button("Cancel")) {
        intents.ask("escape");
    }
}

}  // namespace

void draw_file_dialog(const Workspace& workspace, FileBrowser& browser, Intents& intents) {
    if (!workspace.view.file_dialog_shown) {
        return;
    }
    if (browser.folder.empty()) {
        browser.enter(std::filesystem::current_path());
    }
    const auto screen = ImGui::GetIO().DisplaySize;
    begin_dialog("Open a run",
                 ImVec2(std::min(0.94F * screen.x, 44.0F * ImGui::GetFontSize()), 0.7F * screen.y));
    draw_head(workspace, browser, intents);
    draw_entries(workspace, browser, intents);
    draw_foot(workspace, browser, intents);
    handle_keys(workspace, browser, intents);
    ImGui::End();
}

}  // namespace dsm::viewer
