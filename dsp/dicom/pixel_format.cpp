#include "dsp/dicom/pixel_format.h"

#include <algorithm>
#include <cassert>

#include "dsp/dicom/attributes.h"

namespace dsm::dicom {

namespace {

// No detector comes near; a header that claims more is damaged or hostile.
constexpr std::uint64_t kMostPixelsPerFrame = std::uint64_t{1} << 26;

tl::unexpected<Error> unsupported(const std::string& what) {
    return fail(ErrorKind::unsupported, {}, what, "choose a monochrome image of 8 to 16 bits");
}

tl::unexpected<Error> not_an_image(const std::string& what) {
    return fail(ErrorKind::unsupported, {}, what, "choose an image");
}

Result<Extent> read_extent(DcmItem& data) {
    const auto rows = integer(data, {0x0028, 0x0010});
    const auto columns = integer(data, {0x0028, 0x0011});
    if (!rows || !columns) {
        return not_an_image("not an image: Rows (0028,0010) or Columns (0028,0011) absent");
    }
    if (*rows <= 0 || *columns <= 0 || *rows > 65535 || *columns > 65535 ||
        static_cast<std::uint64_t>(*rows) * static_cast<std::uint64_t>(*columns) >
            kMostPixelsPerFrame) {
        return fail(ErrorKind::unreadable, {},
                    "a picture of " + std::to_string(*columns) + " columns by " +
                        std::to_string(*rows) + " rows (0028,0010) cannot be",
                    "export the run again from its source");
    }
    return Extent{*columns, *rows};
}

Result<void> check_colour(DcmItem& data, PixelFormat& format, std::vector<std::string>& warnings) {
    const std::string photometric = text(data, {0x0028, 0x0004});
    const int samples = integer(data, {0x0028, 0x0002}).value_or(1);
    format.monochrome1 = photometric == "MONOCHROME1";
    if (samples != 1 || photometric.starts_with("RGB") || photometric.starts_with("YBR") ||
        photometric == "PALETTE COLOR") {
        return unsupported("a colour image (" + photometric + ", " + std::to_string(samples) +
                           " samples per pixel): only grey ones can be subtracted");
    }
    if (photometric.empty()) {
        warnings.emplace_back(
            "Photometric Interpretation (0028,0004) absent: taken as MONOCHROME2");
    } else if (photometric != "MONOCHROME1" && photometric != "MONOCHROME2") {
        return unsupported("Photometric Interpretation (0028,0004) is '" + photometric + "'");
    }
    return {};
}

Result<void> read_bits(DcmItem& data, PixelFormat& format, std::vector<std::string>& warnings) {
    const auto allocated = integer(data, {0x0028, 0x0100});
    if (!allocated) {
        return not_an_image("not an image: Bits Allocated (0028,0100) absent");
    }
    if (*allocated != 8 && *allocated != 16) {
        return unsupported(std::to_string(*allocated) + " Bits Allocated (0028,0100)");
    }
    format.bits_allocated = *allocated;
    format.bits_stored = integer(data, {0x0028, 0x0101}).value_or(*allocated);
    if (format.bits_stored < 1 || format.bits_stored > *allocated) {
        warnings.push_back("Bits Stored (0028,0101) is " + std::to_string(format.bits_stored) +
                           " of " + std::to_string(*allocated) + " allocated: all are used");
        format.bits_stored = *allocated;
    }
    format.high_bit = integer(data, {0x0028, 0x0102}).value_or(format.bits_stored - 1);
    if (format.high_bit < format.bits_stored - 1 || format.high_bit >= *allocated) {
        warnings.push_back("High Bit (0028,0102) is " + std::to_string(format.high_bit) + " with " +
                           std::to_string(format.bits_stored) + " Bits Stored (0028,0101): " +
                           std::to_string(format.bits_stored - 1) + " used");
        format.high_bit = format.bits_stored - 1;
    }
    format.is_signed = integer(data, {0x0028, 0x0103}).value_or(0) == 1;
    return {};
}

void read_frame_count(DcmItem& data, PixelFormat& format, std::vector<std::string>& warnings) {
    constexpr Tag kNumberOfFrames{0x0028, 0x0008};
    if (texts(data, kNumberOfFrames).empty()) {
        return;
    }
    const auto frames = integer(data, kNumberOfFrames);
    if (!frames || *frames < 1) {
        warnings.push_back("Number of Frames (0028,0008) is '" + text(data, kNumberOfFrames) +
                           "': the frames that are there are used");
        return;
    }
    format.declared_frames = frames;
}

// One decoded word as the stored value above the smallest possible one.
class Unpacker {
 public:
    explicit Unpacker(const PixelFormat& format)
        : shift_(format.high_bit + 1 - format.bits_stored),
          range_(1 << format.bits_stored),
          half_(format.is_signed ? range_ / 2 : 0),
          clamp_(format.lossy && !format.is_signed && shift_ == 0) {}

    [[nodiscard]] std::uint16_t operator()(int word) const {
        if (clamp_) {
            return static_cast<std::uint16_t>(std::min(word, range_ - 1));
        }
        // Two's complement plus half the range, modulo the range, is the offset binary form.
        return static_cast<std::uint16_t>(((word >> shift_) + half_) & (range_ - 1));
    }

 private:
    int shift_, range_, half_;
    bool clamp_;
};

}  // namespace

Result<PixelFormat> read_pixel_format(DcmItem& data, std::vector<std::string>& warnings) {
    PixelFormat format;
    const auto extent = read_extent(data);
    if (!extent) {
        return tl::unexpected(extent.error());
    }
    format.extent = *extent;
    if (auto grey = check_colour(data, format, warnings); !grey) {
        return tl::unexpected(grey.error());
    }
    if (auto bits = read_bits(data, format, warnings); !bits) {
        return tl::unexpected(bits.error());
    }
    read_frame_count(data, format, warnings);
    return format;
}

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
