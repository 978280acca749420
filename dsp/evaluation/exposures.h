// A of a method that can only be watched from outside: pictures in, opacity out.
//
// The noise-free artefact has a part that comes back at every exposure, and a part that noise in
// the frames causes by moving the decisions. With the masks' noise m and the live frame's noise l,
// each as it fell and mirrored (+ and -), opacity is run four times; `++` etc. are the results:
//     repeated  = (++ + +- + -+ + --) / 4      noise cancels to first order
//     from live = (++ - +- + -+ - --) / 4 + l  what l does beyond being subtracted
// Products of `repeated` with that of another exposure (two runs more, ++ and --) leave no trace of
// what noise remains. The masks' noise is taken to move the decisions as much as the live frame's:
//     A^2 floor^2 = mean(repeated1 * repeated2) + 2 mean(from_live^2).
#pragma once

#include <functional>

#include "dsp/core/result.h"
#include "dsp/evaluation/trial_score.h"

namespace dsm::evaluation {

struct Exposure {
    std::uint64_t number{0};
    bool mirrored{false};
};

// Opacity of one live frame from masks and live frame exposed as told.
using Subtraction =
    std::function<Result<Image<float>>(const Exposure& masks, const Exposure& live)>;

// Everything but time and displacement. Errors: those of `subtraction`.
[[nodiscard]] Result<TrialFigures> score_from_outside(const TrialScene& scene, std::size_t live,
                                                      const Subtraction& subtraction);

}  // namespace dsm::evaluation
