// Texts for places that are too small for the whole of them.
#pragma once

#include <functional>
#include <string>

#include "dsp/core/findings.h"

namespace dsm::viewer {

// The text where `fits` says yes of it, else as many of its characters as fit with an ellipsis
// behind; UTF-8 is cut between characters only.
[[nodiscard]] std::string shortened(const std::string& text,
                                    const std::function<bool(const std::string&)>& fits);

// "def.", "high", "low"; "n" for no leak. Never a letter that a side marker of the picture has.
[[nodiscard]] const char* short_grade(const Highlight& highlight);

}  // namespace dsm::viewer
