// What a run could not do, said in the result: which masks it had, what that costs, and what
// registration has left beside the spine.
#pragma once

#include "dsp/opacification/corridor.h"
#include "dsp/pipeline/chain.h"
#include "dsp/pipeline/process.h"

namespace dsm {

// Where the masks come from, the rate of false contrast, and warnings where masks are few, were
// asked for in vain, or contrast was never found.
void describe_masks(const Chain& chain, RunResult& result);

// Per frame and for the run, along the sac's axis or, where there is none, the marked levels.
void describe_corridor(const CorridorMonitor& monitor, RunResult& result);

}  // namespace dsm
