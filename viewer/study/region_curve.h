// Opacity against time in a region, read from the frames a job keeps.
#pragma once

#include "dsp/review/curve.h"
#include "viewer/study/subtraction_job.h"

namespace dsm::viewer {

// One entry per frame the job holds; `noise` is one standard error of the mean. time_s holds the
// frame's number (from 1) where timing is unknown.
[[nodiscard]] OpacityCurve region_curve(const SubtractionJob& job, const RunInfo& info,
                                        const RegionPixels& region);

}  // namespace dsm::viewer
