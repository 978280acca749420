// From tracks to what a reader is shown: positions in the picture, side and level, curve with
// noise.
#pragma once

#include <span>
#include <vector>

#include "dsp/core/findings.h"
#include "dsp/core/run_info.h"
#include "dsp/opacification/sac.h"
#include "dsp/opacification/tracks.h"
#include "dsp/opacification/work_grid.h"

namespace dsm {

struct HighlightContext {
    const RunInfo& run;
    std::span<const double> frame_time_s;  // as far as they are known
    const WorkGrid& grid;
    const Sac& sac;
    const std::vector<LevelMark>& levels;
    bool relative{false};
};

// Leaks of any confidence above kLeastShown, and mimics that are clearly there; best first, ids as
// tracked.
constexpr double kLeastShown = 0.1;
constexpr double kMimicSigmas = 8.0;
// A curve has an entry for each frame of a run of no more than so many, whose times are known or
// none; for each slot of the history of a longer one, so that following it takes no more memory.
constexpr int kCurveFrames = 1024;

// Every track that could be measured, bright ones first.
[[nodiscard]] std::vector<CandidateRecord> candidates_of(const Tracks& tracks,
                                                         const WorkGrid& grid);
[[nodiscard]] std::vector<Highlight> highlights_of(const Tracks& tracks,
                                                   const HighlightContext& context);

}  // namespace dsm
