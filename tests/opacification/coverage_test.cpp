#include "dsp/opacification/coverage.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "synthetic.h"

using namespace dsm;
using namespace dsm::test;

TEST_CASE("what can be detected improves with frames and worsens with noise and residue") {
    const DetectionNoise base{0.006, 0.0005, 20, 8, 0.48};
    DetectionNoise more = base;
    more.frames_watched = 80;
    CHECK(detectable_opacity(more) < detectable_opacity(base));
    DetectionNoise noisy = base;
    noisy.sigma = 0.012;
    CHECK(detectable_opacity(noisy) > detectable_opacity(base));
    DetectionNoise moved = base;
    moved.residue = 0.004;
    CHECK(detectable_opacity(moved) > detectable_opacity(base));
}

TEST_CASE("a level is adequate only where it was seen, reached and watched") {
    Scene scene;
    const std::vector<LevelMark> marks{{"T8", {110.0, 30.0}, LevelSource::operator_marked},
                                       {"T11", {110.0, 210.0}, LevelSource::operator_marked}};
    const Findings whole = follow(scene, -1, marks);
    REQUIRE(whole.coverage.size() == 8);  // four levels, two sides
    for (const LevelCoverage& one : whole.coverage) {
        CAPTURE(one.level, one.why);
        CHECK(one.in_view);
        REQUIRE(one.watched_s.has_value());
        CHECK(one.adequate);
        CHECK(*one.sac_arrival_s >= scene.first_contrast_s - 1.0);
    }
    CHECK(whole.conclusion.category == Category::negative);
    const Findings early = follow(scene, 20, marks);
    for (const LevelCoverage& one : early.coverage) {
        CAPTURE(one.level, one.why);
        CHECK(!one.adequate);
    }
    CHECK(early.conclusion.category == Category::inadequate);
}

TEST_CASE("without marks no level is asserted") {
    const Findings findings = follow(Scene{});
    CHECK(findings.coverage.empty());
    CHECK(findings.conclusion.text.find("not marked") != std::string::npos);
}
