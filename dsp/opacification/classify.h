// What a candidate is, and how sure that is.
//
// Kind follows from geometry and time (clinical reference, sections 3-5): a sleeve is a stub at the
// foramen that fills with the sac and stops; a diverticulum is round and stays; epidural spread is
// broad and runs along the sac; a fistula's vein is thin, long and late.
//
// How sure it is a leak follows from its features, see calibration.h.
#pragma once

#include <string>

#include "dsp/core/findings.h"
#include "dsp/opacification/calibration.h"
#include "dsp/opacification/candidate.h"

namespace dsm {

[[nodiscard]] LeakFeatureValues features_of(const Candidate& candidate);

[[nodiscard]] LeakKind kind_of(const Candidate& candidate);
[[nodiscard]] Drainage drainage_of(const Candidate& candidate);
[[nodiscard]] Grade grade_of(double confidence);

// One sentence with the numbers the decision rests on. `relative`: opacity has no absolute scale;
// `seconds`: times are real.
[[nodiscard]] std::string explain(const Candidate& candidate, LeakKind kind, int decoys,
                                  bool relative, bool seconds);

}  // namespace dsm
