#include "dsp/evaluation/trial_recipes.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "dsp/core/levels.h"
#include "dsp/phantom/motion.h"
#include "dsp/phantom/random.h"

namespace dsm::evaluation {
namespace {

using phantom::Random;
using phantom::Recipe;

enum Purpose : std::uint64_t { kTrial = 1101 };

constexpr double kPixel_mm = 0.225;  // at the patient; a smaller picture is a narrower field
constexpr double kMotion_px = 8.0;   // of the goals: "up to 8 px"
constexpr double kRate_hz = 2.0;
constexpr int kLibrary = 8;
constexpr int kFirstLive = 22;  // frames; contrast has risen by then
constexpr int kLastLive = 38;

bool is_chest(TrialCase trial_case, Random& random) {
    switch (trial_case) {
        case TrialCase::chest_breathing:
        case TrialCase::chest_library:
        case TrialCase::beating_heart:
            return true;
        case TrialCase::breathing:
        case TrialCase::breathing_library:
            return false;
        default:
            return random.uniform() < 0.5;
    }
}

void choose_anatomy(Recipe& recipe, Random& random, bool chest) {
    const int first = chest ? phantom::kOrderT1 + 6 : phantom::kOrderT1 + 10;  // T7, T11
    const auto middle = static_cast<std::size_t>(first + static_cast<int>(random.uniform(0, 4)));
    const std::vector<std::string> names = level_names();
    recipe.anatomy.center_level = names[middle];
    recipe.anatomy.lung_depth_cm = chest ? random.uniform(6.0, 11.0) : random.uniform(1.0, 4.0);
    recipe.anatomy.offset_mm = random.uniform(-12.0, 12.0);
    recipe.anatomy.scoliosis_mm = random.uniform(-9.0, 9.0);
    recipe.anatomy.size = random.uniform(0.9, 1.1);
    recipe.anatomy.bone = random.uniform(0.75, 1.25);
    recipe.anatomy.texture = random.uniform(0.8, 1.6);
    recipe.position =
        random.uniform() < 0.5 ? PatientPosition::right_decubitus : PatientPosition::left_decubitus;
    phantom::StructureRecipe vein;
    vein.level = names[middle] + "-" + names[middle + 1];
    vein.side = random.uniform() < 0.5 ? Side::left : Side::right;
    vein.iodine_mg_ml = random.uniform(18.0, 40.0);  // opacity 0.02 to 0.05
    vein.width_mm = 2.0;
    vein.delay_s = 0.5;
    vein.rise_s = 1.0;
    vein.speed_mm_s = 40.0;
    recipe.structures = {vein};
}

void choose_acquisition(Recipe& recipe, Random& random, int size) {
    recipe.image.columns = size;
    recipe.image.rows = size;
    recipe.image.pixel_mm = kPixel_mm;
    recipe.image.bits = 14;
    recipe.image.white_level = 0.6;
    recipe.timing.frames = kLastLive + 1;
    recipe.timing.rate_hz = kRate_hz;
    recipe.contrast.start_s = (kLibrary + 0.5) / kRate_hz;
    recipe.contrast.front_mm_s = 100.0;
    recipe.contrast.iodine_mg_ml = random.uniform(30.0, 80.0);
    recipe.detector.dose_ugy = 1.2 * std::exp(random.uniform(0.0, std::log(4.0)));
    recipe.detector.scatter_fraction = random.uniform(0.35, 0.55);
    recipe.detector.blur_px = random.uniform(0.6, 0.9);
    recipe.detector.flutter = 0.0;
}

void hold_still(phantom::MotionRecipe& motion) {
    motion.breathing.amplitude_mm = 0.0;
    motion.heart_mm = 0.0;
    motion.wander_mm = 0.0;
    motion.rotation_deg = 0.0;
}

void choose_motion(Recipe& recipe, Random& random, TrialCase trial_case) {
    phantom::MotionRecipe& motion = recipe.motion;
    hold_still(motion);
    phantom::BreathingRecipe& breathing = motion.breathing;
    breathing.period_s = random.uniform(3.3, 4.6);
    breathing.irregularity = random.uniform(0.05, 0.2);
    const double natural_mm = random.uniform(4.0, 10.0);
    switch (trial_case) {
        case TrialCase::breathing:
        case TrialCase::breathing_library:
        case TrialCase::chest_breathing:
        case TrialCase::chest_library:
            breathing.amplitude_mm = kMotion_px * recipe.image.pixel_mm;
            return;
        case TrialCase::beating_heart:
            breathing.amplitude_mm = natural_mm;
            motion.heart_mm = random.uniform(2.0, 4.0);
            break;
        case TrialCase::jerk:
            breathing.amplitude_mm = 0.3 * natural_mm;
            motion.jerk_at_s = 6.0;
            motion.jerk_mm[0] = random.uniform(-3.0, 3.0);
            motion.jerk_mm[1] = random.uniform(-3.0, 3.0);
            motion.jerk_deg = random.uniform(-0.4, 0.4);
            break;
        case TrialCase::released_hold:
            breathing.amplitude_mm = natural_mm;
            breathing.hold_until_s = 9.0;
            breathing.hold_drift_mm_s = random.uniform(0.0, 0.3);
            break;
        default:
            return;
    }
    motion.wander_mm = random.uniform(0.0, 0.3);
    motion.rotation_deg = random.uniform(0.0, 0.1);
    recipe.detector.flutter = random.uniform(0.0, 0.006);
}

// Of the frames with contrast: the one farthest from the last mask in its breath, and one halfway.
std::vector<FrameIndex> choose_lives(const Recipe& recipe, FrameIndex mask) {
    const std::vector<double> time_s = phantom::frame_times(recipe);
    const auto state = [&](FrameIndex frame) {
        return phantom::breathing_state(recipe, time_s[static_cast<std::size_t>(frame)]);
    };
    const double at_mask = state(mask);
    FrameIndex farthest = kFirstLive;
    for (FrameIndex frame = kFirstLive; frame <= kLastLive; ++frame) {
        if (std::abs(state(frame) - at_mask) > std::abs(state(farthest) - at_mask)) {
            farthest = frame;
        }
    }
    const double halfway = 0.5 * (state(farthest) + at_mask);
    FrameIndex middle = farthest == kFirstLive ? kFirstLive + 1 : kFirstLive;
    for (FrameIndex frame = kFirstLive; frame <= kLastLive; ++frame) {
        if (frame != farthest &&
            std::abs(state(frame) - halfway) < std::abs(state(middle) - halfway)) {
            middle = frame;
        }
    }
    return {std::min(farthest, middle), std::max(farthest, middle)};
}

Displacement uniform_field(Extent extent, Point shift_px) {
    Displacement field(extent, 1);
    field.add(shift_px);
    return field;
}

// Two waves each way, 600 to 1400 px long whatever the size; the largest displacement is `most_px`.
Displacement smooth_field(Extent extent, Random& random, double most_px) {
    constexpr double kTau = 2.0 * std::numbers::pi;
    struct Wave {
        double x, y, phase;
    };
    std::vector<Wave> waves;
    for (int i = 0; i < 4; ++i) {
        const double length = random.uniform(600.0, 1400.0);
        const double angle = random.uniform(0.0, kTau);
        waves.push_back({kTau / length * std::cos(angle), kTau / length * std::sin(angle),
                         random.uniform(0.0, kTau)});
    }
    const auto wave = [&](std::size_t i, int x, int y) {
        return std::sin(waves[i].x * x + waves[i].y * y + waves[i].phase);
    };
    Displacement field(extent, 1);
    for (int y = 0; y < extent.height; ++y) {
        for (int x = 0; x < extent.width; ++x) {
            field.dx_px(x, y) = static_cast<float>(wave(0, x, y) + 0.5 * wave(1, x, y));
            field.dy_px(x, y) = static_cast<float>(wave(2, x, y) + 0.5 * wave(3, x, y));
        }
    }
    const auto scale = static_cast<float>(most_px / field.max_px());
    for (Image<float>* part : {&field.dx_px, &field.dy_px}) {
        for (float& value : part->pixels()) {
            value *= scale;
        }
    }
    return field;
}

}  // namespace

TrialPlan plan_trial(std::uint64_t seed, int index, int size) {
    Random random(seed, kTrial, static_cast<std::uint64_t>(index));
    TrialPlan plan;
    plan.trial_case = static_cast<TrialCase>(index % kBuiltInCases);
    Recipe& recipe = plan.recipe;
    recipe.seed = random.next() >> 20U;
    const bool chest = is_chest(plan.trial_case, random);
    recipe.name =
        std::string(to_string(plan.trial_case)) + " " + std::to_string(index / kBuiltInCases + 1);
    choose_acquisition(recipe, random, size);
    choose_anatomy(recipe, random, chest);
    choose_motion(recipe, random, plan.trial_case);
    const Extent extent{size, size};
    switch (plan.trial_case) {
        case TrialCase::still:
        case TrialCase::translation:
        case TrialCase::smooth:
            plan.masks = {0};
            plan.lives = {kFirstLive, kFirstLive + 8};
            break;
        case TrialCase::breathing:
        case TrialCase::chest_breathing:
            plan.masks = {kLibrary - 1};
            plan.lives = choose_lives(recipe, kLibrary - 1);
            break;
        default:
            for (FrameIndex frame = 0; frame < kLibrary; ++frame) {
                plan.masks.push_back(frame);
            }
            plan.lives = choose_lives(recipe, kLibrary - 1);
    }
    for (std::size_t i = 0; i < plan.lives.size(); ++i) {
        if (plan.trial_case == TrialCase::still) {
            plan.fields.push_back(uniform_field(extent, {}));
        } else if (plan.trial_case == TrialCase::translation) {
            const Point shift_px{random.uniform(-6.0, 6.0), random.uniform(-6.0, 6.0)};
            plan.fields.push_back(uniform_field(extent, shift_px));
        } else if (plan.trial_case == TrialCase::smooth) {
            plan.fields.push_back(smooth_field(extent, random, kMotion_px));
        }
    }
    return plan;
}

}  // namespace dsm::evaluation
