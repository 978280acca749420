#include "dsp/dicom/pixel_format.h"

#include <algorithm>
#include <cassert>

namespace dsm::dicom {

namespace {

// One decoded word as the stored value above the smallest possible one.
class Unpacker {
 public:
    explicit Unpacker(const PixelFormat& format)
        : shift_(format.high_bit + 1 - format.bits_stored),
          range_(1 << format.bits_stored),
          half_(format.is_signed ? range_ / 2 : 0),
          word_half_(format.is_signed ? 1 << (format.bits_allocated - 1) : 0),
          word_range_(1 << format.bits_allocated),
          clamp_(format.lossy) {}

    [[nodiscard]] std::uint16_t operator()(int word) const {
        if (clamp_ && shift_ == 0) {
            const int value = word_half_ != 0 && word >= word_half_ ? word - word_range_ : word;
            return static_cast<std::uint16_t>(std::clamp(value + half_, 0, range_ - 1));
        }
        // Two's complement plus half the range, modulo the range, is the offset binary form.
        return static_cast<std::uint16_t>(((word >> shift_) + half_) & (range_ - 1));
    }

 private:
    int shift_, range_, half_, word_half_, word_range_;
    bool clamp_;
};

}  // namespace

void unpack(std::span<const std::uint8_t> decoded, const PixelFormat& format,
            ImageView<std::uint16_t> words) {
    assert(decoded.size() >= format.frame_bytes() && words.extent() == format.extent);
    const Unpacker unpacked(format);
    const std::uint8_t* byte = decoded.data();
    for (int y = 0; y < words.height(); ++y) {
        for (std::uint16_t& word : words.row_span(y)) {
            if (format.bits_allocated == 16) {
                word = unpacked(byte[0] | (byte[1] << 8));
                byte += 2;
            } else {
                word = unpacked(*byte++);
            }
        }
    }
}

}  // namespace dsm::dicom
