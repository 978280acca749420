// What the timeline is made of, from top to bottom: the quality strip, the lane of masks.
#pragma once

#include <imgui.h>

#include <algorithm>

#include "viewer/panels/panels.h"

namespace dsm::viewer {

// Where times are on the screen, and where strip and lane are.
struct TimeAxis {
    float left, right, top, bottom;
    float lane_bottom;  // of the masks, which begin where the strip ends
    double duration_s;
    [[nodiscard]] float x(double time_s) const {
        const double part = duration_s > 0.0 ? time_s / duration_s : 0.0;
        return left + static_cast<float>(part) * (right - left);
    }
    [[nodiscard]] double time(float at) const {
        return static_cast<double>((at - left) / std::max(1.0F, right - left)) * duration_s;
    }
};

// The frame under a place on the screen.
[[nodiscard]] FrameIndex frame_at(const Workspace&, const TimeAxis&, float x);

// A bar for each frame, as high as its artefact ratio; poor and failed frames are told by height
// and sign too, not by colour alone.
void draw_quality_strip(const Workspace&, const TimeAxis&, ImDrawList&);
// As a tooltip: the frame's time, how it was registered, its artefact ratio, and why.
void describe_frame(const Workspace&, FrameIndex frame);

// Marks the mask frames; a click makes a frame a mask, or takes it from them.
void draw_mask_lane(const Workspace&, const TimeAxis&, ImDrawList&, Intents&);
// In the row of controls: whether masks are automatic, and the way back to it.
void draw_mask_choice(const Workspace&, Intents&);

}  // namespace dsm::viewer
