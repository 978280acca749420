// From a value to the grey or the colour it is shown in: on the screen, where
// shaders/display/picture.frag does the same, and in films.
#pragma once

#include <cstdint>

#include "dsp/core/run_info.h"

namespace dsm {

struct DisplayMapping {
    DisplayWindow window;    // from black to white, or from the first colour to the last
    bool inverted{false};    // large values dark
    bool in_colours{false};  // of viridis.h
};

// No pure white, for eyes adapted to the dark.
inline constexpr double kLightestGrey = 0.94;
// What is not a number, as a grey from 0 to 255: in a grey picture, and among colours.
inline constexpr int kUnknownGrey = 0x80;
inline constexpr int kUnknownAmongColours = 0x17;

// Red, green and blue, eight bits each, the last in the lowest. Windows are linear and span
// width, cut off at both ends; an inversion comes after that (PS3.3 C.11.2).
[[nodiscard]] std::uint32_t shown_as(double value, const DisplayMapping& mapping);

}  // namespace dsm
