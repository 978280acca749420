// What is computed of a run for the eye alone, beside the measurement: filtered frames and the
// mask-free view.
#pragma once

#include <optional>

#include "dsp/pipeline/process.h"
#include "dsp/subtraction/display_filter.h"
#include "dsp/subtraction/temporal_variance.h"

namespace dsm {

// Not thread-safe.
class ViewStages {
 public:
    // Without a sink nothing is filtered; without `params.find` there is no mask-free view.
    ViewStages(const RunInfo& run, const PipelineParams& params, const FilteredSink& sink);

    [[nodiscard]] Result<void> take(const FrameOutput& frame);
    // After the last frame; needs result.noise.
    [[nodiscard]] Result<void> finish(RunResult& result);

 private:
    FilteredSink sink_;
    std::optional<DisplayFilter> filter_;
    std::optional<TemporalVariance> variance_;
};

}  // namespace dsm
