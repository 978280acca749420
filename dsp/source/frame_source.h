// Where frames come from: a file, a synthetic run, and later a receiver or a camera.
#pragma once

#include <cstdint>

#include "dsp/core/image.h"
#include "dsp/core/result.h"
#include "dsp/core/run_info.h"

namespace dsm {

// Hands out one frame at a time, so that a run of any length fits in memory.
// Not thread-safe: one caller at a time.
class FrameSource {
 public:
    virtual ~FrameSource() = default;
    FrameSource() = default;
    FrameSource(const FrameSource&) = delete;
    FrameSource& operator=(const FrameSource&) = delete;
    FrameSource(FrameSource&&) = delete;
    FrameSource& operator=(FrameSource&&) = delete;

    [[nodiscard]] virtual const RunInfo& info() const = 0;
    // Writes frame `frame` (0 .. info().frames - 1) into `words`, whose extent must be
    // info().extent. Stored value = word + info().stored_offset. Any order is allowed; ascending
    // order is fastest.
    [[nodiscard]] virtual Result<void> read(FrameIndex frame, ImageView<std::uint16_t> words) = 0;
};

}  // namespace dsm
