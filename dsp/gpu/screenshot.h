// The window's picture as a PNG file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

#include "dsp/core/image.h"
#include "dsp/core/result.h"

namespace dsm::gpu {

// `rgb`: three bytes per pixel, rows from the top without padding.
[[nodiscard]] Result<void> write_png(const std::filesystem::path& file, Extent extent,
                                     std::span<const std::uint8_t> rgb);

}  // namespace dsm::gpu
