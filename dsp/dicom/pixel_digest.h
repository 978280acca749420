// Fingerprint and statistics of a whole run, to compare readers and copies.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "dsp/core/result.h"
#include "dsp/dicom/run_reader.h"

namespace dsm {

struct PixelDigest {
    std::string sha256;  // hexadecimal, of all words
    int minimum{};
    int maximum{};
    double mean{};
};

// Over the decoded stored values of all frames, little-endian words of Bits Allocated, frame after
// frame, as the codec gave them: before junk bits are masked or overshoot is clamped, so that other
// decoders find the same. `progress` is told the part done, 0..1. Not thread-safe on one reader.
[[nodiscard]] Result<PixelDigest> digest_pixels(RunReader& run,
                                                const std::function<void(double)>& progress);
// The same of a run in several objects: `read` gives what is decoded of a frame, valid until its
// next call.
using ReadDecoded = std::function<Result<std::span<const std::uint8_t>>(FrameIndex)>;
[[nodiscard]] Result<PixelDigest> digest_pixels(const RunInfo& info, const ReadDecoded& read,
                                                const std::function<void(double)>& progress);

}  // namespace dsm
