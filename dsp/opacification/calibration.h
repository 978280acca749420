// How sure a line is a leak: the constants of that judgement, fitted on a cohort.
//
// Log odds are linear in a few measured quantities (logistic regression), z = bias + sum w_i f_i.
// The run's own decoys then have their say (decoys.h), and what is left, p, becomes a probability
// by 1 / (1 + exp(-(low ln p - high ln(1 - p) + offset))) (beta calibration; Kull, Silva Filho &
// Flach, AISTATS 2017: the scale of the sure ones need not be that of the doubtful), so that of
// highlights given 0.8 four in five are true. `dsm calibrate` fits all of it;
// dsp/opacification/calibration.json holds the numbers in use and where they come from.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "dsp/core/findings.h"
#include "dsp/core/units.h"

namespace dsm {

// Each clipped to a few units, so that no single one decides.
inline constexpr std::array<std::string_view, 27> kLeakFeatureNames{
    "strength",           // log2 of the step's sigmas over five
    "contrast",           // evidence over the residue of opposite sign around it
    "length",             // beyond 12 mm
    "steadiness",         // share of the curve explained by one step
    "anchor",             // gap between the sac's border and the line
    "lateness",           // onset after the sac
    "own_time",           // a step of its own rather than the sac's curve
    "growth",             // away from the foramen
    "thinness",           // veins are 1-3 mm wide, blurred residue is wider
    "two_signs",          // dark flank: residue
    "calm",               // registration did not get worse just when it came
    "plausible",          // opacity not more than a vein holds of what the sac holds
    "slip",               // an edge would have to slip far to leave as much
    "quiet",              // no more than noise before contrast
    "own_phase",          // does not go with the breath
    "late",               // onset after the sac, on a scale of its logarithm
    "reach",              // farther from the sac's border than a sleeve
    "evidence",           // mean over the line, over residue and noise
    "whole",              // no gaps
    "faint",              // no more opaque than veins are; 0 where opacity has no scale
    "beside_sac",         // not found over the sac, nor at its very border
    "over_sac_strength",  // strength once more, for those that are
    "over_sac_late",      // and late
    "lasting",            // stays: what the weakest tenth of its frames keep of it
    "dark_before",        // nothing as large before it came
    "stem",               // leaves from a part, as long as a sleeve, that filled with the sac
    "no_club",            // its far end is not the denser one: a pocket's is
};
inline constexpr std::size_t kLeakFeatures = kLeakFeatureNames.size();
using LeakFeatureValues = std::array<double, kLeakFeatures>;

// Whether these are of a line over the sac (canal.h).
[[nodiscard]] bool over_sac(const LeakFeatureValues& features);

struct LeakCalibration {
    double bias{0.0};
    LeakFeatureValues weights{};
    double low{1.0}, high{1.0}, offset{0.0};
    std::string provenance;  // one line: what it was fitted on
    friend bool operator==(const LeakCalibration&, const LeakCalibration&) = default;
};

// Of calibration.json, as it was when the program was built.
[[nodiscard]] const LeakCalibration& built_in_calibration();

[[nodiscard]] double log_odds(const LeakFeatureValues& features, const LeakCalibration& how);
// `confidence` after decoys, 0 to 1, to a probability.
[[nodiscard]] double calibrated(double confidence, const LeakCalibration& how);

// One line that was judged, leak or not, for those who study or fit the judgement.
struct CandidateRecord {
    bool dark{false};  // a decoy: a line of negative opacity
    LeakKind kind{LeakKind::unclassified};
    std::vector<Point> path_px;
    FrameIndex onset_frame{0};
    double peak_opacity{0.0};  // of its dark or bright line, positive
    double width_mm{0.0};
    LeakFeatureValues features{};
    double confidence{0.0};  // 0 for decoys
    friend bool operator==(const CandidateRecord&, const CandidateRecord&) = default;
};

}  // namespace dsm
