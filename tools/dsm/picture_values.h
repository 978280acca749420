// The values of a processed run's pictures, for key images drawn without a window.
#pragma once

#include <map>

#include "dsp/core/image.h"
#include "dsp/dicom/objects/derived_image.h"
#include "dsp/pipeline/process.h"
#include "dsp/reading/shown_panel.h"
#include "dsp/review/review.h"
#include "dsp/source/frame_source.h"

namespace dsm::cli {

// Frames of the display filter's output that key images show; empty until the run is processed.
using FilteredFrames = std::map<FrameIndex, Image<float>>;
[[nodiscard]] FilteredFrames filtered_frames_wanted(const RunReview& marks);

// Valid as long as what is given here. A filtered frame that is not there is shown unfiltered.
[[nodiscard]] ValuesOfPicture picture_values(FrameSource& source, const RunResult& result,
                                             const SubtractedRun& subtracted,
                                             const FilteredFrames& filtered);

}  // namespace dsm::cli
