#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <string>

#include "viewer/panels/timeline_parts.h"
#include "viewer/theme.h"

namespace dsm::viewer {

namespace {

void draw_mark(ImDrawList& list, const TimeAxis& axis, float x, ImU32 colour) {
    const float high = axis.bottom + 2.0F;
    const float low = axis.lane_bottom - 2.0F;
    const float half = 0.5F * (low - high);
    list.AddTriangleFilled(ImVec2(x - half, low), ImVec2(x + half, low), ImVec2(x, high), colour);
}

// Where a frame's mark stands: in the middle of its bar.
float middle_of(const Workspace& workspace, const TimeAxis& axis, FrameIndex frame) {
    const int frames = workspace.run()->info().frames;
    const float from = axis.x(workspace.schedule.time_of(frame));
    const float to =
        frame + 1 < frames ? axis.x(workspace.schedule.time_of(frame + 1)) : axis.right;
    return 0.5F * (from + to);
}

}  // namespace

void draw_mask_lane(const Workspace& workspace, const TimeAxis& axis, ImDrawList& list,
                    Intents& intents) {
    const auto masks = masks_in_force(workspace);
    const bool by_hand = workspace.run_review().mask_frames.has_value();
    list.AddRectFilled(ImVec2(axis.left, axis.bottom + 1.0F),
                       ImVec2(axis.right, axis.lane_bottom - 1.0F), IM_COL32(34, 36, 41, 255));
    ImGui::SetCursorScreenPos(ImVec2(axis.left, axis.bottom + 1.0F));
    const bool clicked = ImGui::InvisibleButton(
        "masks",
        ImVec2(std::max(1.0F, axis.right - axis.left), axis.lane_bottom - axis.bottom - 1.0F));
    if (ImGui::IsItemHovered()) {
        const auto frame = frame_at(workspace, axis, ImGui::GetIO().MousePos.x);
        const bool is_mask = std::find(masks.begin(), masks.end(), frame) != masks.end();
        draw_mark(list, axis, middle_of(workspace, axis, frame),
                  with_alpha(colours::kMark, is_mask ? 1.0 : 0.45));
        ImGui::SetTooltip("%s",
                          fmt::format("Frame {}{}\nClick: {}", frame + 1, is_mask ? ", a mask" : "",
                                      is_mask ? "no mask any more" : "a mask too")
                              .c_str());
        if (clicked) {
            intents.ask("mask-also", frame + 1);
        }
    }
    for (const FrameIndex mask : masks) {
        draw_mark(list, axis, middle_of(workspace, axis, mask),
                  by_hand ? colours::kMark : colours::kText);
    }
}

void draw_mask_choice(const Workspace& workspace, Intents& intents) {
    const auto& chosen = workspace.run_review().mask_frames;
    ImGui::SameLine(0.0F, 18.0F);
    if (!chosen) {
        const auto masks = masks_in_force(workspace);
        const auto text = masks.empty() ? std::string("masks automatic")
                                        : fmt::format("masks automatic ({})", masks.size());
        // The triangles below say it too.
        if (ImGui::CalcTextSize(text.c_str()).x > ImGui::GetContentRegionAvail().x) {
            return;
        }
        ImGui::PushStyleColor(ImGuiCol_Text, colours::kDim);
        ImGui::TextUnformatted(text.c_str());
        ImGui::PopStyleColor();
        return;
    }
    ImGui::PushStyleColor(ImGuiCol_Text, colours::kMark);
    ImGui::TextUnformatted(fmt::format("masks by hand ({})", chosen->size()).c_str());
    ImGui::PopStyleColor();
    ImGui::SameLine(0.0F, 6.0F);
    if (ImGui::SmallButton("automatic")) {
        intents.ask("mask-auto");
    }
    if (ImGui::IsItemHovered()) {
        ImGui::SetTooltip("Back to masks found automatically%s",
                          key_hint(workspace.keys, "mask-auto").c_str());
    }
}

}  // namespace dsm::viewer
