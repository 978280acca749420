// The header of a synthetic run.
#pragma once

#include <vector>

#include "dsp/core/run_info.h"
#include "dsp/phantom/recipe.h"

namespace dsm::phantom {

// UIDs are made from the recipe's text (root 2.25, PS3.5 B.2), so that the same recipe gives the
// same file; dates are fixed for the same reason.
[[nodiscard]] RunInfo describe_run(const Recipe& recipe, const std::vector<double>& time_s,
                                   std::vector<float> table_to_linear);

}  // namespace dsm::phantom
