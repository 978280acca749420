// Several runs of one patient taken together: left and right decubitus, early and delayed. Where
// was the same leak seen, where not though it could have been, did it come later; and what all runs
// together have cleared.
//
// A leak is the same in two runs when level, side and kind of leak agree; without levels, or
// without a side, leaks of two runs cannot be told to be the same and each stands alone. A level
// and side is cleared when one run cleared it. Never that there is no fistula: see conclusion.h.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dsp/core/findings.h"
#include "dsp/core/result.h"
#include "dsp/core/run_info.h"
#include "dsp/pipeline/process.h"

namespace dsm {

// What of a run's result a study needs.
struct RunOfStudy {
    std::string name;     // of its folder
    std::string patient;  // runs of one patient have the same; empty: stands alone
    PatientPosition position{PatientPosition::unknown};
    std::optional<double> acquired_s;  // see RunInfo
    bool contrast_seen{false};
    std::vector<Highlight> highlights;
    std::vector<LevelCoverage> coverage;
};
[[nodiscard]] RunOfStudy run_of_study(const std::string& name, const RunResult& result);

enum class SeenOrNot { seen, not_seen_though_cleared, not_cleared };
[[nodiscard]] const char* to_string(SeenOrNot);  // "seen", "not_seen_though_cleared", "not_cleared"

// A leak in one of the study's runs.
struct LeakInRun {
    SeenOrNot seen{SeenOrNot::not_cleared};
    // Where it was seen.
    int highlight{0};  // its id there
    double confidence{0.0};
    double peak_opacity{0.0};
    std::optional<double> delay_after_sac_s;
    friend bool operator==(const LeakInRun&, const LeakInRun&) = default;
};

struct LeakOfStudy {
    Highlight surest;                // of the highlights that are this leak
    std::vector<LeakInRun> in_runs;  // one for each run
};

struct LevelOfStudy {
    LevelCoverage together;  // adequate where one run is; the least detectable opacity of those
    std::optional<std::size_t> run;  // that has cleared it
};

struct StudySummary {
    std::vector<RunOfStudy> runs;      // in order of acquisition where all say when
    std::vector<LeakOfStudy> leaks;    // the surest first
    std::vector<LevelOfStudy> levels;  // head to foot, left and right
    Conclusion conclusion;             // of all runs together
};

// One for each patient with two runs or more, in the order of their first runs.
[[nodiscard]] std::vector<StudySummary> summarise_studies(std::vector<RunOfStudy> runs);

// For people; and for programs, schema "dsm-study/1". Runs are called by their folders.
[[nodiscard]] std::string study_text(const StudySummary& study);
[[nodiscard]] std::string studies_json(std::span<const StudySummary> studies);

}  // namespace dsm
