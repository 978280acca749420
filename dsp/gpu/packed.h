// Values laid end to end for the way to shaders, and as these pack them for the way back.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "dsp/core/image.h"

namespace dsm::gpu {

inline constexpr std::size_t kBitsOfWord = 32;

[[nodiscard]] constexpr std::size_t words_of_bits(std::size_t count) {
    return (count + kBitsOfWord - 1) / kBitsOfWord;
}

// Of IEEE 754 with half the bits; not of what is no number.
[[nodiscard]] inline float from_half(std::uint32_t half) {
    constexpr float kShiftExponent = 5.192296858534828e33F;  // 2^112
    const float size = std::bit_cast<float>((half & 0x7FFFU) << 13U) * kShiftExponent;
    return (half & 0x8000U) != 0 ? -size : size;
}

// The i-th of values packed two a word.
[[nodiscard]] inline float half_at(const std::uint32_t* words, std::size_t i) {
    return from_half(i % 2 == 0 ? words[i / 2] : words[i / 2] >> 16U);
}

// Bits to values of 0 and 1.
inline void unpack_bits(const std::uint32_t* from, std::span<std::uint8_t> to) {
    for (std::size_t first = 0; first < to.size(); first += kBitsOfWord) {
        const std::uint32_t bits = from[first / kBitsOfWord];
        const std::size_t count = std::min(kBitsOfWord, to.size() - first);
        for (std::size_t i = 0; i < count; ++i) {
            to[first + i] = static_cast<std::uint8_t>((bits >> i) & 1U);
        }
    }
}

inline void append(std::vector<float>& to, ImageView<const float> picture) {
    for (int y = 0; y < picture.height(); ++y) {
        const auto row = picture.row_span(y);
        to.insert(to.end(), row.begin(), row.end());
    }
}

}  // namespace dsm::gpu
