// Windows: which values are shown between black and white, and how a drag changes them.
#pragma once

#include "dsp/core/run_info.h"

namespace dsm::viewer {

// `dx`, `dy` in screen pixels since the last call (right and down positive). Sideways is width,
// upwards raises the centre; both scale with the present width, so that a window of 0.1 is as easy
// to set as one of 4000. `fine` slows the drag five times.
[[nodiscard]] DisplayWindow dragged(const DisplayWindow& window, double dx, double dy, bool fine);

// Widths stay above this part of the centre's size, so that the shader never divides by nothing.
[[nodiscard]] DisplayWindow kept_sane(const DisplayWindow& window);

// The window that spans [low, high].
[[nodiscard]] DisplayWindow window_between(double low, double high);
// For opacity: nothing new (0) in the light grey at 5/8, contrast dark down to `high`.
[[nodiscard]] DisplayWindow window_for_opacity(double high);

}  // namespace dsm::viewer
