// The scale beside the subtracted picture, the maps and the mask-free view.
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>

#include "dsp/core/viridis.h"
#include "viewer/canvas/canvas.h"
#include "viewer/theme.h"
#include "viewer/windows_in_use.h"

namespace dsm::viewer {

namespace {

ImU32 grey(double part) {
    const int value = static_cast<int>(std::lround(part * 0.94 * 255.0));
    return IM_COL32(value, value, value, 255);
}

ImU32 colour_at(double part, bool coloured, bool inverted) {
    const double shown = inverted ? 1.0 - part : part;
    if (!coloured) {
        return grey(1.0 - shown);
    }
    const auto nearest = std::lround(shown * (kViridisStops.size() - 1));
    const auto& [red, green, blue] = kViridisStops[static_cast<std::size_t>(nearest)];
    return IM_COL32(red, green, blue, 255);
}

std::string value_text(const Workspace& workspace, PictureKind kind, double value) {
    if (kind != PictureKind::arrival) {
        return fmt::format("{:.3f}", value);
    }
    return workspace.run()->info().has_timing() ? fmt::format("{:.1f} s", value)
                                                : fmt::format("frame {:.0f}", value);
}

}  // namespace

void draw_opacity_scale(const Workspace& workspace, const ViewOnScreen& view, ImDrawList& list) {
    const bool coloured = shows_colours(workspace, view.kind);
    const auto window = window_slot(workspace.run_view(), view.kind);
    if (workspace.view.overlay != Overlay::all || !window || view.kind == PictureKind::original ||
        view.kind == PictureKind::mask || is_small(view.rect)) {
        return;
    }
    const auto right = static_cast<float>(view.rect.right()) - 10.0F;
    const auto top = static_cast<float>(view.rect.y + 0.22 * view.rect.height);
    const auto bottom = static_cast<float>(view.rect.y + 0.44 * view.rect.height);
    constexpr int kSteps = 8;
    const float step = (bottom - top) / kSteps;
    for (int i = 0; i < kSteps; ++i) {
        const double upper = 1.0 - static_cast<double>(i) / kSteps;
        const double lower = 1.0 - static_cast<double>(i + 1) / kSteps;
        const ImU32 from = colour_at(upper, coloured, workspace.run_view().opacity_inverted);
        const ImU32 to = colour_at(lower, coloured, workspace.run_view().opacity_inverted);
        list.AddRectFilledMultiColor(ImVec2(right - 9.0F, top + step * static_cast<float>(i)),
                                     ImVec2(right, top + step * static_cast<float>(i + 1)), from,
                                     from, to, to);
    }
    list.AddRect(ImVec2(right - 10.0F, top - 1.0F), ImVec2(right + 1.0F, bottom + 1.0F),
                 colours::kFaint);
    const double low = window->center - 0.5 * window->width;
    const double values[] = {low + window->width, window->center, low};
    for (int i = 0; i < 3; ++i) {
        draw_shaded_text(
            list, ImVec2(right - 16.0F, top + 0.5F * static_cast<float>(i) * (bottom - top)),
            ImVec2(1.0F, 0.5F), colours::kText, value_text(workspace, view.kind, values[i]));
    }
}

}  // namespace dsm::viewer
