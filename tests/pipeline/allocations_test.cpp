// What a frame of a live run takes from the heap.
#include <catch2/catch.hpp>
#include <cmath>
#include <memory>
#include <vector>

#include "dsp/core/heap_tally.h"
#include "dsp/pipeline/bench.h"
#include "tests/pipeline/made_run.h"

using namespace dsm;
using dsm::test::MadeRun;

namespace {

constexpr Extent kPicture{768, 768};

// Breathing slides the left half, and a column fills: every part of the chain has work.
double scene(double x, double y, FrameIndex frame) {
    const double breath = x < 315.0 ? 2.5 * std::sin(0.7 * frame) : 0.0;
    const double filled = frame > 6 && std::abs(x - 384.0) < 34.0 ? 0.3 : 0.0;
    return MadeRun::still(x, y + breath, frame) * std::exp(-filled);
}

}  // namespace

TEST_CASE("what is taken from the heap is counted by size") {
    const auto before = heap_tally();
    if (!before) {
        WARN("a sanitizer has taken the allocator's place: nothing is counted");
        return;
    }
    auto piece = std::make_unique<std::vector<char>>(5000);
    const HeapTally taken = heap_tally()->since(*before);
    CHECK(piece->size() == 5000);
    CHECK(taken.pieces_from(1) == 2);
    CHECK(taken.pieces_from(4096) == 1);
    CHECK(taken.pieces_from(8192) == 0);
    CHECK(taken.bytes == 5000 + sizeof(std::vector<char>));
}

TEST_CASE("after the first frames a live run takes nothing as large as an image from the heap") {
    MadeRun run(kPicture, 16, scene);
    run.info().spacing = PixelSpacing{0.31, 0.31, SpacingBasis::at_isocentre};
    BenchParams params;
    params.pipeline.backend = Backend::cpu;
    params.warm_up = 30;
    params.frames = 8;
    params.heap_tally = heap_tally;
    const auto result = bench_run(run, params);
    REQUIRE(result);
    if (!result->heap_counted) {
        WARN("a sanitizer has taken the allocator's place: nothing is counted");
        return;
    }
    CHECK(result->image_bytes == 131072);
    CHECK(result->heap_pieces.max > 0.0);  // small ones there are
    CHECK(result->heap_image_pieces.max == 0.0);
}
