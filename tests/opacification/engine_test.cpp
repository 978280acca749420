#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "dsp/core/findings.h"
#include "synthetic.h"

using namespace dsm;
using namespace dsm::test;

namespace {

Scene scene_with_vein() {
    Scene scene;
    scene.lines.push_back({vein_path(scene, 125.0, 32.0), 2.0, 0.04, 13.0, 20.0, 1.0});
    return scene;
}

std::vector<Highlight> leaks(const Findings& findings, double confidence = 0.5) {
    std::vector<Highlight> all;
    for (const Highlight& one : findings.highlights) {
        if (is_leak(one.kind) && one.confidence >= confidence) {
            all.push_back(one);
        }
    }
    return all;
}

double nearest(const Highlight& highlight, const std::vector<Point>& path) {
    double least = 1e9;
    for (const Point p : highlight.path_px) {
        least = std::min(least, distance_to_polyline(p, path));
    }
    return least;
}

const std::vector<LevelMark> kMarks{{"T8", {110.0, 30.0}, LevelSource::operator_marked},
                                    {"T11", {110.0, 210.0}, LevelSource::operator_marked}};

}  // namespace

TEST_CASE("a late vein is found once, where and when it is") {
    const Scene scene = scene_with_vein();
    const Findings findings = follow(scene, -1, kMarks);
    const auto found = leaks(findings);
    REQUIRE(found.size() == 1);
    const Highlight& vein = found.front();
    CHECK(vein.kind == LeakKind::csf_venous_fistula);
    CHECK(vein.side == Side::left);
    CHECK(vein.level == "T9-T10");  // rows 90 to 150 lie between those centres
    CHECK(nearest(vein, scene.lines[0].path) < 2.0);
    CHECK(std::abs(vein.onset_frame - 26) <= 3);
    CHECK(vein.alarm_frame >= 26);
    CHECK(vein.alarm_frame <= 26 + 10);
    REQUIRE(vein.width_mm.has_value());
    CHECK(*vein.width_mm == Approx(2.0).margin(1.0));
    CHECK(vein.peak_opacity == Approx(0.03).margin(0.015));
    REQUIRE(vein.delay_after_sac_s.has_value());
    CHECK(*vein.delay_after_sac_s == Approx(13.0 - arrival_s(scene, 125.0)).margin(2.0));
    CHECK(findings.conclusion.category == Category::positive);
}

TEST_CASE("the curve of a vein has one entry per frame and noise above zero") {
    const Scene scene = scene_with_vein();
    const auto found = leaks(follow(scene));
    REQUIRE(!found.empty());
    const OpacityCurve& curve = found.front().curve;
    REQUIRE(curve.time_s.size() == static_cast<std::size_t>(scene.frames));
    REQUIRE(curve.opacity.size() == curve.time_s.size());
    CHECK(std::abs(curve.opacity[10]) < 0.01);
    CHECK(curve.opacity.back() > 0.015);
    CHECK(*std::min_element(curve.noise.begin(), curve.noise.end()) > 0.0);
}

TEST_CASE("a curve is indexed by frame although the first frames have no mask") {
    Scene scene = scene_with_vein();
    scene.unsubtracted = 3;
    const auto found = leaks(follow(scene));
    REQUIRE(!found.empty());
    const OpacityCurve& curve = found.front().curve;
    REQUIRE(curve.opacity.size() == static_cast<std::size_t>(scene.frames));
    REQUIRE(curve.time_s.size() == curve.opacity.size());
    REQUIRE(curve.noise.size() == curve.opacity.size());
    for (std::size_t k = 0; k < 3; ++k) {
        CHECK(curve.opacity[k] == 0.0);
        CHECK(curve.noise[k] == 0.0);
    }
    CHECK(curve.noise[3] > 0.0);
    CHECK(curve.time_s[7] == Approx(7 * scene.frame_s));
}

TEST_CASE("no onset is later than its alarm") {
    for (const std::uint32_t seed : {1U, 2U, 3U}) {
        for (const double residue : {0.0, 0.02}) {
            Scene scene = scene_with_vein();
            scene.seed = seed;
            scene.residue = residue;
            scene.lines[0].rise_s = 8.0;
            for (const Highlight& one : follow(scene).highlights) {
                CHECK(one.onset_frame <= one.alarm_frame);
            }
        }
    }
}

