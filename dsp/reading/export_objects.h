// A result and its marks as DICOM objects in a folder.
#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "dsp/core/result.h"
#include "dsp/dicom/objects/derived_image.h"
#include "dsp/pipeline/process.h"
#include "dsp/pipeline/result_folder.h"
#include "dsp/reading/shown_panel.h"
#include "dsp/review/review.h"

namespace dsm {

enum class ExportKind { subtracted, gsps, sr, key, report, video };
using ExportKinds = std::set<ExportKind>;

// "subtracted" and so on; nothing for a word that names none.
[[nodiscard]] std::optional<ExportKind> export_kind(const std::string& word);
// Why the word cannot be exported; empty where it can.
[[nodiscard]] std::string export_problem(const std::string& word);
inline constexpr const char* kExportWords = "subtracted,gsps,sr,key,report,video";

// Subtracted frames have to be collected while the run is processed.
[[nodiscard]] bool needs_frames(const ExportKinds& kinds);

struct ExportRequest {
    ExportKinds kinds;
    std::string author;         // of the objects; may be empty
    std::filesystem::path pdf;  // a report to wrap; empty: none
};

// Whether there is an object among them; a report and a film are none, see export_report.h.
[[nodiscard]] bool needs_objects(const ExportRequest& request);

// Writes the objects into `folder`, unpublished, and returns their names. `subtracted` may be null
// where needs_frames() is false, and `values_of` empty. What went on all the same but should be
// known goes to `notes`.
[[nodiscard]] Result<std::vector<std::string>> export_objects(
    const ExportRequest& request, const RunResult& result, const RunReview& review,
    const std::optional<double>& rms_difference, const SubtractedRun* subtracted,
    const ValuesOfPicture& values_of, const ResultFolder& folder, std::vector<Error>& notes);

}  // namespace dsm
