#include "viewer/panels/panels.h"
#include "viewer/short_text.h"
#include "viewer/theme.h"

namespace dsm::viewer {

void begin_pane(const char* name, const Rect& rect) {
    ImGui::SetNextWindowPos(ImVec2(static_cast<float>(rect.x), static_cast<float>(rect.y)));
    ImGui::SetNextWindowSize(
        ImVec2(static_cast<float>(rect.width), static_cast<float>(rect.height)));
    ImGui::Begin(name, nullptr,
                 ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoResize | ImGuiWindowFlags_NoMove |
                     ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoCollapse |
                     ImGuiWindowFlags_NoBringToFrontOnFocus | ImGuiWindowFlags_NoScrollbar |
                     ImGuiWindowFlags_NoScrollWithMouse);
}

bool begin_dialog(const char* title, ImVec2 size) {
    const auto screen = ImGui::GetIO().DisplaySize;
    ImGui::SetNextWindowPos(ImVec2(0.5F * screen.x, 0.5F * screen.y), ImGuiCond_Always,
                            ImVec2(0.5F, 0.5F));
    ImGui::SetNextWindowSize(size);
    ImGui::SetNextWindowFocus();
    return ImGui::Begin(title, nullptr,
                        ImGuiWindowFlags_NoCollapse | ImGuiWindowFlags_NoResize |
                            ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings);
}

bool small_button(const char* label, const char* help) {
    const bool pressed = ImGui::SmallButton(label);
    if (ImGui::IsItemHovered()) {
        ImGui::SetTooltip("%s", help);
    }
    return pressed;
}

void cut_text(const std::string& text, ImU32 colour) {
    const float room = ImGui::GetContentRegionAvail().x;
    const auto shown = shortened(
        text, [&](const std::string& t) { return ImGui::CalcTextSize(t.c_str()).x <= room; });
    ImGui::PushStyleColor(ImGuiCol_Text, colour);
    ImGui::TextUnformatted(shown.c_str());
    ImGui::PopStyleColor();
    if (shown != text && ImGui::IsItemHovered()) {
        ImGui::BeginTooltip();
        ImGui::PushTextWrapPos(30.0F * ImGui::GetFontSize());
        ImGui::TextUnformatted(text.c_str());
        ImGui::PopTextWrapPos();
        ImGui::EndTooltip();
    }
}

}  // namespace dsm::viewer
