// Fits how sure a line is a leak on runs whose truth is known.
//
// Weights: logistic regression by Newton's method (McCullagh & Nelder, Generalized Linear Models,
// 1989) with a ridge around what one would expect beforehand, so that of residue and motion which
// the runs at hand do not show that is still believed; a feature whose
// weight would be negative is left out, for each is made so that more of it speaks for a leak. Then
// the run's decoys are heard as in use, and what is left is mapped to a probability by maximum
// likelihood. The figures are of folds of whole runs that each fit left out.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dsp/core/result.h"
#include "dsp/opacification/calibration.h"

namespace dsm::evaluation {

// A run's lines of a leak kind; those that only come near a true leak are left out.
struct LabelledRun {
    struct Line {
        LeakFeatureValues features{};
        bool leak{false};  // it runs along a true one; false: it comes near none
    };
    std::string name;
    std::vector<Line> bright;
    std::vector<LeakFeatureValues> dark;
};

struct ReliabilityBin {
    double from{0.0}, to{0.0};
    int lines{0};
    double mean_confidence{0.0}, share_true{0.0};
};

struct CalibrationFit {
    LeakCalibration calibration;
    int runs{0}, lines{0}, leaks{0};
    // Of lines in runs that were left out.
    double brier{0.0}, brier_of_prior{0.0};  // the second: the share of leaks said of every line
    double area{0.0};                        // under the receiver operating characteristic
    double expected_error{0.0};              // mean |confidence - share true|, by bins
    std::vector<ReliabilityBin> reliability;
};

// Every run of `truths` with its candidates.json in `results`. Errors: none found, one unreadable,
// one that is held out.
[[nodiscard]] Result<std::vector<LabelledRun>> label_runs(const std::filesystem::path& results,
                                                          const std::filesystem::path& truths);

// Errors: too few lines of either kind to fit.
[[nodiscard]] Result<CalibrationFit> fit_calibration(const std::vector<LabelledRun>& runs);

// For people; and the file that CMake and `process --calibration` read.
[[nodiscard]] std::string calibration_text(const CalibrationFit& fit);
[[nodiscard]] std::string calibration_json(const CalibrationFit& fit,
                                           const std::string& provenance);

}  // namespace dsm::evaluation
