#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <utility>

#include "dsp/core/version.h"
#include "viewer/panels/panels.h"
#include "viewer/theme.h"

namespace dsm::viewer {

namespace {

constexpr std::pair<const char*, const char*> kMouse[] = {
    {"Left drag", "window: sideways width, up and down centre; or the tool"},
    {"Ctrl + left drag", "the same, five times finer"},
    {"Right drag, Ctrl + wheel", "zoom at the pointer"},
    {"Middle drag", "pan"},
    {"Wheel", "frames, one by one"},
    {"Drop files", "open them"},
};

void row(const std::string& key, const std::string& what) {
    ImGui::TableNextRow();
    ImGui::TableNextColumn();
    ImGui::PushStyleColor(ImGuiCol_Text, colours::kAccent);
    ImGui::TextUnformatted(key.c_str());
    ImGui::PopStyleColor();
    ImGui::TableNextColumn();
    ImGui::TextUnformatted(what.c_str());
}

void draw_keys(const Workspace& workspace, const ActionTable& table) {
    // Key and action twice in a row, where both are whole.
    constexpr float kRoomForTwo = 52.0F;
    const bool two = ImGui::GetContentRegionAvail().x > kRoomForTwo * ImGui::GetFontSize();
    if (ImGui::BeginTable("keys", two ? 4 : 2, ImGuiTableFlags_SizingFixedFit)) {
        for (const auto& action : table.actions()) {
            const auto found = workspace.keys.find(action.name);
            if (found != workspace.keys.end() && !found->second.empty()) {
                if (!two || ImGui::TableGetColumnIndex() != 1) {
                    ImGui::TableNextRow();
                }
                ImGui::TableNextColumn();
                ImGui::PushStyleColor(ImGuiCol_Text, colours::kAccent);
                ImGui::TextUnformatted(readable_keys(found->second).c_str());
                ImGui::PopStyleColor();
                ImGui::TableNextColumn();
                ImGui::TextUnformatted((action.label + "     ").c_str());
            }
        }
        ImGui::EndTable();
    }
}

}  // namespace

void draw_help(const Workspace& workspace, const ActionTable& table, Intents& intents) {
    if (!workspace.view.help_shown) {
        return;
    }
    const auto screen = ImGui::GetIO().DisplaySize;
    const float unit = ImGui::GetFontSize();
    begin_dialog("Keys and mouse", ImVec2(std::min(60.0F * unit, 0.94F * screen.x),
                                          std::min(52.0F * unit, 0.92F * screen.y)));
    ImGui::BeginChild("all", ImVec2(0, -ImGui::GetFrameHeightWithSpacing()));
    if (ImGui::BeginTable("mouse", 2, ImGuiTableFlags_SizingFixedFit)) {
        for (const auto& [gesture, what] : kMouse) {
            row(gesture, what);
        }
        ImGui::EndTable();
    }
    ImGui::Separator();
    draw_keys(workspace, table);
    ImGui::EndChild();
    if (ImGui::Button("Close (Esc)")) {
        intents.ask("escape");
    }
    ImGui::End();
}

void draw_about(const Workspace& workspace, Intents& intents) {
    if (!workspace.view.about_shown) {
        return;
    }
    begin_dialog("About", ImVec2(30.0F * ImGui::GetFontSize(), 0.0F));
    ImGui::TextUnformatted(fmt::format("dsm-viewer {}", kVersion).c_str());
    ImGui::TextUnformatted("Digital subtraction myelography: register, subtract, look.");
    ImGui::Spacing();
    ImGui::PushStyleColor(ImGuiCol_Text, colours::kWarning);
    ImGui::TextUnformatted("Research software, not for diagnostic use.");
    ImGui::PopStyleColor();
    ImGui::Spacing();
    ImGui::PushTextWrapPos(0.0F);
    ImGui::TextDisabled("Renderer: %s", workspace.renderer.c_str());
    ImGui::TextDisabled("MIT licence. Type: DejaVu Sans.");
    ImGui::PopTextWrapPos();
    if (ImGui::Button("Close (Esc)")) {
        intents.ask("escape");
    }
    ImGui::End();
}

}  // namespace dsm::viewer
