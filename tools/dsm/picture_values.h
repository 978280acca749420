// The values of a processed run's pictures, for key images drawn without a window.
#pragma once

#include <map>

#include "dsp/core/image.h"
#include "dsp/dicom/objects/derived_image.h"
#include "dsp/pipeline/process.h"
#include "dsp/reading/shown_panel.h"
#include "dsp/review/curve.h"
#include "dsp/review/review.h"
#include "dsp/source/frame_source.h"

namespace dsm::cli {

// Mean opacity in the reader's regions, collected frame by frame; see dsp/review/curve.h.
class RegionCurveCollector {
 public:
    RegionCurveCollector() = default;
    RegionCurveCollector(const RunReview& marks, const RunInfo& run);
    void add(const FrameOutput& frame, const RunInfo& run);
    [[nodiscard]] const std::map<MarkId, OpacityCurve>& curves() const { return curves_; }

 private:
    std::map<MarkId, RegionPixels> regions_;
    std::map<MarkId, OpacityCurve> curves_;
};

// What is kept of the frames while the run is processed, for the reader's marks.
struct KeptForMarks {
    std::map<FrameIndex, Image<float>> filtered;  // for the eye, of key images; empty before
    RegionCurveCollector regions;
};
[[nodiscard]] KeptForMarks wanted_for(const RunReview& marks, const RunInfo& run);

// Valid as long as what is given here. A filtered frame that is not there is shown unfiltered.
[[nodiscard]] ValuesOfPicture picture_values(FrameSource& source, const RunResult& result,
                                             const SubtractedRun& subtracted,
                                             const KeptForMarks& kept);

}  // namespace dsm::cli
