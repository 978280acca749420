// Bytes in order, from a plain file or from the opacity member of a `.npz` (a zip archive).
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

#include "dsp/core/result.h"

namespace dsm {

class ByteStream {
 public:
    virtual ~ByteStream() = default;
    ByteStream() = default;
    ByteStream(const ByteStream&) = delete;
    ByteStream& operator=(const ByteStream&) = delete;
    ByteStream(ByteStream&&) = delete;
    ByteStream& operator=(ByteStream&&) = delete;

    // All `count` bytes or false.
    [[nodiscard]] virtual bool read(char* into, std::size_t count) = 0;
    [[nodiscard]] virtual bool skip(std::uint64_t count) = 0;
    // What follows the current position at most, as far as that is known.
    [[nodiscard]] virtual std::optional<std::uint64_t> bytes_left() = 0;
};

// In a `.npz`: the member opacity_1e4.npy, or else opacity.npy.
[[nodiscard]] Result<std::unique_ptr<ByteStream>> open_byte_stream(
    const std::filesystem::path& file);

}  // namespace dsm
