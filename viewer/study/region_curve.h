// Opacity against time in a region, read from the frames a job keeps.
#pragma once

#include <optional>

#include "dsp/review/curve.h"
#include "viewer/study/subtraction_job.h"

namespace dsm::viewer {

// Of one frame; nothing where the job does not hold it, or no pixel counts.
[[nodiscard]] std::optional<RegionOpacity> region_opacity(const SubtractionJob& job,
                                                          FrameIndex frame,
                                                          const RegionPixels& region);

// One entry per frame the job holds; `noise` is one standard error of the mean. time_s holds the
// frame's number (from 1) where timing is unknown.
[[nodiscard]] OpacityCurve region_curve(const SubtractionJob& job, const RunInfo& info,
                                        const RegionPixels& region);

}  // namespace dsm::viewer
