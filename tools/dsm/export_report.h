// For people, beside the result of a run: the reading report (report.html, report.pdf, report.txt)
// and the subtracted run as a film (video.mp4).
#pragma once

#include <optional>
#include <string>

#include "dsp/core/result.h"
#include "dsp/dicom/objects/derived_image.h"
#include "dsp/pipeline/process.h"
#include "dsp/pipeline/result_folder.h"
#include "dsp/reading/shown_panel.h"
#include "dsp/review/review.h"
#include "tools/dsm/picture_values.h"

namespace dsm::cli {

// Writes into `folder`, unpublished. Pictures of findings come from `subtracted`, the reader's key
// images from `values_of`.
[[nodiscard]] Result<void> export_report(const RunResult& result, const RunReview& review,
                                         const SubtractedRun& subtracted, const KeptForMarks& kept,
                                         const ValuesOfPicture& values_of,
                                         const std::string& author, const ResultFolder& folder);

// Subtracted frames with levels, highlights and marks, in the tone an archive shows them in; names
// no patient.
[[nodiscard]] Result<void> export_video(const RunResult& result, const RunReview& review,
                                        const SubtractedRun& subtracted,
                                        const ResultFolder& folder);

}  // namespace dsm::cli
