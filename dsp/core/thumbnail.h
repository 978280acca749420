// A small grey picture of a frame, for lists of runs. Nothing is measured in it.
#pragma once

#include <cstdint>

#include "dsp/core/image.h"
#include "dsp/core/run_info.h"

namespace dsm {

// `words` of a frame of the run, averaged over squares until the longer side has `longest_px`
// pixels at most; never enlarged. Grey as on the screen, by the range of most of its values inside
// the shutter: what a header says of windows may be absurd. 0 is black. Empty for an empty picture.
// Thread-safe.
[[nodiscard]] Image<std::uint8_t> thumbnail(ImageView<const std::uint16_t> words,
                                            const RunInfo& info, int longest_px);

}  // namespace dsm
