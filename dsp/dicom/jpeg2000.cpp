#include "dsp/dicom/jpeg2000.h"

#include <openjpeg.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <string>

namespace dsm::dicom {
namespace {

constexpr std::array<std::uint8_t, 4> kCodestream{0xFF, 0x4F, 0xFF, 0x51};  // SOC, SIZ
constexpr std::array<std::uint8_t, 8> kJp2{0, 0, 0, 12, 'j', 'P', ' ', ' '};

std::uint64_t big_endian(std::span<const std::uint8_t> bytes, std::size_t at, std::size_t count) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < count; ++i) {
        value = value << 8U | bytes[at + i];
    }
    return value;
}

template <std::size_t N>
bool begins_with(std::span<const std::uint8_t> stream, const std::array<std::uint8_t, N>& mark) {
    return stream.size() >= N && std::equal(mark.begin(), mark.end(), stream.begin());
}

// The codestream inside JP2 boxes (T.800 I.4), or the stream itself.
std::span<const std::uint8_t> codestream_in(std::span<const std::uint8_t> stream) {
    if (!begins_with(stream, kJp2)) {
        return stream;
    }
    std::size_t at = 0;
    while (at + 16 <= stream.size()) {
        const std::uint64_t length = big_endian(stream, at, 4);
        const bool is_codestream = std::memcmp(stream.data() + at + 4, "jp2c", 4) == 0;
        const std::size_t header = length == 1 ? 16 : 8;
        const std::uint64_t whole = length == 1   ? big_endian(stream, at + 8, 8)
                                    : length == 0 ? stream.size() - at
                                                  : length;
        if (is_codestream) {
            return stream.subspan(at + header);
        }
        if (whole < header || whole > stream.size() - at) {
            break;
        }
        at += static_cast<std::size_t>(whole);
    }
    return {};
}

// A stream in memory, as OpenJPEG reads it.
struct Source {
    std::span<const std::uint8_t> bytes;
    std::size_t at{0};
};

OPJ_SIZE_T read_some(void* into, OPJ_SIZE_T wanted, void* user) {
    auto* source = static_cast<Source*>(user);
    const std::size_t count = std::min<std::size_t>(wanted, source->bytes.size() - source->at);
    if (count == 0) {
        return static_cast<OPJ_SIZE_T>(-1);
    }
    std::memcpy(into, source->bytes.data() + source->at, count);
    source->at += count;
    return count;
}

OPJ_OFF_T skip_some(OPJ_OFF_T count, void* user) {
    auto* source = static_cast<Source*>(user);
    if (count < 0) {
        return -1;
    }
    const auto left = static_cast<OPJ_OFF_T>(source->bytes.size() - source->at);
    const OPJ_OFF_T skipped = std::min(count, left);
    source->at += static_cast<std::size_t>(skipped);
    return skipped;
}

OPJ_BOOL seek_to(OPJ_OFF_T place, void* user) {
    auto* source = static_cast<Source*>(user);
    if (place < 0 || static_cast<std::uint64_t>(place) > source->bytes.size()) {
        return OPJ_FALSE;
    }
    source->at = static_cast<std::size_t>(place);
    return OPJ_TRUE;
}

struct Destroy {
    void operator()(opj_codec_t* codec) const { opj_destroy_codec(codec); }
    void operator()(opj_image_t* image) const { opj_image_destroy(image); }
};
struct DestroyStream {
    void operator()(opj_stream_t* stream) const { opj_stream_destroy(stream); }
};

// The library's complaint, for the error line.
void keep_message(const char* message, void* user) {
    auto* words = static_cast<std::string*>(user);
    if (words->empty()) {
        *words = message;
        std::replace(words->begin(), words->end(), '\n', ' ');
    }
}
void ignore_message(const char*, void*) {}

tl::unexpected<Error> refuse(std::string why) {
    return fail(ErrorKind::unreadable, {}, std::move(why), {});
}

// Streams can be much smaller than what they hold, but a few bytes must not cost gigabytes.
bool is_plausible(std::size_t stream_bytes, std::size_t frame_bytes) {
    constexpr std::size_t kAlwaysFine = std::size_t{64} << 20U;
    constexpr std::size_t kBestRatio = 20'000;  // an even picture of 1024 x 1024
    return frame_bytes <= kAlwaysFine + kBestRatio * stream_bytes;
}

Result<void> check(const Jpeg2000Header& header, const PixelFormat& format,
                   std::size_t stream_bytes) {
    const auto columns = static_cast<std::uint32_t>(format.extent.width);
    const auto rows = static_cast<std::uint32_t>(format.extent.height);
    if (header.columns != columns || header.rows != rows || header.components != 1 ||
        header.subsampled) {
        return refuse("its codestream has " + std::to_string(header.columns) + " columns, " +
                      std::to_string(header.rows) + " rows, " + std::to_string(header.components) +
                      " components; the header says " + std::to_string(columns) + ", " +
                      std::to_string(rows) + ", 1");
    }
    if (header.precision < 1 || header.precision > format.bits_allocated) {
        return refuse("its codestream has " + std::to_string(header.precision) + " bits of " +
                      std::to_string(format.bits_allocated) + " allocated");
    }
    constexpr std::uint64_t kMostTiles = 65535;  // T.800 A.4.2
    if (header.tiles > kMostTiles || !is_plausible(stream_bytes, format.frame_bytes())) {
        return refuse("too short for its size");
    }
    return {};
}

