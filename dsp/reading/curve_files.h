// Opacity-time curves as a table and as a picture. Pure but for write_curves; safe from any thread.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dsp/core/findings.h"
#include "dsp/core/result.h"
#include "dsp/core/run_info.h"

namespace dsm {

// `curve.noise` is one standard error of the mean; time_s counts frames from 1 where the timing of
// the run is unknown. Frames may be missing.
struct NamedCurve {
    std::string name;
    OpacityCurve curve;
};

// CSV by RFC 4180: frame (from 1), time_s (empty where unknown), and two columns a curve,
// "NAME opacity" and "NAME noise"; a row for each frame of the run, empty where a curve has no
// value. A name that a spreadsheet would take for a formula gets an apostrophe before it.
[[nodiscard]] std::string curves_csv(const RunInfo& run, const std::vector<NamedCurve>& curves);
// By extension: .csv, or .png with noise bands, legend, axes and the notice. Errors: another
// extension, no curves, io; a file that was there stays then.
[[nodiscard]] Result<void> write_curves(const std::filesystem::path& file, const RunInfo& run,
                                        const std::vector<NamedCurve>& curves);

}  // namespace dsm