TEST_CASE("the same vein with its sign turned is no leak") {
    Scene scene = scene_with_vein();
    scene.lines[0].peak = -scene.lines[0].peak;
    CHECK(leaks(follow(scene)).empty());
}

TEST_CASE("root sleeves that fill with the sac are no leaks") {
    CHECK(leaks(follow(Scene{})).empty());
}

TEST_CASE("moving bone of both signs is no leak, with or without contrast") {
    Scene scene;
    scene.residue = 0.03;
    CHECK(leaks(follow(scene)).empty());
    scene.sac = false;
    CHECK(leaks(follow(scene)).empty());
}

TEST_CASE("a round pocket that fills late is a diverticulum") {
    Scene scene;
    const double x = scene.sac_x + scene.sac_half_width_mm / 0.48 + 12.0;
    scene.lines.push_back({{{x, 180.0}, {x + 1.0, 180.5}}, 6.0, 0.10, 11.0, 100.0, 1.0});
    const Findings findings = follow(scene);
    CHECK(leaks(findings).empty());
    const bool seen = std::any_of(
        findings.highlights.begin(), findings.highlights.end(), [&](const Highlight& one) {
            return one.kind == LeakKind::diverticulum && distance(one.seed_px, {x, 180.0}) < 16.0;
        });
    CHECK(seen);
}

TEST_CASE("findings at a frame do not depend on later frames") {
    Scene scene = scene_with_vein();
    const Findings early = follow(scene, 36);
    Scene other = scene;
    other.lines.push_back({vein_path(scene, 240.0, 30.0), 2.0, 0.2, 18.5, 20.0, 0.5});
    const Findings again = follow(other, 36);
    REQUIRE(early.highlights.size() == again.highlights.size());
    CHECK(early.highlights == again.highlights);
    CHECK(early.coverage == again.coverage);
}

TEST_CASE("an alarm keeps its frame while later frames come") {
    const Scene scene = scene_with_vein();
    const auto whole = leaks(follow(scene));
    REQUIRE(!whole.empty());
    const int alarm = whole.front().alarm_frame;
    CHECK(leaks(follow(scene, alarm)).empty());
    const auto then = leaks(follow(scene, alarm + 1));
    REQUIRE(!then.empty());
    CHECK(then.front().alarm_frame == alarm);
}

TEST_CASE("the side is undetermined when the header does not tell") {
    Scene scene = scene_with_vein();
    scene.left = LeftInImage::undetermined;
    const auto found = leaks(follow(scene, -1, kMarks));
    REQUIRE(!found.empty());
    CHECK(found.front().side == Side::undetermined);
}

TEST_CASE("the side follows the header") {
    Scene scene = scene_with_vein();
    scene.left = LeftInImage::towards_smaller_x;
    const auto found = leaks(follow(scene));
    REQUIRE(!found.empty());
    CHECK(found.front().side == Side::right);
    CHECK(found.front().level.empty());  // no marks, no level
}

TEST_CASE("opacity without a scale finds the same vein") {
    const Scene scene = scene_with_vein();
    const auto found = leaks(follow(scene, -1, kMarks, {.causal = true, .relative_opacity = true}));
    REQUIRE(found.size() == 1);
    CHECK(found.front().why.find("relative") != std::string::npos);
}

TEST_CASE("two veins are both found") {
    Scene scene = scene_with_vein();
    scene.lines.push_back({vein_path(scene, 240.0, 30.0), 2.0, 0.045, 11.0, 20.0, 1.0});
    CHECK(leaks(follow(scene)).size() == 2);
}

TEST_CASE("without contrast nothing is cleared") {
    Scene scene;
    scene.sac = false;
    scene.frames = 20;
    const Findings findings = follow(scene, -1, kMarks);
    CHECK(findings.conclusion.category == Category::inadequate);
    CHECK(std::none_of(findings.coverage.begin(), findings.coverage.end(),
                       [](const LevelCoverage& one) { return one.adequate; }));
}

