// JPEG 2000 codestreams (ITU-T T.800), bare or in JP2 boxes, by OpenJPEG. Private to dsp/dicom.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "dsp/core/result.h"
#include "dsp/dicom/pixel_format.h"

namespace dsm::dicom {

// What the image and tile size marker (SIZ, T.800 A.5.1) says before anything is decoded.
struct Jpeg2000Header {
    std::uint32_t columns{}, rows{};
    int components{};
    int precision{};  // bits per sample of the first component
    bool is_signed{};
    bool subsampled{};
    std::uint64_t tiles{};
};
// Nothing where the stream is none, or its boxes hold none.
[[nodiscard]] std::optional<Jpeg2000Header> read_jpeg2000_header(
    std::span<const std::uint8_t> stream);
// Whether a fragment begins a stream.
[[nodiscard]] bool starts_jpeg2000(std::span<const std::uint8_t> head);

// Little-endian words of Bits Allocated into `bytes`. The codestream has to be the picture the
// header of the file tells of; where the two disagree on the sign, the file's header is right and
// the bits stay as they are. Errors have no subject. Safe from any thread.
[[nodiscard]] Result<void> decode_jpeg2000(std::span<const std::uint8_t> stream,
                                           const PixelFormat& format,
                                           std::span<std::uint8_t> bytes);

}  // namespace dsm::dicom
