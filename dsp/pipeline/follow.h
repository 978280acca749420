// The finding half of the chain: hands opacity frames to the finding engine and collects what it
// found into the result.
#pragma once

#include <vector>

#include "dsp/core/image.h"
#include "dsp/core/thinned_series.h"
#include "dsp/opacification/finding_engine.h"
#include "dsp/pipeline/process.h"

namespace dsm {

// Not thread-safe.
class Follower {
 public:
    // `relative`: opacity is known up to one factor only.
    Follower(const RunInfo& run, const PipelineParams& params, bool relative,
             LineFilter filter = line_response);

    void follow(const FrameOutput& frame, bool before_contrast);
    // Calls `sink` when the highlights are others than at the last call. A highlight keeps its id
    // from call to call.
    void report(FrameIndex frame, const FindingsSink& sink);
    // As of the last frame followed; fills all of the result that the engine knows. Highlights are
    // numbered anew, 1 to n as they are listed.
    void finish(RunResult& result) const;
    // Means over blocks that are kept, for the curve of the sac.
    [[nodiscard]] std::size_t kept_frames() const { return history_.items().size(); }

    // Of a run whose means over blocks would take more than this (1024 frames of 1024 x 1024) the
    // sac's curve has every second frame, of one twice as long every fourth, and so on,
    // kFewestFrames at least; where the times of frames are not known, the others repeat them.
    static constexpr std::size_t kMostBytes = std::size_t{32} << 20U;
    static constexpr std::size_t kFewestFrames = 256;
    static constexpr std::size_t kMostFrames = 1024;

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
    ThinnedSeries<Blocks> history_;
};

}  // namespace dsm
