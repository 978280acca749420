// What a header counts in, of a frame as its words hold it.
#pragma once

#include <cstdint>

#include "dsp/core/image.h"

namespace dsm {

// word + `offset`, see RunInfo::stored_offset. Thread-safe.
[[nodiscard]] Image<float> stored_values(ImageView<const std::uint16_t> words, int offset);

}  // namespace dsm
