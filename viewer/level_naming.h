// Which level a click most likely means.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "dsp/core/findings.h"

namespace dsm::viewer {

// The name for a new mark at `at_px`: where two marks or more are there, the level that lies there
// by interpolation, or by going on at the same pitch beyond the ends; after one mark, the next name
// below or above it; "T12" to begin with.
[[nodiscard]] std::string suggested_level(std::span<const LevelMark> marks, Point at_px);
// The neighbours of a name along the spine: `by` levels further towards the feet.
[[nodiscard]] std::optional<std::string> level_after(const std::string& label, int by,
                                                     std::span<const LevelMark> marks);

}  // namespace dsm::viewer
