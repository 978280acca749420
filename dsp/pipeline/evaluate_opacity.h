// How good a subtraction is, from opacity.npy and the true opacity.
#pragma once

#include <filesystem>

#include "dsp/core/result.h"
#include "dsp/pipeline/evaluate.h"

namespace dsm {

// `relative`: opacity is known up to one factor, which is found first, inside the sac.
// Errors: a file that cannot be read, or whose size does not fit the others.
[[nodiscard]] Result<OpacityScore> score_opacity(const std::filesystem::path& opacity_npy,
                                                 const Truth& truth, bool relative);

// Every frame that score_opacity looks at, in order; what the others hold does not matter.
[[nodiscard]] std::vector<int> scored_frames(int count, const Truth& truth);

// Median and linearly interpolated quantile (0..1), as NumPy defines them; `values` is reordered
// and must not be empty.
[[nodiscard]] double median(std::vector<double> values);
[[nodiscard]] double quantile(std::vector<double> values, double part);

}  // namespace dsm
