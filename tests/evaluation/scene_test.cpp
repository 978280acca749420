#include <catch2/catch.hpp>
#include <cmath>

#include "dsp/evaluation/exposures.h"
#include "dsp/evaluation/match.h"
#include "dsp/evaluation/ours.h"
#include "dsp/evaluation/peers.h"
#include "dsp/evaluation/registration_trial.h"
#include "tests/evaluation/small_scene.h"

using namespace dsm;
using namespace dsm::evaluation;
using namespace dsm::evaluation::test;

namespace {

const TrialFigures& figures_of(const TrialTable& table, const std::string& method) {
    for (const TrialRow& row : table.rows) {
        if (row.method == method) {
            return row.figures;
        }
    }
    FAIL("no row of " + method);
    throw std::logic_error(method);
}

TrialTable tried(TrialScene scene, std::vector<Peer> peers) {
    scene.lives.resize(1);
    TrialTable table;
    const auto done = try_scene(scene, peers, 0, table);
    INFO((done ? std::string() : done.error().message()));
    REQUIRE(done.has_value());
    return table;
}

std::vector<Peer> only(const std::string& name) {
    std::vector<Peer> peers = all_peers(1);
    std::erase_if(peers, [&](const Peer& peer) { return peer.name != name; });
    return peers;
}

}  // namespace

TEST_CASE("a static pair left alone scores A = 0 and R = 1, contrast untouched") {
    const TrialTable table = tried(small_scene(TrialCase::still), only(kNone));
    const TrialFigures& none = figures_of(table, kNone);
    CHECK(none.artefact < 1e-4);
    CHECK(none.ratio == Approx(1.0).margin(0.01));
    CHECK(none.end_point_error_px == Approx(0.0).margin(1e-9));
    REQUIRE(none.column);
    CHECK(none.column->slope == Approx(1.0).margin(1e-3));
    REQUIRE(none.leak);
    CHECK(none.leak->slope == Approx(1.0).margin(1e-3));
}

TEST_CASE("the true field leaves next to nothing, and its opposite more than no field at all") {
    for (const TrialCase trial_case : {TrialCase::translation, TrialCase::smooth}) {
        TrialScene scene = small_scene(trial_case);
        std::vector<Peer> peers = only(kNone);
        peers.push_back({"opposite", false, 1, [&](const MatchInput& input) -> Result<Match> {
                             Match match = match_none(input);
                             match.field = scene.lives.front().field->clone();
                             for (auto* part : {&match.field->dx_px, &match.field->dy_px}) {
                                 for (float& value : part->pixels()) {
                                     value = -value;
                                 }
                             }
                             return match;
                         }});
        TrialTable table;
        scene.lives.resize(1);
        REQUIRE(try_scene(scene, peers, 0, table).has_value());
        const double none = figures_of(table, kNone).artefact;
        CHECK(figures_of(table, kOracle).artefact < 0.03 * none);
        CHECK(figures_of(table, kOracle).end_point_error_px == Approx(0.0).margin(1e-6));
        CHECK(figures_of(table, "opposite").artefact > 1.1 * none);
    }
}

TEST_CASE("the noise-free background leaves the noise of the live frame and all of its contrast") {
    const TrialTable table = tried(small_scene(TrialCase::chest_library), only(kNone));
    const TrialFigures& oracle = figures_of(table, kOracle);
    CHECK(oracle.artefact < 1e-4);
    CHECK(oracle.ratio == Approx(std::sqrt(0.5)).margin(0.03));
    REQUIRE(oracle.leak);
    CHECK(oracle.leak->slope == Approx(1.0).margin(1e-3));
    CHECK(figures_of(table, kNone).artefact > 0.2);
}

TEST_CASE("A found from outside agrees with A found from the noise-free twins") {
    for (const TrialCase trial_case : {TrialCase::smooth, TrialCase::chest_breathing}) {
        const TrialScene scene = small_scene(trial_case);
        const TrialTable table = tried(small_scene(trial_case), only(kYardstick));
        const double from_twins = figures_of(table, kYardstick).artefact;
        const auto from_outside = score_from_outside(
            scene, 0, [&](const Exposure& masks, const Exposure& live) -> Result<Image<float>> {
                const auto exposed = [&](std::size_t frame, const Exposure& how) {
                    Image<std::uint16_t> words(scene.extent());
                    scene.expose(frame, how.number, how.mirrored, words.view());
                    Image<float> values(scene.extent());
                    std::copy(words.pixels().begin(), words.pixels().end(),
                              values.pixels().begin());
                    return log_of(values.view());
                };
                const Image<float> mask = exposed(scene.masks.size() - 1, masks);
                const Image<float> frame = exposed(scene.masks.size(), live);
                Image<float> opacity =
                    registered(match_dis_medium({{mask.view()}, frame.view()}), {mask.view()});
                for (std::size_t i = 0; i < opacity.pixels().size(); ++i) {
                    opacity.pixels()[i] -= frame.pixels()[i];
                }
                return opacity;
            });
        REQUIRE(from_outside.has_value());
        CHECK(from_outside->artefact == Approx(from_twins).epsilon(0.15));
    }
}

TEST_CASE("ours is watched through the same door as everyone's runs") {
    const TrialScene scene = small_scene(TrialCase::breathing_library);
    const auto once = subtract_ours(scene, 0, {0, false}, {0, false}, 0);
    const auto again = subtract_ours(scene, 0, {0, false}, {0, false}, 2);
    REQUIRE(once.has_value());
    REQUIRE(again.has_value());
    CHECK(std::equal(once->opacity.pixels().begin(), once->opacity.pixels().end(),
                     again->opacity.pixels().begin()));
    CHECK(again->time_ms > 0.0);
    CHECK(residual(scene.lives[0], once->opacity.view()) > 0.0);
}

TEST_CASE("scenes are the same at every making and differ from seed to seed") {
    const TrialScene a = small_scene(TrialCase::jerk, 3);
    const TrialScene b = small_scene(TrialCase::jerk, 3);
    const TrialScene c = small_scene(TrialCase::jerk, 4);
    const auto pixels = [](const TrialScene& scene) { return scene.lives.front().quanta.pixels(); };
    CHECK(std::equal(pixels(a).begin(), pixels(a).end(), pixels(b).begin()));
    CHECK_FALSE(std::equal(pixels(a).begin(), pixels(a).end(), pixels(c).begin()));
}
