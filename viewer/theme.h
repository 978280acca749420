// Colours and sizes for a dark room: no pure white, nothing brighter than the picture needs.
#pragma once

#include <imgui.h>

#include "dsp/core/findings.h"
#include "dsp/core/mark_colour.h"
#include "viewer/view_state.h"

namespace dsm::viewer {

namespace colours {
inline constexpr ImU32 kText = IM_COL32(206, 208, 212, 255);
inline constexpr ImU32 kDim = IM_COL32(138, 142, 150, 255);
inline constexpr ImU32 kFaint = IM_COL32(84, 88, 96, 255);
inline constexpr ImU32 kGround = IM_COL32(22, 23, 26, 255);
inline constexpr ImU32 kPanel = IM_COL32(28, 30, 34, 255);
inline constexpr ImU32 kLine = IM_COL32(58, 61, 68, 255);
inline constexpr ImU32 kAccent = IM_COL32(96, 156, 204, 255);
inline constexpr ImU32 kWarning = IM_COL32(226, 172, 74, 255);
inline constexpr ImU32 kError = IM_COL32(230, 112, 82, 255);
inline constexpr ImU32 kMark =  // what the reader added
    IM_COL32(kReaderMark.red, kReaderMark.green, kReaderMark.blue, 255);
inline constexpr ImU32 kLevel = IM_COL32(150, 190, 220, 255);
inline constexpr ImU32 kShade = IM_COL32(0, 0, 0, 185);  // behind text on a picture
}  // namespace colours

void apply_theme(double font_scale, Theme theme);

// Safe for colour-blind eyes (Okabe and Ito 2008), and told apart by words too.
[[nodiscard]] ImU32 colour_of(const Highlight& highlight);
[[nodiscard]] ImU32 colour_of(Quality quality);
// For the curves of regions, in turn.
[[nodiscard]] ImU32 series_colour(std::size_t index);
[[nodiscard]] ImU32 with_alpha(ImU32 colour, double alpha);

}  // namespace dsm::viewer
