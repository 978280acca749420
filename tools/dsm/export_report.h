// The reading report of a run beside its result: report.html, report.pdf, report.txt.
#pragma once

#include <optional>
#include <string>

#include "dsp/core/result.h"
#include "dsp/dicom/objects/derived_image.h"
#include "dsp/pipeline/process.h"
#include "dsp/pipeline/result_folder.h"
#include "dsp/review/review.h"

namespace dsm::cli {

// Writes into `folder`, unpublished. Key images come from `subtracted`.
[[nodiscard]] Result<void> export_report(const RunResult& result, const RunReview& review,
                                         const SubtractedRun& subtracted, const std::string& author,
                                         const ResultFolder& folder);

}  // namespace dsm::cli
