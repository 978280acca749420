// 256 colours for one picture that is mostly grey. Greys have half of them, one for every second
// level, so that a smooth grey stays smooth; what is coloured has the rest, by median cut
// (Heckbert, SIGGRAPH 1982). No dithering: in a picture of opacity, specks would pass for noise.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace dsm::reading {

struct GifPalette {
    std::vector<std::uint32_t> colours;  // 0xRRGGBB, 1 to 256
    std::vector<std::uint8_t> indices;   // one a pixel
};

[[nodiscard]] GifPalette gif_palette(std::span<const std::uint32_t> pixels);

}  // namespace dsm::reading
