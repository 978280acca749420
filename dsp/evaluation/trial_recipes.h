// Recipes of the built-in scenes: anatomy, breath, dose and motion drawn anew for each.
#pragma once

#include <cstdint>
#include <vector>

#include "dsp/evaluation/trial_scene.h"
#include "dsp/motion/displacement.h"

namespace dsm::evaluation {

struct TrialPlan {
    phantom::Recipe recipe;
    TrialCase trial_case{TrialCase::still};
    std::vector<FrameIndex> masks, lives;
    // One field for each live frame where the whole picture moves; empty otherwise.
    std::vector<Displacement> fields;
};

[[nodiscard]] TrialPlan plan_trial(std::uint64_t seed, int index, int size);

}  // namespace dsm::evaluation
