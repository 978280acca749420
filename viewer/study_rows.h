// Runs as a tree of patients, studies and series, in the order in which a list shows it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "viewer/study/study_scan.h"

namespace dsm::viewer {

struct StudyRow {
    // A series has a row of its own where it holds several runs; those that cannot be opened come
    // last, under a heading in the place of a patient.
    enum class Kind { patient, study, series, run } kind{};
    std::string text;
    std::string detail;  // "3 runs"; of a run position, frames and rate
    std::size_t run{};   // the first of those below it, in the list
    std::size_t runs{};  // below it; 1 of a run
    friend bool operator==(const StudyRow&, const StudyRow&) = default;
};

// By patient; study, the newest first; series number; time of acquisition, instance number, file.
void sort_runs(std::vector<ListedRun>& runs);
// Of runs in that order.
[[nodiscard]] std::vector<StudyRow> study_rows(const std::vector<ListedRun>& runs);
// The runs of the same study as run `at`, in that order.
[[nodiscard]] std::vector<std::size_t> same_study(const std::vector<ListedRun>& runs,
                                                  std::size_t at);

// "DOE JANE" for "DOE^JANE"; "2026-03-01" for "20260301".
[[nodiscard]] std::string shown_name(std::string name);
[[nodiscard]] std::string shown_date(const std::string& date);
// Frames in a second, over the whole run; nothing without timing.
[[nodiscard]] std::optional<double> mean_rate(const RunInfo& info);
// "1.25 frames/s", "1.6 frames/s, irregular", "rate unknown"; empty for a single frame.
[[nodiscard]] std::string rate_text(const RunInfo& info);

}  // namespace dsm::viewer
