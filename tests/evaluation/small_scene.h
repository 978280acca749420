// Scenes of a size that tests can afford.
#pragma once

#include <catch2/catch.hpp>
#include <utility>

#include "dsp/evaluation/trial_scene.h"

namespace dsm::evaluation::test {

inline constexpr int kSize = 320;

// Cases take turns, so the number of a case is the index of its first scene.
inline TrialScene small_scene(TrialCase trial_case, std::uint64_t seed = 5) {
    auto scene = make_trial_scene(seed, static_cast<int>(trial_case), kSize);
    INFO((scene ? std::string() : scene.error().message()));
    REQUIRE(scene.has_value());
    REQUIRE(scene->trial_case == trial_case);
    return std::move(*scene);
}

}  // namespace dsm::evaluation::test
