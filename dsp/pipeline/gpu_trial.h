// Whether a driver computes what the processor does, and sooner: before a run is trusted to it.
// All in the context that is current.
#pragma once

#include <filesystem>
#include <string>

#include "dsp/core/image.h"
#include "dsp/core/result.h"

namespace dsm {

// A small picture through every shader that runs use; `device` names it in the error where opacity
// or peak is not the processor's within 1e-4, a displacement not within 0.02 px, or a pixel's
// usability differs.
[[nodiscard]] Result<void> try_gpu(const std::filesystem::path& shaders, const std::string& device);

struct TrialTimes {
    double processor_ms{0.0}, driver_ms{0.0};
};
// A frame of that extent linearised, one mask registered to it, and three mixed and subtracted, its
// sums in the computer's memory and from the processor its pictures too: the best of three, after
// one that is not counted.
[[nodiscard]] Result<TrialTimes> time_gpu(const std::filesystem::path& shaders, Extent extent);

}  // namespace dsm
