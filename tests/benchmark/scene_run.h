// A run to time stages on: the textured scene of the registration tests under smooth breathing
// motion of up to 5 px, 12 bit, Poisson-like noise, a column of contrast from frame 8 on.
#pragma once

#include <cstdint>

#include "dsp/core/image.h"
#include "dsp/core/run_info.h"
#include "dsp/subtraction/mask_bank.h"

namespace dsm::bench {

inline constexpr FrameIndex kFrames = 24;
inline constexpr FrameIndex kFirstContrast = 8;
inline constexpr float kNoise = 0.01F;  // standard deviation of log intensity

[[nodiscard]] RunInfo run_of(int side);
// Made once for each side and frame, then kept.
[[nodiscard]] const Image<std::uint16_t>& words_of(int side, FrameIndex frame);
[[nodiscard]] const PreparedFrame& prepared_of(int side, FrameIndex frame);

}  // namespace dsm::bench
