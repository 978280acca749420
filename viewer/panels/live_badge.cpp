#include "viewer/panels/live_badge.h"

#include <imgui.h>

#include <algorithm>

#include "viewer/theme.h"

namespace dsm::viewer {

namespace {

ImU32 colour_of(LiveBadge::State state) {
    switch (state) {
        case LiveBadge::State::following:
            return colours::kError;
        case LiveBadge::State::looking_back:
            return colours::kWarning;
        case LiveBadge::State::waiting:
        case LiveBadge::State::ended:
            break;
    }
    return colours::kDim;
}

// A line in a box with a dot before it, in the middle of `range` (from x to y).
void draw_line(const std::string& text, ImU32 dot, ImU32 words, ImVec2 range, float top,
               float pad) {
    auto* list = ImGui::GetForegroundDrawList();
    const ImVec2 size = ImGui::CalcTextSize(text.c_str());
    const float lead = 0.5F * size.y + 1.2F * size.y;
    const float width = std::min(range.y - range.x, size.x + lead + 0.5F * size.y);
    if (width < 2.0F * lead) {
        return;
    }
    const ImVec2 low(0.5F * (range.x + range.y - width), top);
    const ImVec2 high(low.x + width, top + size.y + 2.0F * pad);
    list->AddRectFilled(low, high, colours::kPanel, 4.0F);
    list->AddRect(low, high, dot, 4.0F);
    list->AddCircleFilled(ImVec2(low.x + 0.9F * size.y, 0.5F * (low.y + high.y)), 0.3F * size.y,
                          dot);
    list->PushClipRect(low, high, true);
    list->AddText(ImVec2(low.x + lead, low.y + pad), words, text.c_str());
    list->PopClipRect();
}

}  // namespace

void draw_live_badge(const LiveBadge& badge, const Rect& menu, const Rect& canvas) {
    const float line = ImGui::GetTextLineHeight();
    // Between the menus and what stands at the other end of their bar.
    const ImVec2 free(static_cast<float>(menu.x) + 24.0F * line,
                      static_cast<float>(menu.right()) - 20.0F * line);
    const float pad = std::max(0.0F, 0.5F * (static_cast<float>(menu.height) - line) - 2.0F);
    draw_line(badge.text, colour_of(badge.state), colours::kText, free,
              static_cast<float>(menu.y) + 2.0F, pad);
    if (!badge.alarm.empty()) {
        // Below the title of a picture.
        draw_line(badge.alarm, colours::kError, colours::kWarning,
                  {static_cast<float>(canvas.x) + line, static_cast<float>(canvas.right()) - line},
                  static_cast<float>(canvas.y) + 2.2F * line, 0.4F * line);
    }
}

}  // namespace dsm::viewer
