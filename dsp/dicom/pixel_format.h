// How the pixels are stored, PS3.3 C.7.6.3 (Image Pixel Module), and how decoded words become the
// project's 16-bit words. Private to dsp/dicom.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dsp/core/image.h"
#include "dsp/core/result.h"
#include "dsp/core/run_info.h"

class DcmItem;

namespace dsm::dicom {

struct PixelFormat {
    Extent extent{};
    std::optional<int> declared_frames;  // Number of Frames (0028,0008), when it is one
    int bits_allocated{16};              // 8 or 16
    int bits_stored{16};
    int high_bit{15};
    bool is_signed{false};
    bool monochrome1{false};
    bool lossy{false};  // a lossy decoder may overshoot Bits Stored: clamp instead of mask

    [[nodiscard]] std::size_t bytes_per_word() const { return bits_allocated == 16 ? 2 : 1; }
    [[nodiscard]] std::size_t frame_bytes() const { return extent.pixels() * bytes_per_word(); }
    // Stored value = word + stored_offset().
    [[nodiscard]] int stored_offset() const { return is_signed ? -(1 << (bits_stored - 1)) : 0; }
};

// Reads the Image Pixel Module. Errors (subject left empty): no image, colour, sizes or bit depths
// that are absent, absurd or not supported. What is contradictory but bearable goes to `warnings`.
[[nodiscard]] Result<PixelFormat> read_pixel_format(DcmItem& data,
                                                    std::vector<std::string>& warnings);

// Decoded words of Bits Allocated (little endian, `format.frame_bytes()` of them) to 16-bit words:
// junk above High Bit and below Bits Stored is removed, overshoot of lossy codecs is clamped.
void unpack(std::span<const std::uint8_t> decoded, const PixelFormat& format,
            ImageView<std::uint16_t> words);

}  // namespace dsm::dicom
