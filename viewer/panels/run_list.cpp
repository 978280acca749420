#include <spdlog/fmt/fmt.h>

#include "viewer/panels/panels.h"
#include "viewer/panels/thumbnails.h"
#include "viewer/study_rows.h"
#include "viewer/theme.h"

namespace dsm::viewer {

namespace {

// Short, for the list is narrow; the timing in full is beside the picture.
std::string frames_text(const RunInfo& info) {
    const auto rate = mean_rate(info);
    const auto frames = fmt::format("{} frame{}", info.frames, info.frames == 1 ? "" : "s");
    return rate ? fmt::format("{}, {:.3g}/s", frames, *rate) : frames;
}

void draw_run(const RunSession& run, Thumbnails& thumbnails, ImVec2 start) {
    const float line = ImGui::GetTextLineHeight();
    // Large text in a small window leaves no room for both, and the position is what runs are told
    // apart by.
    constexpr float kRoomy = 10.0F;
    const bool roomy = ImGui::GetContentRegionAvail().x > kRoomy * line;
    const float side = roomy ? 3.0F * line : 0.0F;
    if (roomy) {
        thumbnails.draw(*ImGui::GetWindowDrawList(), run.frames().picture(),
                        ImVec2(start.x + 2.0F, start.y + 2.0F), side);
    }
    float y = start.y + 2.0F;
    const auto write = [&](const std::string& text, ImU32 colour) {
        ImGui::SetCursorScreenPos(ImVec2(start.x + side + 0.4F * line, y));
        cut_text(text, colour);
        y += line;
    };
    write(short_name(run.info()), colours::kText);
    write(position_text(run.info().position), colours::kDim);
    write(frames_text(run.info()), colours::kDim);
}

}  // namespace

void draw_run_list(const Workspace& workspace, Thumbnails& thumbnails, const Rect& rect,
                   Intents& intents) {
    begin_pane("runs", rect);
    ImGui::TextDisabled("Runs");
    ImGui::BeginChild("list");
    const float height = 3.0F * ImGui::GetTextLineHeight() + 4.0F;
    for (std::size_t i = 0; i < workspace.study.runs.size(); ++i) {
        ImGui::PushID(static_cast<int>(i));
        const ImVec2 start = ImGui::GetCursorScreenPos();
        if (ImGui::Selectable("##run", i == workspace.study.current, 0, ImVec2(0.0F, height))) {
            intents.ask("run", i + 1);
        }
        const ImVec2 end = ImGui::GetCursorScreenPos();
        draw_run(*workspace.study.runs[i], thumbnails, start);
        ImGui::SetCursorScreenPos(end);
        ImGui::PopID();
    }
    ImGui::EndChild();
    ImGui::End();
}

}  // namespace dsm::viewer
