#include <algorithm>

#include "viewer/panels/panels.h"
#include "viewer/theme.h"

namespace dsm::viewer {

namespace {

constexpr const char* kTabLabels[] = {"Findings", "Levels", "Marks", "Coverage", "Run"};

void draw_tab(SideTab tab, const Workspace& workspace, CurveCache& curves, Intents& intents) {
    switch (tab) {
        case SideTab::findings:
            draw_findings_tab(workspace, intents);
            break;
        case SideTab::levels:
            draw_levels_tab(workspace, intents);
            break;
        case SideTab::marks:
            draw_marks_tab(workspace, curves, intents);
            break;
        case SideTab::coverage:
            draw_coverage_tab(workspace);
            break;
        case SideTab::run:
            draw_run_tab(workspace, intents);
            break;
    }
}

// With large text the margins of the buttons give way, so that each of them stays whole.
float tab_padding() {
    const float gaps = 2.0F * static_cast<float>(std::size(kTabLabels));
    float room = ImGui::GetContentRegionAvail().x - gaps;
    for (const char* label : kTabLabels) {
        room -= ImGui::CalcTextSize(label).x;
    }
    return std::clamp(room / (2.0F * static_cast<float>(std::size(kTabLabels))), 1.0F,
                      ImGui::GetStyle().FramePadding.x);
}

void draw_tabs(const Workspace& workspace, CurveCache& curves, float height, Intents& intents) {
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding,
                        ImVec2(tab_padding(), ImGui::GetStyle().FramePadding.y));
    for (std::size_t i = 0; i < std::size(kTabLabels); ++i) {
        const bool current = workspace.view.tab == static_cast<SideTab>(i);
        ImGui::PushStyleColor(
            ImGuiCol_Button, ImGui::GetStyleColorVec4(current ? ImGuiCol_TabActive : ImGuiCol_Tab));
        if (ImGui::Button(kTabLabels[i])) {
            intents.ask("panel", kTabWords[i]);
        }
        ImGui::PopStyleColor();
        ImGui::SameLine(0.0F, 2.0F);
    }
    ImGui::PopStyleVar();
    ImGui::NewLine();
    ImGui::Separator();
    ImGui::BeginChild("tab", ImVec2(0, height));
    if (workspace.run() != nullptr) {
        draw_tab(workspace.view.tab, workspace, curves, intents);
    }
    ImGui::EndChild();
}

}  // namespace

void draw_side_panel(const Workspace& workspace, CurveCache& curves, const Rect& rect,
                     Intents& intents) {
    begin_pane("side", rect);
    const double line = static_cast<double>(ImGui::GetTextLineHeightWithSpacing());
    // In a low window, or with large text, the tab is what was asked for: the warnings are a line,
    // the curves come with the marks that draw them.
    const bool low = rect.height < 27.0 * line;
    const bool plotted = !low || workspace.view.tab == SideTab::marks;
    const double warnings = low ? line : std::clamp(0.16 * rect.height, 3.2 * line, 7.0 * line);
    const double plot = !plotted ? 0.0
                        : low    ? 6.0 * line
                                 : std::clamp(0.30 * rect.height, 8.0 * line, 15.0 * line);
    const double head = static_cast<double>(ImGui::GetFrameHeightWithSpacing()) + 8.0;
    const double tab = rect.height - warnings - plot - head -
                       (!low      ? 2.2
                        : plotted ? 1.5
                                  : 0.8) *
                           line;
    draw_tabs(workspace, curves, static_cast<float>(std::max(tab, 3.0 * line)), intents);
    ImGui::Separator();
    if (plotted) {
        draw_curve_plot(workspace, curves, plot, intents);
        ImGui::Separator();
    }
    draw_warnings(workspace, warnings);
    ImGui::End();
}

}  // namespace dsm::viewer
