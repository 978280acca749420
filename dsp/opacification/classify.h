// What a candidate is, and how sure that is.
//
// Kind follows from geometry and time (clinical reference, sections 3-5): a sleeve is a stub at the
// foramen that fills with the sac and stops; a diverticulum is round and stays; epidural spread is
// broad and runs along the sac; a fistula's vein is thin, long and late.
//
// Confidence is a logistic function of a few measured quantities, each clipped so that no single
// one decides: p = 1 / (1 + exp(-z)), z = bias + sum weight_i * feature_i. The weights are set
// from the likelihood ratios one would expect and are meant to be refitted on a cohort.
#pragma once

#include <array>
#include <string>

#include "dsp/core/findings.h"
#include "dsp/opacification/candidate.h"

namespace dsm {

// Clipped, roughly -2..2, positive speaks for a leak.
struct LeakFeatures {
    double strength{0.0};    // log2 of the step's sigmas over five
    double contrast{0.0};    // evidence over the residue of opposite sign around it
    double length{0.0};      // beyond 12 mm
    double steadiness{0.0};  // share of the curve explained by one step
    double anchor{0.0};      // gap between the sac's border and the line
    double lateness{0.0};    // onset after the sac
    double own_time{0.0};    // a step of its own rather than the sac's curve
    double growth{0.0};      // away from the foramen
    double thinness{0.0};    // veins are 1-3 mm wide, blurred residue is wider
    double two_signs{0.0};   // dark flank: residue
    double calm{0.0};        // registration did not get worse just when it came
    double plausible{0.0};   // opacity not more than a vein holds of what the sac holds
    [[nodiscard]] std::array<double, 12> values() const {
        return {strength, contrast, length,   steadiness, anchor, lateness,
                own_time, growth,   thinness, two_signs,  calm,   plausible};
    }
};

struct LeakWeights {
    double bias{-1.0};
    std::array<double, 12> weights{1.0, 1.0, 0.8, 0.9, 1.0, 0.7, 0.7, 0.4, 0.6, 0.6, 1.0, 1.0};
};

[[nodiscard]] LeakFeatures features_of(const Candidate& candidate);
// Log odds that the candidate is a leak, before the run's own decoys are heard.
[[nodiscard]] double log_odds(const LeakFeatures& features, const LeakWeights& weights = {});

[[nodiscard]] LeakKind kind_of(const Candidate& candidate);
[[nodiscard]] Drainage drainage_of(const Candidate& candidate);
[[nodiscard]] Grade grade_of(double confidence);

// One sentence with the numbers the decision rests on. `relative`: opacity has no absolute scale;
// `seconds`: times are real.
[[nodiscard]] std::string explain(const Candidate& candidate, LeakKind kind, int decoys,
                                  bool relative, bool seconds);

}  // namespace dsm
