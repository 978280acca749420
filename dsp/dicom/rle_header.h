// The header of an RLE frame, PS3.5 G.5. Private to dsp/dicom.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace dsm::dicom {

inline constexpr std::size_t kRleHeaderBytes = 64;

// True when the frame has `segments` segments whose offsets rise and lie inside it. DCMTK 3.6.7
// believes the offsets and reads past the end where they do not.
[[nodiscard]] bool rle_header_is_sound(std::span<const std::uint8_t> frame, std::size_t segments);

}  // namespace dsm::dicom
