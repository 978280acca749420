#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <utility>
#include <vector>

#include "dsp/phantom/cohort.h"
#include "dsp/pipeline/process.h"
#include "dsp/subtraction/first_contrast.h"
#include "tests/pipeline/phantom_source.h"

using namespace dsm;

namespace {

// 20 s of a cohort's run at a third of its resolution: what first contrast is looked for in.
phantom::Recipe varied(int index, bool with_contrast) {
    phantom::Recipe recipe = phantom::cohort_recipe(90210, index);
    const double field_mm = recipe.image.pixel_mm * recipe.image.columns;
    recipe.image.columns = 272;
    recipe.image.rows = 340;
    recipe.image.pixel_mm = field_mm / recipe.image.columns;
    recipe.timing.frames = static_cast<int>(18.0 * recipe.timing.rate_hz);
    recipe.structures.clear();
    if (!with_contrast) {
        recipe.contrast.start_s = 9999.0;
    }
    return recipe;
}

RunResult subtracted(FrameSource& source) {
    PipelineParams params;
    params.find = false;
    auto result = process_run(source, params);
    REQUIRE(result);
    return std::move(*result);
}

}  // namespace

TEST_CASE("contrast is declared in contrast-free phantom runs no more often than is stated") {
    constexpr int kRuns = 40;
    int declared = 0;
    for (int index = 0; index < kRuns; ++index) {
        test::PhantomSource source(varied(index, false));
        declared += subtracted(source).first_contrast_frame ? 1 : 0;
    }
    // Beyond this a rate as stated would be seen in fewer than one trial of forty.
    const double expected = kRuns * FirstContrast::kFalseContrastRate;
    CAPTURE(declared);
    CHECK(declared <= expected + 2.0 * std::sqrt(expected));
}

TEST_CASE("contrast is found within a few frames of its first trace, and hardly reaches a mask") {
    constexpr int kRuns = 16;
    std::vector<int> late;
    std::vector<int> in_masks;
    int missed = 0;
    for (int index = 0; index < kRuns; ++index) {
        test::PhantomSource source(varied(index, true));
        const RunResult result = subtracted(source);
        if (!result.first_contrast_frame) {
            ++missed;
            continue;
        }
        late.push_back(*result.first_contrast_frame - source.first_contrast());
        in_masks.push_back(result.mask_frames.back() + 1 - source.first_contrast());
    }
    std::sort(late.begin(), late.end());
    std::sort(in_masks.begin(), in_masks.end());
    CAPTURE(late, in_masks);
    CHECK(missed <= 1);
    CHECK(std::abs(late[late.size() / 2]) <= 2);
    CHECK(late[late.size() * 9 / 10] <= 4);
    CHECK(in_masks[in_masks.size() / 2] <= 2);
}
