// Results of every shape, for properties of what is written from them.
#pragma once

#include <rapidcheck.h>

#include "dsp/pipeline/process.h"

namespace dsm::test {

// A valid result without pictures: any size, any strings, timing known or not.
[[nodiscard]] rc::Gen<RunResult> any_result();

// A plausible result with pictures in it: a sac, `highlights` veins beside it, levels, coverage.
struct Scene {
    Extent extent{512, 640};
    int frames{48};
    int highlights{2};
    bool timing{true};
    bool spacing{true};
    bool levels{true};
    std::string name{"run.dcm"};
};
[[nodiscard]] RunResult scene_result(const Scene& scene);

}  // namespace dsm::test

namespace rc {
template <>
struct Arbitrary<dsm::RunResult> {
    static Gen<dsm::RunResult> arbitrary() { return dsm::test::any_result(); }
};
}  // namespace rc
