// What lies behind the figures of a score: every true leak and whether it was found, every
// highlight of a leak kind and what it was, kinds said against kinds that are; tables and plots.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "dsp/core/result.h"
#include "dsp/pipeline/process.h"
#include "dsp/pipeline/truth.h"

namespace dsm {

struct Score;
struct NamedScore;

struct TrueLeak {
    std::string kind, level, side;
    double peak_opacity{0.0};
    std::optional<double> over_noise;  // peak opacity over the noise of a pixel of one frame
    double width_mm{0.0};
    double after_first_contrast_s{0.0};
    std::optional<double> artefact_ratio;  // median of the run
    double best_confidence{0.0};           // of the highlights there; 0: none
};

struct JudgedHighlight {
    std::string said;
    double confidence{0.0};
    bool near_leak{false};
    std::string cause;  // kind of the true structure within 8 mm, "residue" where there is none
};

struct KindPair {
    std::string is, said;  // said: "nothing" where no highlight lies within 5 mm
};

struct RunDetail {
    std::vector<TrueLeak> leaks;
    std::vector<JudgedHighlight> highlights;
    std::vector<KindPair> kinds;  // of every true structure
};

[[nodiscard]] RunDetail detail_of(const RunResult& result, const Truth& truth);

// Sensitivity by opacity, width, delay and artefact, false alarms by cause, kinds: for people. At
// the confidence that allows a quarter of a false alarm a run, and at 0.5.
[[nodiscard]] std::string detail_tables(const Score& score);

// leaks.csv, highlights.csv, kinds.csv, detail.txt, free_response.png and reliability.png.
[[nodiscard]] Result<void> write_detail(const Score& score, const std::filesystem::path& folder);

// Free-response curves of several methods on the same runs, in the order given, in one picture.
[[nodiscard]] Result<void> write_free_responses(const std::vector<NamedScore>& methods,
                                                const std::filesystem::path& file);

// The lowest confidence at which there are no more false alarms a run than `false_per_run`; above 1
// where none will do.
[[nodiscard]] double confidence_for(const Score& score, double false_per_run);

}  // namespace dsm
