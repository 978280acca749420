#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include "viewer/panels/timeline_parts.h"
#include "viewer/theme.h"

namespace dsm::viewer {

namespace {

constexpr ImU32 kLoaded = IM_COL32(44, 47, 53, 255);
constexpr ImU32 kNotLoaded = IM_COL32(30, 32, 36, 255);
constexpr ImU32 kInk = IM_COL32(20, 20, 22, 255);  // signs on the bars
constexpr double kFullRatio = 3.0;                 // artefact ratio that fills the strip

struct Cell {
    ImU32 ground{kNotLoaded};
    std::optional<FrameMotion> motion;
    bool damaged{false};
};

Cell cell_of(const RunSession& run, FrameIndex frame) {
    Cell cell;
    cell.ground = run.frames().holds(frame) ? kLoaded : kNotLoaded;
    const auto at = static_cast<std::size_t>(frame);
    for (const auto& snapshot : {run.findings(), run.progress()}) {
        if (snapshot != nullptr && at < snapshot->motion.size()) {
            cell.motion = snapshot->motion[at];
        }
    }
    cell.damaged = run.frames().damage(frame).has_value();
    return cell;
}

// Height of the bar, 0..1. A ratio of 1 is perfect and still has to be seen.
float height_of(const FrameMotion& motion) {
    if (motion.quality == Quality::failed || !motion.artefact_ratio) {
        return motion.quality == Quality::no_mask ? 0.12F : 1.0F;
    }
    return static_cast<float>(std::clamp(*motion.artefact_ratio / kFullRatio, 0.12, 1.0));
}

void draw_cross(ImDrawList& list, ImVec2 low, ImVec2 high) {
    const float half = 0.5F * std::min(high.x - low.x, high.y - low.y) - 1.0F;
    const ImVec2 middle(0.5F * (low.x + high.x), 0.5F * (low.y + high.y));
    list.AddLine(ImVec2(middle.x - half, middle.y - half), ImVec2(middle.x + half, middle.y + half),
                 kInk, 2.0F);
    list.AddLine(ImVec2(middle.x - half, middle.y + half), ImVec2(middle.x + half, middle.y - half),
                 kInk, 2.0F);
}

void draw_cell(ImDrawList& list, const Cell& cell, ImVec2 low, ImVec2 high) {
    list.AddRectFilled(low, high, cell.ground);
    const bool lost = cell.damaged || (cell.motion && cell.motion->quality == Quality::failed);
    if (lost) {
        list.AddRectFilled(low, high, colours::kError);
        if (high.x - low.x > 4.0F) {
            draw_cross(list, low, high);
        }
        return;
    }
    if (!cell.motion) {
        return;
    }
    const float top = high.y - height_of(*cell.motion) * (high.y - low.y);
    list.AddRectFilled(ImVec2(low.x, top), high, colour_of(cell.motion->quality));
    if (cell.motion->quality == Quality::poor && high.x - low.x > 4.0F) {
        list.AddLine(ImVec2(low.x + 1.0F, high.y - 1.0F), ImVec2(high.x - 1.0F, top + 1.0F), kInk,
                     2.0F);
    }
}

}  // namespace

FrameIndex frame_at(const Workspace& workspace, const TimeAxis& axis, float x) {
    const double last = std::nextafter(axis.duration_s, 0.0);
    return workspace.schedule.frame_at(std::clamp(axis.time(x), 0.0, last));
}

void draw_quality_strip(const Workspace& workspace, const TimeAxis& axis, ImDrawList& list) {
    const auto& run = *workspace.run();
    const int frames = run.info().frames;
    for (FrameIndex frame = 0; frame < frames; ++frame) {
        const float from = axis.x(workspace.schedule.time_of(frame));
        const float to =
            frame + 1 < frames ? axis.x(workspace.schedule.time_of(frame + 1)) : axis.right;
        const float gap = to - from > 4.0F ? 1.0F : 0.0F;
        draw_cell(list, cell_of(run, frame), ImVec2(from, axis.top), ImVec2(to - gap, axis.bottom));
    }
}

void describe_frame(const Workspace& workspace, FrameIndex frame) {
    const auto motion = workspace.run()->motion_of(frame);
    std::string text = fmt::format("Frame {}", frame + 1);
    if (const auto time = time_of(workspace.run()->info(), frame)) {
        text += fmt::format(", {:.2f} s", *time);
    }
    if (motion && motion->quality == Quality::no_mask) {
        text += "\nNo mask yet: nothing is subtracted";
    } else if (motion) {
        text += fmt::format("\nSubtraction {}, registration {}", to_string(motion->quality),
                            to_string(motion->used));
        text += motion->artefact_ratio
                    ? fmt::format("\nArtefact {:.2f}\xc3\x97 noise", *motion->artefact_ratio)
                    : std::string("\nToo little of the picture to judge it");
        text += motion->worst_artefact_ratio ? fmt::format(", {:.2f}\xc3\x97 in the worst patch",
                                                           *motion->worst_artefact_ratio)
                                             : "";
        text += motion->reason.empty() ? "" : "\n" + motion->reason;
    }
    ImGui::SetTooltip("%s", text.c_str());
}

}  // namespace dsm::viewer
