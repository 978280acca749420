#include "dsp/dicom/jpeg_header.h"

namespace dsm::dicom {

namespace {

// C0..CF but for DHT, JPG and DAC; F7 is JPEG-LS.
bool is_start_of_frame(std::uint8_t marker) {
    return marker == 0xF7 ||
           (marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC);
}
bool stands_alone(std::uint8_t marker) {
    return marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8);
}

}  // namespace

std::optional<JpegHeader> read_jpeg_header(std::span<const std::uint8_t> stream) {
    std::size_t at = 0;
    while (at + 4 <= stream.size()) {
        if (stream[at] != 0xFF) {
            return std::nullopt;
        }
        const std::uint8_t marker = stream[at + 1];
        if (marker == 0xFF) {  // fill byte
            ++at;
            continue;
        }
        if (stands_alone(marker)) {
            at += 2;
            continue;
        }
        if (marker == 0xD9 || marker == 0xDA) {
            return std::nullopt;
        }
        const std::size_t length = static_cast<std::size_t>(stream[at + 2]) << 8 | stream[at + 3];
        if (is_start_of_frame(marker)) {
            if (length < 8 || at + 10 > stream.size()) {
                return std::nullopt;
            }
            return JpegHeader{stream[at + 4], stream[at + 5] << 8 | stream[at + 6],
                              stream[at + 7] << 8 | stream[at + 8], stream[at + 9]};
        }
        at += 2 + length;
    }
    return std::nullopt;
}

}  // namespace dsm::dicom
