// The finding half of the chain: hands opacity frames to the finding engine and collects what it
// found into the result.
#pragma once

#include <vector>

#include "dsp/core/image.h"
#include "dsp/opacification/finding_engine.h"
#include "dsp/pipeline/process.h"

namespace dsm {

// Not thread-safe.
class Follower {
 public:
    // `relative`: opacity is known up to one factor only.
    Follower(const RunInfo& run, const PipelineParams& params, bool relative);

    void follow(const FrameOutput& frame, bool before_contrast);
    // Calls `sink` when the highlights are others than at the last call. A highlight keeps its id
    // from call to call.
    void report(FrameIndex frame, const FindingsSink& sink);
    // As of the last frame followed; fills all of the result that the engine knows. Highlights are
    // numbered anew, 1 to n as they are listed.
    void finish(RunResult& result) const;

 private:
    [[nodiscard]] OpacityCurve curve_along(const std::vector<Point>& axis_px) const;

    // Mean opacity and its noise over blocks of pixels, for curves over places known only later.
    struct Blocks {
        double time_s{0.0};
        Image<float> opacity;
        Image<float> variance;
    };
    [[nodiscard]] Blocks blocks_of(const FrameOutput& frame, double time_s) const;

    const RunInfo& run_;
    FindingEngine engine_;
    std::vector<Highlight> reported_;
    std::vector<Blocks> history_;
};

}  // namespace dsm
