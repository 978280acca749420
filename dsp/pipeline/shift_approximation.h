// How far the subtraction that a presentation state can describe lies from the one computed here.
#pragma once

#include <functional>
#include <optional>

#include "dsp/core/image.h"
#include "dsp/core/result.h"
#include "dsp/pipeline/process.h"
#include "dsp/source/frame_source.h"

namespace dsm {

// Root mean square difference, in opacity, between `exact` and what PS3.4 N.2.5.1 makes of a state
// with the masks of `result` and the mean displacement of each frame: the mean of the masks'
// logarithms, shifted as a whole (linear interpolation), less the frame's logarithm. Over every
// second pixel of at most 24 subtracted frames, evenly chosen, inside the shutter. Nothing where no
// frame was subtracted or the stored values are not linear in exposure. Reads frames from `source`.
[[nodiscard]] Result<std::optional<double>> shift_rms_difference(
    FrameSource& source, const RunResult& result,
    const std::function<Image<float>(FrameIndex)>& exact);

}  // namespace dsm
