// The colours of maps: viridis (matplotlib, public domain), evenly bright steps that no colour
// blindness hides.
#pragma once

#include <array>

namespace dsm {

// Red, green and blue, 0 to 255, evenly from the least to the largest value.
inline constexpr std::array<std::array<int, 3>, 9> kViridisStops{{{68, 1, 84},
                                                                  {72, 40, 120},
                                                                  {62, 74, 137},
                                                                  {49, 104, 142},
                                                                  {38, 130, 142},
                                                                  {31, 158, 137},
                                                                  {53, 183, 121},
                                                                  {110, 206, 88},
                                                                  {253, 231, 37}}};

}  // namespace dsm
