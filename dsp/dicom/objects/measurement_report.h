// Findings, levels and curves as a Comprehensive SR (PS3.3 A.35.3) by template TID 1500
// "Measurement Report" (PS3.16): one Measurement Group (TID 1501) for each highlight, marked level,
// level covered, and the sac.
// Times are seconds from the first frame of the run; opacity has no unit.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dsp/core/findings.h"
#include "dsp/core/result.h"
#include "dsp/dicom/objects/object_source.h"

namespace dsm {

// What the software found and what a reader said of it, side by side.
struct ReportedFinding {
    Highlight highlight;
    std::string verdict;  // "confirmed", "rejected"; empty: nobody judged it
    std::string note;
    std::string judged_by;
    friend bool operator==(const ReportedFinding&, const ReportedFinding&) = default;
};

struct MeasurementReport {
    std::vector<ReportedFinding> findings;
    std::vector<LevelMark> levels;
    std::vector<LevelCoverage> coverage;
    OpacityCurve sac_curve;
    Conclusion conclusion;
    bool opacity_relative{false};  // up to one factor: the unit says so
    bool has_timing{true};         // false: times are frame numbers, and are left out
};

// Curves are written whole. `time_s` of curves is not written where has_timing is false.
[[nodiscard]] Result<ObjectReference> write_measurement_report(const std::filesystem::path& file,
                                                               ObjectSource& source,
                                                               const MeasurementReport& report);
// What write_measurement_report() wrote, and as much as there is in reports of other makers.
// Decimal strings hold 16 characters: numbers come back within a relative error of 1e-9. bbox_px is
// made anew from the path. Errors: not_found, unreadable, unsupported (another object).
[[nodiscard]] Result<MeasurementReport> read_measurement_report(const std::filesystem::path& file);

}  // namespace dsm
