// What a JPEG or JPEG-LS codestream says of itself before it is decoded. Private to dsp/dicom.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace dsm::dicom {

struct JpegHeader {
    int precision{};  // bits per sample
    int rows{};       // 0: told by a later marker
    int columns{};
    int components{};
};

// From the start-of-frame marker (ITU-T T.81 B.2.2, T.87 C.2.2); nothing when there is none.
[[nodiscard]] std::optional<JpegHeader> read_jpeg_header(std::span<const std::uint8_t> stream);

}  // namespace dsm::dicom
