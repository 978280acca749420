#include <algorithm>
#include <cmath>

#include "dsp/phantom/contrast.h"
#include "dsp/phantom/motion.h"
#include "tests/phantom/support.h"

using namespace dsm;
using namespace dsm::phantom;
using namespace dsm::phantom::test;

namespace {

Recipe still_recipe() {
    Recipe recipe = small_recipe();
    recipe.motion.breathing.amplitude_mm = 0.0;
    recipe.motion.heart_mm = 0.0;
    recipe.motion.wander_mm = 0.0;
    recipe.motion.rotation_deg = 0.0;
    recipe.detector.flutter = 0.0;
    return recipe;
}

std::vector<float> quanta_of(PhantomRun& run, int frame, bool with_contrast) {
    const Extent extent = run.info().extent;
    std::vector<float> quanta(extent.pixels());
    run.render_quanta(frame, with_contrast, {quanta.data(), extent});
    return quanta;
}

}  // namespace

TEST_CASE("Iodine attenuates as the tabulated spectrum says") {
    // Clinical reference: 70 kVp behind 20 cm of water.
    CHECK(iodine_attenuation(10.0) == Approx(0.118).epsilon(0.01));
    CHECK(iodine_attenuation(50.0) == Approx(0.57).epsilon(0.01));
    CHECK(iodine_attenuation(150.0) == Approx(1.56).epsilon(0.02));
    CHECK(iodine_attenuation(300.0) == Approx(2.86).epsilon(0.01));
}

TEST_CASE("True opacity is the log ratio of the noise-free pictures without and with contrast") {
    PhantomRun run = make(small_recipe());
    const Rendered all = render_everything(run);
    double most = 0.0;
    for (int frame = 0; frame < run.info().frames; ++frame) {
        const std::vector<float> with = quanta_of(run, frame, true);
        const std::vector<float> without = quanta_of(run, frame, false);
        const auto& opacity = all.opacity[static_cast<std::size_t>(frame)];
        for (std::size_t i = 0; i < with.size(); ++i) {
            const double expected =
                std::log(static_cast<double>(without[i]) / static_cast<double>(with[i]));
            REQUIRE(std::abs(static_cast<double>(opacity[i]) - expected) < 1e-5);
            most = std::max(most, expected);
        }
    }
    CHECK(most > 0.1);
}

TEST_CASE("There is no contrast before the first contrast frame, and some in it") {
    PhantomRun run = make(small_recipe());
    const Rendered all = render_everything(run);
    const int first = run.truth().first_contrast_frame;
    REQUIRE(first > 0);
    REQUIRE(first < run.info().frames);
    for (int frame = 0; frame < first; ++frame) {
        const auto& opacity = all.opacity[static_cast<std::size_t>(frame)];
        CHECK(std::all_of(opacity.begin(), opacity.end(), [](float v) { return v == 0.0F; }));
    }
    const auto& opacity = all.opacity[static_cast<std::size_t>(first)];
    CHECK(*std::max_element(opacity.begin(), opacity.end()) > 0.0F);
}

TEST_CASE("The noise is that of counted quanta: its variance follows the mean") {
    Recipe recipe = still_recipe();
    recipe.image.bits = 14;
    recipe.image.white_level = 0.5;
    recipe.detector.read_noise_quanta = 0.0;
    recipe.contrast.start_s = 1000.0;
    PhantomRun run = make(recipe);
    const Rendered all = render_everything(run);
    const std::vector<float> mean = quanta_of(run, 0, true);
    double stored = 0.0;
    double expected = 0.0;
    for (const auto& words : all.words) {
        for (std::size_t i = 0; i < words.size(); ++i) {
            stored += words[i];
            expected += static_cast<double>(mean[i]);
        }
    }
    const double quanta_per_value = expected / stored;
    std::vector<float> sorted = mean;
    std::sort(sorted.begin(), sorted.end());
    for (int third = 0; third < 3; ++third) {
        const std::size_t size = sorted.size() / 3;
        const float low = sorted[static_cast<std::size_t>(third) * size];
        const float high = sorted[(static_cast<std::size_t>(third) + 1) * size - 1];
        double squares = 0.0;
        double count = 0.0;
        for (const auto& words : all.words) {
            for (std::size_t i = 0; i < words.size(); ++i) {
                if (mean[i] >= low && mean[i] <= high) {
                    const auto m = static_cast<double>(mean[i]);
                    squares += std::pow(words[i] * quanta_per_value - m, 2.0) / m;
                    count += 1.0;
                }
            }
        }
        // The encoding adds a twelfth of a squared step.
        const double steps = quanta_per_value * quanta_per_value / 12.0 / static_cast<double>(low);
        CAPTURE(third, low, high, quanta_per_value);
        CHECK(squares / count == Approx(1.0).margin(0.03 + steps));
    }
}

