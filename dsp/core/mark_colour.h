// The colour of what a reader added: in the window, in films, in reports and key images.
#pragma once

#include <cstdint>

namespace dsm {

// Red, green and blue, from 0 to 255. A light yellow that no highlight has and that colour-blind
// eyes tell from theirs.
struct MarkColour {
    std::uint8_t red{240};
    std::uint8_t green{214};
    std::uint8_t blue{120};
};
inline constexpr MarkColour kReaderMark{};

}  // namespace dsm
