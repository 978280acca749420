// This project's own chain on a trial scene, through the same door as everyone's runs.
#pragma once

#include "dsp/core/result.h"
#include "dsp/evaluation/exposures.h"
#include "dsp/evaluation/trial_scene.h"

namespace dsm::evaluation {

struct OwnSubtraction {
    Image<float> opacity;
    double time_ms{0.0};  // per frame; median over `repeats` more of the same frame
};

// The masks of the scene, then the live frame: process_run in `live` with these masks.
[[nodiscard]] Result<OwnSubtraction> subtract_ours(const TrialScene& scene, std::size_t live,
                                                   const Exposure& masks, const Exposure& exposure,
                                                   int repeats);

// The registration alone, between the last mask and the live frame.
[[nodiscard]] Displacement register_ours(const TrialScene& scene, std::size_t live);

}  // namespace dsm::evaluation
