// The run in time: play, scrub, quality of each frame, masks, first contrast, highlights.
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "viewer/panels/panels.h"
#include "viewer/panels/timeline_parts.h"
#include "viewer/short_text.h"
#include "viewer/theme.h"

namespace dsm::viewer {

namespace {

constexpr float kTickGap_px = 3.0F;  // below the masks
constexpr const char* kFirstContrast = "first contrast";

// At the right end, where there is room: how much of the stored frame lies under the subtraction.
void draw_anatomy(const Workspace& workspace, Intents& intents) {
    const float width = 9.0F * ImGui::GetFontSize();
    ImGui::SameLine(0.0F, 14.0F);
    const float x = ImGui::GetWindowWidth() - width - 12.0F;
    if (x < ImGui::GetCursorPosX()) {
        ImGui::NewLine();
        return;
    }
    ImGui::SetCursorPosX(x);
    ImGui::SetNextItemWidth(width);
    auto percent = static_cast<float>(100.0 * workspace.view.anatomy_part);
    if (ImGui::SliderFloat("##anatomy", &percent, 0.0F, 100.0F, "Anatomy %.0f %%")) {
        intents.ask("anatomy", std::clamp(percent, 0.0F, 100.0F));
    }
    if (ImGui::IsItemHovered()) {
        ImGui::SetTooltip("The stored frame under the subtraction%s",
                          key_hint(workspace.keys, "anatomy").c_str());
    }
}

void draw_controls(const Workspace& workspace, Intents& intents) {
    const auto button = [&](const char* label, const char* action, const char* help) {
        if (ImGui::Button(label)) {
            intents.ask(action);
        }
        if (ImGui::IsItemHovered()) {
            ImGui::SetTooltip("%s%s", help, key_hint(workspace.keys, action).c_str());
        }
        ImGui::SameLine(0.0F, 2.0F);
    };
    // With large text in a small window the time that follows needs the room.
    constexpr float kRoomy = 27.0F;
    const bool roomy = ImGui::GetWindowWidth() > kRoomy * ImGui::GetFontSize();
    if (roomy) {
        button("|\xe2\x97\x80", "first-frame", "First frame");
    }
    button("\xe2\x97\x80", "previous-frame", "Previous frame; the wheel too");
    button(workspace.playback.playing ? "Pause" : "Play", "play-pause", "Play or pause");
    button("\xe2\x96\xb6", "next-frame", "Next frame; the wheel too");
    if (roomy) {
        button("\xe2\x96\xb6|", "last-frame", "Last frame");
    }
    constexpr double kSpeeds[] = {0.25, 0.5, 1.0, 2.0, 4.0, 8.0};
    ImGui::SameLine(0.0F, 10.0F);
    ImGui::SetNextItemWidth(4.6F * ImGui::GetFontSize());
    const auto now = fmt::format("\xc3\x97{:g}", workspace.playback.speed);
    if (ImGui::BeginCombo("##speed", now.c_str())) {
        for (const double speed : kSpeeds) {
            if (ImGui::Selectable(fmt::format("\xc3\x97{:g}", speed).c_str(),
                                  speed == workspace.playback.speed)) {
                intents.ask("speed", speed);
            }
        }
        ImGui::EndCombo();
    }
    const auto& info = workspace.run()->info();
    const auto frame = workspace.run_view().frame;
    ImGui::SameLine(0.0F, 14.0F);
    const auto time = time_of(info, frame);
    const auto text =
        time ? fmt::format("{:.2f} s   frame {}/{}", *time, frame + 1, info.frames)
             : fmt::format("timing unknown, shown at {:g} frames/s   frame {}/{}",
                           kUnknownRate * workspace.playback.speed, frame + 1, info.frames);
    ImGui::TextUnformatted(text.c_str());
    if (time && !info.timing_is_acquisition) {
        ImGui::SameLine();
        ImGui::PushStyleColor(ImGuiCol_Text, colours::kWarning);
        ImGui::TextUnformatted("display rate, not acquisition");
        ImGui::PopStyleColor();
    }
    if (workspace.playback.playing && workspace.playback.skipped > 0) {
        ImGui::SameLine(0.0F, 14.0F);
        ImGui::PushStyleColor(ImGuiCol_Text, colours::kWarning);
        ImGui::TextUnformatted(fmt::format("{} dropped", workspace.playback.skipped).c_str());
        ImGui::PopStyleColor();
        if (ImGui::IsItemHovered()) {
            ImGui::SetTooltip(
                "Frames not shown since playing began: this machine draws too slowly");
        }
    }
    draw_mask_choice(workspace, intents);
    draw_anatomy(workspace, intents);
}

// Where "first contrast" is written, which tick labels keep clear of.
std::optional<float> first_contrast_x(const Workspace& workspace, const TimeAxis& axis) {
    const auto findings = workspace.run()->findings();
    if (findings == nullptr || findings->result == nullptr ||
        !findings->result->first_contrast_frame) {
        return std::nullopt;
    }
    return axis.x(workspace.schedule.time_of(*findings->result->first_contrast_frame)) + 4.0F;
}

void draw_first_contrast(const Workspace& workspace, const TimeAxis& axis, ImDrawList& list) {
    if (const auto at = first_contrast_x(workspace, axis)) {
        const float x = *at - 4.0F;
        list.AddLine(ImVec2(x, axis.top - 4), ImVec2(x, axis.lane_bottom + 2), colours::kAccent,
                     2.0F);
        list.AddText(ImVec2(*at, axis.lane_bottom + kTickGap_px), colours::kAccent, kFirstContrast);
    }
}

// The range that is played, in brackets; what lies outside is dimmed.
void draw_loop(const Workspace& workspace, const TimeAxis& axis, ImDrawList& list) {
    if (!workspace.run_view().loop) {
        return;
    }
    const auto range = frames_played(workspace);
    const float first = axis.x(workspace.schedule.time_of(range.first));
    const float last = axis.x(workspace.schedule.end_of(range.last));
    const ImU32 dim = with_alpha(colours::kGround, 0.6);
    list.AddRectFilled(ImVec2(axis.left, axis.top), ImVec2(first, axis.bottom), dim);
    list.AddRectFilled(ImVec2(last, axis.top), ImVec2(axis.right, axis.bottom), dim);
    for (const auto& [x, inwards] : {std::pair{first, 5.0F}, std::pair{last, -5.0F}}) {
        list.AddLine(ImVec2(x, axis.top - 3), ImVec2(x, axis.bottom + 3), colours::kText, 2.0F);
        list.AddLine(ImVec2(x, axis.top - 3), ImVec2(x + inwards, axis.top - 3), colours::kText,
                     2.0F);
        list.AddLine(ImVec2(x, axis.bottom + 3), ImVec2(x + inwards, axis.bottom + 3),
                     colours::kText, 2.0F);
    }
}

void draw_onsets(const Workspace& workspace, const TimeAxis& axis, ImDrawList& list) {
    const auto findings = shown_findings(workspace);
    if (findings == nullptr || !workspace.view.highlights_shown) {
        return;
    }
    float last_label = -1000.0F;
    for (const auto& highlight : findings->highlights) {
        if (!is_leak(highlight.kind) && workspace.run_view().selected_highlight != highlight.id) {
            continue;
        }
        const float x = axis.x(workspace.schedule.time_of(highlight.onset_frame));
        const ImU32 colour = colour_of(highlight);
        list.AddTriangleFilled(ImVec2(x - 4, axis.top - 9), ImVec2(x + 4, axis.top - 9),
                               ImVec2(x, axis.top - 2), colour);
        const auto label = fmt::format("{} {}", highlight.id, short_grade(highlight));
        if (x - last_label > ImGui::CalcTextSize(label.c_str()).x + 10.0F) {
            list.AddText(ImVec2(x + 6, axis.top - 4 - ImGui::GetTextLineHeight()), colour,
                         label.c_str());
            last_label = x;
        }
    }
}

// Where the reader's marks begin, and key images.
void draw_reader_marks(const Workspace& workspace, const TimeAxis& axis, ImDrawList& list) {
    for (const auto& annotation : workspace.run_review().annotations) {
        if (annotation.frames) {
            const float x = axis.x(workspace.schedule.time_of(annotation.frames->first)) + 1.0F;
            list.AddCircleFilled(ImVec2(x, axis.top - 5), 2.5F, colours::kMark);
        }
    }
    for (const auto& image : workspace.run_review().key_images) {
        const float x = axis.x(workspace.schedule.time_of(image.frame)) + 1.0F;
        draw_key_sign(list, ImVec2(x, axis.top - 6), 0.38F * ImGui::GetFontSize());
    }
}

void draw_ticks(const Workspace& workspace, const TimeAxis& axis, ImDrawList& list) {
    const bool timed = workspace.schedule.timing_known();
    const double wanted =
        axis.duration_s / static_cast<double>(std::max(1.0F, (axis.right - axis.left) / 90.0F));
    const double power = std::pow(10.0, std::floor(std::log10(std::max(wanted, 1e-6))));
    double step = power;
    for (const double factor : {1.0, 2.0, 5.0, 10.0}) {
        step = factor * power;
        if (step >= wanted) {
            break;
        }
    }
    const float y = axis.lane_bottom + kTickGap_px;
    const auto taken = first_contrast_x(workspace, axis);
    const float taken_width = ImGui::CalcTextSize(kFirstContrast).x + 8.0F;
    for (double time = 0.0; timed && time <= axis.duration_s; time += step) {
        const auto label = fmt::format("{:g} s", time);
        const float x =
            std::min(axis.x(time), axis.right - ImGui::CalcTextSize(label.c_str()).x - 2.0F);
        list.AddLine(ImVec2(axis.x(time), axis.lane_bottom),
                     ImVec2(axis.x(time), axis.lane_bottom + 4), colours::kFaint);
        const float width = ImGui::CalcTextSize(label.c_str()).x;
        if (!taken || x > *taken + taken_width || x + width < *taken - 8.0F) {
            list.AddText(ImVec2(x, y), colours::kDim, label.c_str());
        }
    }
}

void scrub(const Workspace& workspace, const TimeAxis& axis, Intents& intents) {
    ImGui::SetCursorScreenPos(ImVec2(axis.left, axis.top - 12.0F));
    ImGui::InvisibleButton(
        "scrub", ImVec2(std::max(1.0F, axis.right - axis.left), axis.bottom - axis.top + 12.0F));
    if (ImGui::IsItemHovered() && ImGui::GetIO().MouseWheel != 0.0F) {
        intents.ask("step", static_cast<int>(std::lround(-ImGui::GetIO().MouseWheel)));
    }
    if (ImGui::IsItemHovered() || ImGui::IsItemActive()) {
        const auto frame = frame_at(workspace, axis, ImGui::GetIO().MousePos.x);
        describe_frame(workspace, frame);
        if (ImGui::IsItemActive() && frame != workspace.run_view().frame) {
            intents.ask("pause");
            intents.ask("goto", frame + 1);
        }
    }
}

}  // namespace

void draw_timeline(const Workspace& workspace, const Rect& rect, Intents& intents) {
    begin_pane("timeline", rect);
    if (workspace.run() != nullptr) {
        draw_controls(workspace, intents);
        auto& list = *ImGui::GetWindowDrawList();
        const float line = ImGui::GetTextLineHeight();
        const auto top = static_cast<float>(rect.y) + 2.7F * line + 14.0F;
        const TimeAxis axis{static_cast<float>(rect.x) + 12.0F,
                            static_cast<float>(rect.right()) - 12.0F,
                            top,
                            top + 0.9F * line,
                            top + 1.6F * line,
                            workspace.schedule.duration_s()};
        scrub(workspace, axis, intents);
        draw_quality_strip(workspace, axis, list);
        draw_ticks(workspace, axis, list);
        draw_first_contrast(workspace, axis, list);
        draw_mask_lane(workspace, axis, list, intents);
        draw_loop(workspace, axis, list);
        draw_onsets(workspace, axis, list);
        draw_reader_marks(workspace, axis, list);
        const float x = axis.x(workspace.schedule.time_of(workspace.run_view().frame)) + 1.0F;
        list.AddRectFilled(ImVec2(x - 1.5F, axis.top - 6), ImVec2(x + 1.5F, axis.bottom + 6),
                           IM_COL32(228, 228, 230, 255));
    }
    ImGui::End();
}

}  // namespace dsm::viewer
