// Where frames come from: a file, a synthetic run, or a run that is still being acquired.
#pragma once

#include <cstdint>
#include <stop_token>

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
    // Whether await() may find more frames than info() says now.
    [[nodiscard]] virtual bool grows() const { return false; }
    // Writes frame `frame` (0 .. info().frames - 1) into `words`, whose extent must be
    // info().extent. Stored value = word + info().stored_offset. Any order is allowed; ascending
    // order is fastest.
    [[nodiscard]] virtual Result<void> read(FrameIndex frame, ImageView<std::uint16_t> words) = 0;
    // Waits until frame `frame` is there to be read. False: there is none, the run has ended. A run
    // that is still being acquired grows in this call alone: info().frames and the times of frames
    // are those known so far, and only the frame waited for last can be read. Errors: cancelled.
    [[nodiscard]] virtual Result<bool> await(FrameIndex frame, const std::stop_token& stop) {
        static_cast<void>(stop);
        return frame < info().frames;
    }
};

}  // namespace dsm
