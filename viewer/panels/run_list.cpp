#include <spdlog/fmt/fmt.h>

#include "viewer/panels/panels.h"
#include "viewer/theme.h"

namespace dsm::viewer {

void draw_run_list(const Workspace& workspace, const Rect& rect, Intents& intents) {
    begin_pane("runs", rect);
    ImGui::TextDisabled("Runs");
    ImGui::BeginChild("list");
    for (std::size_t i = 0; i < workspace.study.runs.size(); ++i) {
        const auto& info = workspace.study.runs[i]->info();
        ImGui::PushID(static_cast<int>(i));
        const ImVec2 size(0.0F, 2.0F * ImGui::GetTextLineHeight() + 6.0F);
        const ImVec2 start = ImGui::GetCursorScreenPos();
        if (ImGui::Selectable("##run", i == workspace.study.current, 0, size)) {
            intents.ask("run", i + 1);
        }
        const ImVec2 end = ImGui::GetCursorScreenPos();
        ImGui::SetCursorScreenPos(ImVec2(start.x + 3.0F, start.y + 1.0F));
        ImGui::BeginGroup();
        cut_text(short_name(info), colours::kText);
        ImGui::SetCursorScreenPos(
            ImVec2(start.x + 3.0F, start.y + ImGui::GetTextLineHeight() + 3.0F));
        cut_text(fmt::format("{} frame{}  {}\xc3\x97{}", info.frames, info.frames == 1 ? "" : "s",
                             info.extent.width, info.extent.height),
                 colours::kDim);
        ImGui::EndGroup();
        ImGui::SetCursorScreenPos(end);
        ImGui::PopID();
    }
    ImGui::EndChild();
    ImGui::End();
}

}  // namespace dsm::viewer
