#include "dsp/pipeline/view_stages.h"

namespace dsm {

ViewStages::ViewStages(const RunInfo& run, const PipelineParams& params, const FilteredSink& sink)
    : sink_(sink) {
    if (sink_) {
        filter_.emplace(run.extent, params.mode == Mode::review ? kReviewDisplay : kLiveDisplay);
    }
    if (params.find) {
        variance_.emplace(run.extent);
    }
}

Result<void> ViewStages::take(const FrameOutput& frame) {
    if (variance_) {
        variance_->add(frame.log_intensity, frame.usable);
    }
    if (!filter_) {
        return {};
    }
    const bool subtracted = frame.motion.quality != Quality::no_mask;
    return filter_->push({frame.frame, subtracted, frame.opacity, frame.sigma, frame.usable},
                         sink_);
}

Result<void> ViewStages::finish(RunResult& result) {
    if (variance_ && variance_->frames() > 1) {
        result.temporal_variance = variance_->excess(result.noise);
    }
    return filter_ ? filter_->finish(sink_) : Result<void>{};
}

}  // namespace dsm