TEST_CASE("a vein that winds about the sac's border is found over the sac") {
    Scene scene;
    scene.lines.push_back({border_path(scene, 130.0, 26.0), 2.2, 0.05, 15.0, 20.0, 1.0});
    const Findings findings = follow(scene, -1, kMarks);
    const auto found = leaks(findings, 0.2);
    REQUIRE(!found.empty());
    CHECK(found.front().kind == LeakKind::csf_venous_fistula);
    CHECK(found.front().drainage == Drainage::central_epidural);
    CHECK(nearest(found.front(), scene.lines[0].path) < 3.0);
    CHECK(found.front().onset_frame >= 28);
}

TEST_CASE("the sac's own border is no vein, however the sac fills") {
    Scene scene;
    scene.sac_peak = 0.5;
    for (const Highlight& one : leaks(follow(scene), 0.2)) {
        CHECK(one.drainage != Drainage::central_epidural);
    }
}

TEST_CASE("a front that runs up an even sac does not pass for a patient who slides") {
    Scene scene;
    scene.front_mm_s = 12.0;
    scene.sleeves = false;
    scene.lines.push_back({vein_path(scene, 200.0, 30.0), 2.0, 0.05, 16.0, 20.0, 1.0});
    const auto found = leaks(follow(scene));
    REQUIRE(!found.empty());
    // The vein is where it is: a shift would have carried it along.
    for (const Point p : found.front().path_px) {
        CHECK(distance_to_polyline(p, scene.lines[0].path) < 6.0);
    }
}

TEST_CASE("first frames that fit badly beside a vein do not hide it") {
    Scene scene = scene_with_vein();
    scene.bad_start = -0.4;
    const auto found = leaks(follow(scene));
    REQUIRE(!found.empty());
    CHECK(nearest(found.front(), scene.lines[0].path) < 2.0);
    CHECK(std::abs(found.front().onset_frame - 26) <= 3);
}

TEST_CASE("a vein that comes soon after the sac and leads past the sleeves is no sleeve") {
    Scene scene;
    const double y = 125.0;
    scene.lines.push_back(
        {vein_path(scene, y, 30.0), 2.0, 0.04, arrival_s(scene, y) + 2.0, 30.0, 2.5});
    const auto findings = follow(scene);
    const auto at_vein = std::find_if(
        findings.highlights.begin(), findings.highlights.end(), [&](const Highlight& one) {
            return one.path_px.size() > 20 && nearest(one, scene.lines[0].path) < 2.0;
        });
    REQUIRE(at_vein != findings.highlights.end());
    CHECK(at_vein->kind == LeakKind::csf_venous_fistula);
}

TEST_CASE("a band along the sac is said to leave it where it began") {
    Scene scene;
    scene.frames = 70;
    const double x = scene.sac_x + (scene.sac_half_width_mm + 5.0) / 0.48;
    Line band{{}, 7.0, 0.05, 10.0, 3.0, 1.0};
    for (double y = 190.0; y >= 80.0; y -= 2.0) {
        band.path.push_back({x, y});
    }
    scene.lines.push_back(band);
    const auto found = leaks(follow(scene), 0.1);
    REQUIRE(!found.empty());
    CHECK(found.front().kind == LeakKind::extravasation);
    CHECK(found.front().seed_px.y > 130.0);  // it is seen from row 145 upwards, and began at 190
}

TEST_CASE("a faint vein that leaves from the tip of a dense sleeve is no part of the sleeve") {
    Scene scene;
    const std::vector<Point> both = vein_path(scene, 125.0, 42.0);
    const auto tip = both.begin() + static_cast<std::ptrdiff_t>(both.size() / 3);
    const std::vector<Point> sleeve(both.begin(), tip), vein(tip, both.end());
    scene.noise = 0.003;
    scene.lines.push_back({sleeve, 2.6, 0.06, arrival_s(scene, 125.0) + 0.5, 100.0, 1.0});
    CHECK(leaks(follow(scene)).empty());  // the sleeve alone
    scene.lines.push_back({vein, 1.8, 0.02, 13.0, 20.0, 1.0});
    const auto found = leaks(follow(scene));
    REQUIRE(found.size() == 1);
    CHECK(found[0].kind == LeakKind::csf_venous_fistula);
    CHECK(nearest(found[0], {vein[vein.size() - 5]}) < 5.0);
    CHECK(std::abs(found[0].onset_frame - 26) <= 4);
}