TEST_CASE("A vein grows away from the sac and never shrinks unless it washes out") {
    Recipe recipe = still_recipe();
    recipe.contrast.root_sleeves = false;
    recipe.contrast.iodine_mg_ml = 0.0;
    recipe.structures[0].speed_mm_s = 5.0;
    PhantomRun run = make(recipe);
    const Rendered all = render_everything(run);
    const std::vector<Point> path = run.truth().structures.at(0).path_px;
    const int width = run.info().extent.width;
    std::size_t reached_before = 0;
    double total_before = 0.0;
    std::size_t farthest = 0;
    for (const auto& opacity : all.opacity) {
        std::size_t reached = 0;
        for (std::size_t i = 0; i < path.size(); ++i) {
            const auto at =
                static_cast<std::size_t>(std::lround(path[i].y) * width + std::lround(path[i].x));
            if (opacity[at] > 1e-3F) {
                reached = i + 1;
            }
        }
        double total = 0.0;
        for (const float value : opacity) {
            total += static_cast<double>(value);
        }
        CHECK(reached >= reached_before);
        CHECK(total >= total_before - 1e-6);
        reached_before = reached;
        total_before = total;
        farthest = std::max(farthest, reached);
    }
    CHECK(farthest == path.size());
}

TEST_CASE("A vein with wash-out fades") {
    Recipe recipe = still_recipe();
    recipe.contrast.root_sleeves = false;
    recipe.contrast.iodine_mg_ml = 0.0;
    recipe.structures[0].washout_s = 3.0;
    recipe.structures[0].plateau_s = 2.0;
    PhantomRun run = make(recipe);
    const Rendered all = render_everything(run);
    std::vector<double> totals;
    for (const auto& opacity : all.opacity) {
        double total = 0.0;
        for (const float value : opacity) {
            total += static_cast<double>(value);
        }
        totals.push_back(total);
    }
    CHECK(totals.back() < 0.5 * *std::max_element(totals.begin(), totals.end()));
}

TEST_CASE(
    "Sides agree with the header: right is at smaller x, contrast sinks to the dependent side") {
    for (const bool right : {true, false}) {
        Recipe recipe = still_recipe();
        recipe.position =
            right ? PatientPosition::right_decubitus : PatientPosition::left_decubitus;
        recipe.structures[0].side = right ? Side::right : Side::left;
        recipe.anatomy.scoliosis_mm = 0.0;
        PhantomRun run = make(recipe);
        CHECK(run.info().left_in_image == LeftInImage::towards_larger_x);
        CHECK(run.info().position == recipe.position);
        const Rendered all = render_everything(run);
        const Truth truth = run.truth();
        const double spine_x = truth.levels.at(0).center_px.x;
        const TrueStructure& vein = truth.structures.back();
        REQUIRE(vein.kind == "csf_venous_fistula");
        CHECK((vein.path_px.back().x < spine_x) == right);
        double moment = 0.0;
        double total = 0.0;
        const Extent extent = run.info().extent;
        for (int y = 0; y < extent.height; ++y) {
            for (int x = 0; x < extent.width; ++x) {
                const auto i = static_cast<std::size_t>(y * extent.width + x);
                if (truth.sac(x, y) != 0) {
                    const auto value = static_cast<double>(all.opacity[7][i]);
                    moment += value * (x - spine_x);
                    total += value;
                }
            }
        }
        CHECK((moment / total < 0.0) == right);
    }
}

TEST_CASE("The contrast arrives at the feet first") {
    PhantomRun run = make(still_recipe());
    const Rendered all = render_everything(run);
    const Truth truth = run.truth();
    const Extent extent = run.info().extent;
    const auto arrival = [&](int y) {
        for (int frame = 0; frame < run.info().frames; ++frame) {
            for (int x = 0; x < extent.width; ++x) {
                if (truth.sac(x, y) != 0 &&
                    all.opacity[static_cast<std::size_t>(frame)]
                               [static_cast<std::size_t>(y * extent.width + x)] > 0.02F) {
                    return frame;
                }
            }
        }
        return run.info().frames;
    };
    CHECK(arrival(extent.height - 3) < arrival(extent.height / 2));
    CHECK(arrival(extent.height / 2) <= arrival(2));
}

TEST_CASE("LOG values go back through their table to the LIN values") {
    Recipe recipe = still_recipe();
    recipe.image.white_level = 0.7;
    PhantomRun linear = make(recipe);
    recipe.image.intensity = Intensity::logarithmic;
    PhantomRun logarithmic = make(recipe);
    const auto& table = logarithmic.info().intensity.to_linear;
    REQUIRE(table.size() == 4096);
    CHECK(table.back() == 65535.0F);
    CHECK(std::is_sorted(table.begin(), table.end()));
    CHECK(linear.info().intensity.to_linear.empty());
    const Rendered lin = render_everything(linear);
    const Rendered log = render_everything(logarithmic);
    for (std::size_t i = 0; i < lin.words[5].size(); ++i) {
        const double from_log = static_cast<double>(table[log.words[5][i]]) / 65535.0;
        const double from_lin = lin.words[5][i] / 4095.0;
        // Half a step of either encoding, and the rounding of the table.
        REQUIRE(std::abs(from_log - from_lin) <
                0.5 / 4095.0 + from_lin * 0.75 * 5.5 / 4095.0 + 2e-5);
    }
}