void write_words(const opj_image_comp_t& samples, const PixelFormat& format,
                 std::span<std::uint8_t> bytes) {
    const std::size_t pixels = format.extent.pixels();
    if (format.bits_allocated == 8) {
        std::transform(samples.data, samples.data + pixels, bytes.begin(), [](OPJ_INT32 value) {
            return static_cast<std::uint8_t>(static_cast<std::uint32_t>(value) & 0xFFU);
        });
        return;
    }
    for (std::size_t i = 0; i < pixels; ++i) {
        const auto word = static_cast<std::uint32_t>(samples.data[i]);
        bytes[2 * i] = static_cast<std::uint8_t>(word & 0xFFU);
        bytes[2 * i + 1] = static_cast<std::uint8_t>(word >> 8U & 0xFFU);
    }
}

}  // namespace

bool starts_jpeg2000(std::span<const std::uint8_t> head) {
    return begins_with(head, kCodestream) || begins_with(head, kJp2);
}

std::optional<Jpeg2000Header> read_jpeg2000_header(std::span<const std::uint8_t> stream) {
    const auto code = codestream_in(stream);
    // SOC, SIZ, Lsiz, Rsiz, then four pairs of 32 bits, Csiz and three bytes a component.
    constexpr std::size_t kSizes = 8;
    constexpr std::size_t kComponents = 40;
    if (!begins_with(code, kCodestream) || code.size() < kComponents + 2 + 3) {
        return std::nullopt;
    }
    const auto word = [&](std::size_t i) { return big_endian(code, kSizes + 4 * i, 4); };
    const std::uint64_t right = word(0);
    const std::uint64_t bottom = word(1);
    const std::uint64_t left = word(2);
    const std::uint64_t top = word(3);
    const std::uint64_t tile_width = word(4);
    const std::uint64_t tile_height = word(5);
    if (right <= left || bottom <= top || tile_width == 0 || tile_height == 0) {
        return std::nullopt;
    }
    Jpeg2000Header header;
    header.columns = static_cast<std::uint32_t>(right - left);
    header.rows = static_cast<std::uint32_t>(bottom - top);
    header.components = static_cast<int>(big_endian(code, kComponents, 2));
    const std::uint8_t depth = code[kComponents + 2];
    header.precision = (depth & 0x7F) + 1;
    header.is_signed = (depth & 0x80) != 0;
    header.subsampled = code[kComponents + 3] != 1 || code[kComponents + 4] != 1;
    header.tiles =
        ((right + tile_width - 1) / tile_width) * ((bottom + tile_height - 1) / tile_height);
    return header;
}

Result<void> decode_jpeg2000(std::span<const std::uint8_t> stream, const PixelFormat& format,
                             std::span<std::uint8_t> bytes) {
    const auto header = read_jpeg2000_header(stream);
    if (!header) {
        return refuse("no JPEG 2000 header in it");
    }
    if (auto checked = check(*header, format, stream.size()); !checked) {
        return checked;
    }
    Source source{codestream_in(stream)};
    const std::unique_ptr<opj_codec_t, Destroy> codec(opj_create_decompress(OPJ_CODEC_J2K));
    const std::unique_ptr<opj_stream_t, DestroyStream> input(opj_stream_default_create(OPJ_TRUE));
    opj_stream_set_user_data(input.get(), &source, nullptr);
    opj_stream_set_user_data_length(input.get(), source.bytes.size());
    opj_stream_set_read_function(input.get(), read_some);
    opj_stream_set_skip_function(input.get(), skip_some);
    opj_stream_set_seek_function(input.get(), seek_to);
    std::string complaint;
    opj_set_error_handler(codec.get(), keep_message, &complaint);
    opj_set_warning_handler(codec.get(), ignore_message, nullptr);
    opj_set_info_handler(codec.get(), ignore_message, nullptr);
    opj_dparameters_t parameters;
    opj_set_default_decoder_parameters(&parameters);
    opj_image_t* decoded = nullptr;
    bool done = opj_setup_decoder(codec.get(), &parameters) == OPJ_TRUE;
    // 1.75 times as fast where two cores are free; more bring little.
    constexpr int kThreads = 2;
    opj_codec_set_threads(codec.get(), kThreads);
    done = done && opj_read_header(input.get(), codec.get(), &decoded) == OPJ_TRUE;
    const std::unique_ptr<opj_image_t, Destroy> image(decoded);
    done = done && opj_decode(codec.get(), input.get(), image.get()) == OPJ_TRUE &&
           opj_end_decompress(codec.get(), input.get()) == OPJ_TRUE;
    const bool whole = done && image->numcomps == 1 && image->comps[0].data != nullptr &&
                       image->comps[0].w == header->columns && image->comps[0].h == header->rows;
    if (!whole) {
        return refuse(complaint.empty() ? "damaged codestream" : complaint);
    }
    write_words(image->comps[0], format, bytes);
    return {};
}

}  // namespace dsm::dicom
