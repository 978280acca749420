// The heap of a run of thousands of frames.
#include <catch2/catch.hpp>
#include <cmath>

#include "dsp/pipeline/bench.h"
#include "tests/pipeline/made_run.h"

using namespace dsm;
using dsm::test::MadeRun;

namespace {

constexpr Extent kSmall{96, 80};

// A column that fills, so that everything that follows contrast is at work.
double column(double x, double y, FrameIndex frame) {
    const double filled = frame > 5 && std::abs(x - 48.0) < 8.0 ? 0.3 : 0.0;
    return MadeRun::still(x, y, frame) * std::exp(-filled);
}

}  // namespace

TEST_CASE("memory does not grow with the number of frames") {
    MadeRun run(kSmall, 12, column);
    run.info().spacing = PixelSpacing{1.0, 1.0, SpacingBasis::at_isocentre};
    BenchParams params;
    params.pipeline.backend = Backend::cpu;
    params.warm_up = 30;
    params.frames = 4080 - params.warm_up;
    params.memory_after = {2040, 4080};  // what is thinned beyond 1024 frames is full both times
    const auto result = bench_run(run, params);
    REQUIRE(result);
    REQUIRE(result->memory.size() == 2);
    const double early = static_cast<double>(result->memory[0].heap_bytes);
    const double late = static_cast<double>(result->memory[1].heap_bytes);
    if (early == 0.0) {
        WARN("a sanitizer has taken the allocator's place: the heap is not measured");
        return;
    }
    // The result itself has an entry of each frame: its size, and what its masks and reason take.
    const double listed = 2048.0 * sizeof(FrameMotion) + 2040.0 * 160.0;
    INFO(early << " bytes, later " << late);
    CHECK(late - early < listed);
}
