#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <memory>
#include <optional>
#include <regex>
#include <string>
#include <system_error>
#include <vector>

#include "dsp/pipeline/byte_stream.h"
#include "dsp/pipeline/npy.h"

namespace dsm {
namespace {

enum class Element { float32, float16, int16_1e4 };

struct Layout {
    Element element{};
    int frames{0};
    Extent extent{};

    [[nodiscard]] std::size_t frame_bytes() const {
        return extent.pixels() * (element == Element::float32 ? 4 : 2);
    }
};

constexpr std::size_t kLongestHeader = 65'535;
constexpr int kMostPixelsPerSide = 65'535;
constexpr int kMostFrames = 1'000'000;

std::optional<int> bounded(const std::string& digits, int most) {
    int value = 0;
    const auto [end, status] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (status != std::errc{} || value < 1 || value > most) {
        return std::nullopt;
    }
    return value;
}

std::optional<Layout> parse_dictionary(const std::string& text) {
    static const std::regex descr(R"('descr':\s*'([<|=]?[a-z]\d)')");
    static const std::regex order(R"('fortran_order':\s*False)");
    static const std::regex shape(
        R"('shape':\s*\(\s*(\d{1,9})\s*,\s*(\d{1,9})\s*,\s*(\d{1,9}),?\s*\))");
    std::smatch type;
    std::smatch size;
    if (!std::regex_search(text, type, descr) || !std::regex_search(text, order) ||
        !std::regex_search(text, size, shape)) {
        return std::nullopt;
    }
    Layout layout;
    const std::string word = type[1];
    if (word == "<f4") {
        layout.element = Element::float32;
    } else if (word == "<f2") {
        layout.element = Element::float16;
    } else if (word == "<i2") {
        layout.element = Element::int16_1e4;
    } else {
        return std::nullopt;
    }
    const auto frames = bounded(size[1], kMostFrames);
    const auto rows = bounded(size[2], kMostPixelsPerSide);
    const auto columns = bounded(size[3], kMostPixelsPerSide);
    if (!frames || !rows || !columns) {
        return std::nullopt;
    }
    layout.frames = *frames;
    layout.extent = {*columns, *rows};
    return layout;
}

std::optional<Layout> read_header(ByteStream& bytes) {
    char start[10];
    if (!bytes.read(start, sizeof start) || std::memcmp(start, "\x93NUMPY", 6) != 0) {
        return std::nullopt;
    }
    const auto byte = [](char c) {
        return static_cast<std::size_t>(static_cast<unsigned char>(c));
    };
    std::size_t length = byte(start[8]) | (byte(start[9]) << 8U);
    if (start[6] > 1) {  // versions 2 and 3 have four bytes of length
        char more[2];
        if (!bytes.read(more, sizeof more)) {
            return std::nullopt;
        }
        length |= (byte(more[0]) << 16U) | (byte(more[1]) << 24U);
    }
    if (length > kLongestHeader) {
        return std::nullopt;
    }
    std::string dictionary(length, '\0');
    if (!bytes.read(dictionary.data(), length)) {
        return std::nullopt;
    }
    return parse_dictionary(dictionary);
}

// IEEE 754 binary16 to binary32.
float from_half(std::uint16_t half) {
    const int exponent = (half >> 10U) & 0x1F;
    const int mantissa = half & 0x3FF;
    float value = 0.0F;
    if (exponent == 0x1F) {
        value = mantissa == 0 ? INFINITY : NAN;
    } else if (exponent == 0) {
        value = std::ldexp(static_cast<float>(mantissa), -24);
    } else {
        value = std::ldexp(static_cast<float>(mantissa + 0x400), exponent - 25);
    }
    return (half & 0x8000U) != 0 ? -value : value;
}

float element_at(const Layout& layout, const char* raw, std::size_t index) {
    if (layout.element == Element::float32) {
        float value = 0.0F;
        std::memcpy(&value, raw + index * 4, 4);
        return value;
    }
    std::uint16_t word = 0;
    std::memcpy(&word, raw + index * 2, 2);
    if (layout.element == Element::float16) {
        return from_half(word);
    }
    return 1e-4F * static_cast<float>(static_cast<std::int16_t>(word));
}

}  // namespace

struct NpyReader::State {
    std::filesystem::path file;
    std::unique_ptr<ByteStream> bytes;
    Layout layout;
    int next{0};
    std::vector<char> raw;

    Result<void> start() {
        auto opened = open_byte_stream(file);
        if (!opened) {
            return tl::unexpected(opened.error());
        }
        bytes = std::move(*opened);
        const auto header = read_header(*bytes);
        if (!header) {
            return fail(ErrorKind::unsupported, file.string(),
                        "is not a three-dimensional array of float32, float16 or int16",
                        "give frames x rows x columns in C order");
        }
        layout = *header;
        next = 0;
        return {};
    }
    // The size may be a lie: memory for a frame is taken only if the file can hold all of them.
    Result<void> check_size() const {
        const auto left = bytes->bytes_left();
        if (left && static_cast<std::uint64_t>(layout.frames) * layout.frame_bytes() > *left) {
            return fail(ErrorKind::unreadable, file.string(), "is shorter than its header says",
                        "write it again");
        }
        return {};
    }
};

NpyReader::NpyReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
NpyReader::~NpyReader() = default;
NpyReader::NpyReader(NpyReader&&) noexcept = default;
NpyReader& NpyReader::operator=(NpyReader&&) noexcept = default;

Result<NpyReader> NpyReader::open(const std::filesystem::path& file) {
    auto state = std::make_unique<State>();
    state->file = file;
    if (auto started = state->start(); !started) {
        return tl::unexpected(started.error());
    }
    if (auto checked = state->check_size(); !checked) {
        return tl::unexpected(checked.error());
    }
    return NpyReader(std::move(state));
}

int NpyReader::frames() const {
    return state_->layout.frames;
}

Extent NpyReader::extent() const {
    return state_->layout.extent;
}

Result<void> NpyReader::read(int index, ImageView<float> frame) {
    if (index < 0 || index >= frames() || frame.extent() != extent()) {
        return fail(ErrorKind::internal, state_->file.string(), "has no such frame",
                    "please report it");
    }
    if (index < state_->next) {
        if (auto again = state_->start(); !again) {
            return again;
        }
    }
    const std::size_t size = state_->layout.frame_bytes();
    const auto ahead = static_cast<std::uint64_t>(index - state_->next) * size;
    state_->raw.resize(size);
    if (!state_->bytes->skip(ahead) || !state_->bytes->read(state_->raw.data(), size)) {
        return fail(ErrorKind::unreadable, state_->file.string(),
                    "ends before frame " + std::to_string(index), "write it again");
    }
    state_->next = index + 1;
    std::size_t at = 0;
    for (int y = 0; y < frame.height(); ++y) {
        for (float& value : frame.row_span(y)) {
            value = element_at(state_->layout, state_->raw.data(), at++);
        }
    }
    return {};
}

}  // namespace dsm
