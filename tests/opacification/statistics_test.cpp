#include <algorithm>
#include <catch2/catch.hpp>

#include "synthetic.h"

using namespace dsm;
using namespace dsm::test;

namespace {

int leaks(const Findings& findings) {
    return static_cast<int>(std::count_if(
        findings.highlights.begin(), findings.highlights.end(),
        [](const Highlight& one) { return is_leak(one.kind) && one.confidence >= 0.5; }));
}

// A highlight of whatever grade: so short a vein is seldom more than a low one.
bool highlighted(const Findings& findings) {
    return std::any_of(findings.highlights.begin(), findings.highlights.end(),
                       [](const Highlight& one) { return is_leak(one.kind); });
}

}  // namespace

TEST_CASE("noise alone gives no leak") {
    int runs_with_leaks = 0;
    for (std::uint32_t seed = 1; seed <= 12; ++seed) {
        Scene scene;
        scene.seed = seed;
        scene.sleeves = seed % 2 == 0;
        runs_with_leaks += leaks(follow(scene)) > 0 ? 1 : 0;
    }
    CHECK(runs_with_leaks == 0);
}

TEST_CASE("moving bone gives leaks in at most one of twelve runs") {
    int runs_with_leaks = 0;
    for (std::uint32_t seed = 1; seed <= 12; ++seed) {
        Scene scene;
        scene.seed = seed;
        scene.residue = 0.01 + 0.003 * seed;
        runs_with_leaks += leaks(follow(scene)) > 0 ? 1 : 0;
    }
    CHECK(runs_with_leaks <= 1);
}

TEST_CASE(
    "veins of the opacity called detectable, clear of sleeves, are highlighted nine times in ten") {
    Scene scene;
    const std::vector<LevelMark> marks{{"T8", {110.0, 30.0}, LevelSource::operator_marked},
                                       {"T11", {110.0, 210.0}, LevelSource::operator_marked}};
    const Findings empty = follow(scene, -1, marks);
    double detectable = 0.0;
    for (const LevelCoverage& one : empty.coverage) {
        if (one.level == "T10" && one.side == Side::left) {
            detectable = one.detectable_opacity.value_or(0.0);
        }
    }
    REQUIRE(detectable > 0.0);
    CHECK_FALSE(highlighted(empty));
    int found = 0;
    for (std::uint32_t seed = 1; seed <= 20; ++seed) {
        Scene with = scene;
        with.seed = seed;
        with.lines.push_back({vein_path(scene, 120.0, 15.0), 2.0, detectable, 12.0, 30.0, 0.7});
        found += highlighted(follow(with)) ? 1 : 0;
    }
    CAPTURE(detectable);
    CHECK(found >= 15);  // 18 expected; binomial 99 % bound
}
