// Varied recipes for tuning and evaluation: half of them without a leak.
#pragma once

#include <cstdint>

#include "dsp/phantom/recipe.h"

namespace dsm::phantom {

// The recipe number `index` (from 0) of the cohort `seed`; even numbers are negative. Priors for
// side, level, delay, calibre and drainage follow published series of decubitus myelography: right
// side 75 %, delay after arrival gamma(1.5) with mean 9.1 s up to 30 s, drainage paravertebral 45
// %, central epidural 32 %, lateral 23 %, more than one fistula in 38 % of patients.
// The two splits of a seed have no run in common.
[[nodiscard]] Recipe cohort_recipe(std::uint64_t seed, int index, Split split = Split::train);

}  // namespace dsm::phantom
