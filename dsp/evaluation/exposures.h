// A of a method that can only be watched from outside: pictures in, opacity out.
//
// The noise-free artefact has a part that comes back at every exposure, and a part that noise in
// the frames causes by moving the decisions. For two exposures m of the masks and one, l, of the
// live frame, each as it fell and mirrored (+ and -), opacity is found eight times. Per m:
//     repeated(m)  = (++ + +- + -+ + --) / 4      noise cancels to first order
//     from live(m) = (++ - +- + -+ - --) / 4 + l  what l does beyond being subtracted
// What mask noise remains in them is independent between m1 and m2, so products leave no trace of
// it. The masks' noise is taken to move the decisions as much as the live frame's:
//     A^2 floor^2 = mean(repeated(m1) repeated(m2)) + 2 mean(from live(m1) from live(m2)).
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
