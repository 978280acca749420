// Where nothing was measured though a stray value says otherwise: behind the leaves of the
// collimator and in open field all is clipped but for read-out noise, ringing of a lossy codec and
// burnt-in text, each of which subtracts to anything.
#pragma once

#include <cstdint>

#include "dsp/core/image.h"
#include "dsp/subtraction/linearise.h"

namespace dsm {

inline constexpr int kClippedWindow_px = 9;

// The words with those that lie in a window of kClippedWindow_px squared of which more than half is
// clipped set to the end of the scale they are nearer to, which is no measurement. `copy` holds
// them where there are any; else the answer is `words` itself. A picture with nothing clipped costs
// one look.
[[nodiscard]] ImageView<const std::uint16_t> without_stray(ImageView<const std::uint16_t> words,
                                                           const Lineariser& lineariser,
                                                           Image<std::uint16_t>& copy);

}  // namespace dsm
