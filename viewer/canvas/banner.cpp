// A bar across the top of a picture that must not pass for a good one.
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <optional>
#include <string>

#include "viewer/canvas/canvas.h"
#include "viewer/theme.h"

namespace dsm::viewer {

namespace {

struct Banner {
    std::string text;
    ImU32 ground{};
    ImU32 ink{colours::kText};
};

constexpr ImU32 kFailedGround = IM_COL32(150, 44, 24, 255);
constexpr ImU32 kPoorGround = IM_COL32(126, 80, 16, 255);
constexpr ImU32 kQuietGround = IM_COL32(46, 50, 57, 255);
constexpr ImU32 kInk = IM_COL32(240, 236, 228, 255);

std::string because(const FrameMotion& motion) {
    return motion.reason.empty() ? std::string() : ": " + motion.reason;
}

std::optional<Banner> banner_of(const Workspace& workspace, PictureKind kind) {
    const auto& run = *workspace.run();
    if (kind == PictureKind::variance) {
        return Banner{"Mask-free: what moves is dark too, not contrast alone", kQuietGround};
    }
    if (kind != PictureKind::subtracted || workspace.view.unregistered_held) {
        return std::nullopt;
    }
    const auto motion = run.motion_of(workspace.run_view().frame);
    if (!motion) {
        return std::nullopt;
    }
    switch (motion->quality) {
        case Quality::failed:
            return Banner{"SUBTRACTION FAILED" + (motion->reason.empty()
                                                      ? ": too little of the picture can be judged"
                                                      : because(*motion)),
                          kFailedGround, kInk};
        case Quality::poor:
            return Banner{fmt::format("POOR: artefact {:.1f}\xc3\x97 noise, residue of motion can "
                                      "pass for contrast{}",
                                      motion->artefact_ratio.value_or(0.0), because(*motion)),
                          kPoorGround, kInk};
        case Quality::no_mask:
            return Banner{"No mask yet: nothing is subtracted in this frame", kQuietGround};
        case Quality::good:
        case Quality::fair:
            break;
    }
    return std::nullopt;
}

}  // namespace

double draw_banner(const Workspace& workspace, const ViewOnScreen& view, ImDrawList& list) {
    const auto banner = banner_of(workspace, view.kind);
    if (!banner) {
        return 0.0;
    }
    constexpr float kPadding = 5.0F;
    const auto left = static_cast<float>(view.rect.x);
    const auto right = static_cast<float>(view.rect.right());
    const auto top = static_cast<float>(view.rect.y);
    const float wrap = std::max(1.0F, right - left - 2 * kPadding);
    const auto* font = ImGui::GetFont();
    const float size = ImGui::GetFontSize();
    const auto text = font->CalcTextSizeA(size, FLT_MAX, wrap, banner->text.c_str());
    list.AddRectFilled(ImVec2(left, top), ImVec2(right, top + text.y + 2 * kPadding),
                       banner->ground);
    const float x = left + 0.5F * (right - left - std::min(text.x, wrap));
    list.AddText(font, size, ImVec2(x, top + kPadding), banner->ink, banner->text.c_str(), nullptr,
                 wrap);
    return static_cast<double>(text.y + 2 * kPadding);
}

}  // namespace dsm::viewer
