// The reading report of one run: what was examined, what was found, what each of reader and
// software makes of it, what was cleared and what was not, and how it was computed. It never says
// that there is no fistula. Nothing in it is computed here but counts, medians and ranges of what
// the result holds; what is not known is said to be. Pure functions but for write_report;
// safe from any thread.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "dsp/core/image.h"
#include "dsp/core/result.h"
#include "dsp/pipeline/process.h"
#include "dsp/reading/report_document.h"
#include "dsp/reading/shown_panel.h"
#include "dsp/review/review.h"

namespace dsm {

// The subtracted opacity of a frame; nothing where it is not at hand.
using OpacityOfFrame = std::function<std::optional<Image<float>>(FrameIndex)>;

struct ReportRequest {
    const RunResult& result;
    const RunReview& review;
    OpacityOfFrame opacity_of;  // may be empty: no pictures of findings and marks
    bool with_identity{true};   // name and number of the patient, as in the file
    Stamp made;                 // by whom and when; both may be empty
    // Mean opacity in the reader's regions, by number, with one standard error of the mean; without
    // an entry a region is listed alone.
    std::map<MarkId, OpacityCurve> region_curves{};
    ValuesOfPicture values_of{};  // of the reader's key images; may be empty: they are named alone
};

// Errors: a picture cannot be made.
[[nodiscard]] Result<reading::Document> reading_report(const ReportRequest& request);

[[nodiscard]] std::string report_text(const reading::Document& report);  // UTF-8, 78 columns
// One file without references: pictures inside, no script, printed on A4.
[[nodiscard]] std::string report_html(const reading::Document& report);

// By extension: .html, .pdf or .txt. Errors: another extension, a file that cannot be written; a
// file that was there stays then.
[[nodiscard]] Result<void> write_report(const std::filesystem::path& file,
                                        const reading::Document& report);
[[nodiscard]] Result<void> write_report_pdf(const std::filesystem::path& file,
                                            const reading::Document& report);

}  // namespace dsm