TEST_CASE("Masks do not overlap and truth lists what the recipe asked for") {
    Recipe recipe = small_recipe();
    StructureRecipe pouch;
    pouch.kind = "diverticulum";
    pouch.level = "T8-T9";
    pouch.side = Side::left;
    pouch.width_mm = 7.0;
    recipe.structures.push_back(pouch);
    PhantomRun run = make(recipe);
    static_cast<void>(render_everything(run));
    const Truth truth = run.truth();
    CHECK(truth.leak_class == "csf_venous_fistula");
    int free_pixels = 0;
    for (std::size_t i = 0; i < truth.sac.pixels().size(); ++i) {
        CHECK_FALSE((truth.sac.pixels()[i] != 0 && truth.free.pixels()[i] != 0));
        free_pixels += truth.free.pixels()[i] != 0 ? 1 : 0;
    }
    CHECK(free_pixels > static_cast<int>(truth.sac.pixels().size() / 3));
    int leaks = 0;
    int pouches = 0;
    for (const TrueStructure& s : truth.structures) {
        leaks += s.kind == "csf_venous_fistula" ? 1 : 0;
        pouches += s.kind == "diverticulum" && s.level == "T8-T9" && s.side == Side::left ? 1 : 0;
        CHECK(s.onset_frame >= truth.first_contrast_frame);
        CHECK(s.peak_opacity > 0.0);
    }
    CHECK(leaks == 1);
    CHECK(pouches == 1);
}

TEST_CASE("A structure out of the picture is refused by name") {
    Recipe recipe = small_recipe();
    recipe.structures[0].level = "L4-L5";
    const auto run = PhantomRun::create(recipe);
    REQUIRE_FALSE(run.has_value());
    CHECK_THAT(run.error().message(), Catch::Contains("L4-L5"));
}

TEST_CASE("A held breath only drifts, and breathing goes on after its release") {
    Recipe recipe = small_recipe();
    recipe.motion.breathing.amplitude_mm = 10.0;
    recipe.motion.breathing.hold_from_s = 4.0;
    recipe.motion.breathing.hold_until_s = 20.0;
    recipe.motion.breathing.hold_drift_mm_s = 0.2;
    const double start = breathing_state(recipe, 4.0);
    for (double t = 4.0; t < 20.0; t += 0.5) {
        CHECK(breathing_state(recipe, t) == Approx(start - 0.02 * (t - 4.0)).margin(1e-9));
    }
    // No jump at either end.
    CHECK(breathing_state(recipe, 20.0) == Approx(breathing_state(recipe, 19.9999)).margin(1e-3));
    CHECK(breathing_state(recipe, 4.0) == Approx(breathing_state(recipe, 3.9999)).margin(1e-3));
    double most = 0.0;
    for (double t = 20.0; t < 28.0; t += 0.1) {
        most = std::max(most, std::abs(breathing_state(recipe, t) - start));
    }
    CHECK(most > 0.5);
}

TEST_CASE("The spine stays while the diaphragm breathes") {
    Recipe recipe = still_recipe();
    recipe.motion.breathing.amplitude_mm = 20.0;
    const Spine spine(recipe);
    double diaphragm_moved = 0.0;
    for (double t = 0.0; t < 10.0; t += 0.25) {
        const Motion motion(recipe, spine, t);
        const PointMm p{4.0, 30.0};
        CHECK(motion.drawn_at(LayerKind::spine, p).y == Approx(p.y));
        const PointMm dome{-50.0, diaphragm_y(spine, -50.0)};
        diaphragm_moved =
            std::max(diaphragm_moved, dome.y - motion.drawn_at(LayerKind::lungs, dome).y);
    }
    CHECK(diaphragm_moved > 15.0);
}

TEST_CASE("Irregular frame times increase and repeat") {
    Recipe recipe = small_recipe();
    recipe.timing.jitter_s = 0.5;
    recipe.timing.later_from_s = 10.0;
    recipe.timing.later_rate_hz = 2.0;
    const std::vector<double> times = frame_times(recipe);
    REQUIRE(times.size() == 12);
    CHECK(times[0] == 0.0);
    for (std::size_t i = 1; i < times.size(); ++i) {
        CHECK(times[i] > times[i - 1]);
    }
    CHECK(times[11] - times[10] < 1.1);
    CHECK(times == frame_times(recipe));
}
