#include "dsp/dicom/rle_header.h"

namespace dsm::dicom {

namespace {

std::uint32_t long_word(std::span<const std::uint8_t> frame, std::size_t index) {
    const auto byte = [&](std::size_t i) { return std::uint32_t{frame[4 * index + i]}; };
    return byte(0) | byte(1) << 8 | byte(2) << 16 | byte(3) << 24;
}

}  // namespace

bool rle_header_is_sound(std::span<const std::uint8_t> frame, std::size_t segments) {
    if (frame.size() < kRleHeaderBytes || long_word(frame, 0) != segments) {
        return false;
    }
    std::size_t least = kRleHeaderBytes;
    for (std::size_t i = 1; i <= segments; ++i) {
        const std::size_t offset = long_word(frame, i);
        if (offset < least || offset >= frame.size()) {
            return false;
        }
        least = offset + 1;
    }
    return true;
}

}  // namespace dsm::dicom
