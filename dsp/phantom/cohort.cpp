#include "dsp/phantom/cohort.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

#include "dsp/core/levels.h"
#include "dsp/phantom/motion.h"
#include "dsp/phantom/random.h"
#include "dsp/phantom/spine.h"

namespace dsm::phantom {
namespace {

enum Purpose : std::uint64_t { kCohort = 1001, kHeldOut = 1002 };

double log_uniform(Random& random, double from, double to) {
    return from * std::exp(random.uniform() * std::log(to / from));
}

// Readable in recipe.json, and the same after a round trip through text.
double tidy(double value) {
    return std::round(value * 1000.0) / 1000.0;
}

void choose_view(Recipe& recipe, Random& random) {
    const std::vector<std::string> names = level_names();
    const int middle = kOrderT1 + 6 + static_cast<int>(random.uniform(0.0, 8.0));  // T7 to L2
    recipe.anatomy.center_level = names[static_cast<std::size_t>(middle)];
    recipe.anatomy.lung_depth_cm =
        middle <= kOrderT1 + 10 ? tidy(random.uniform(4.0, 10.0)) : tidy(random.uniform(0.0, 5.0));
    recipe.anatomy.offset_mm = tidy(random.uniform(-12.0, 12.0));
    recipe.anatomy.scoliosis_mm = tidy(random.uniform(-10.0, 10.0));
    recipe.anatomy.size = tidy(random.uniform(0.88, 1.10));
    recipe.anatomy.bone = tidy(random.uniform(0.7, 1.25));
    recipe.anatomy.texture = tidy(random.uniform(0.8, 1.6));
    recipe.anatomy.bowel_gas =
        middle >= kOrderT1 + 10 ? static_cast<int>(random.uniform(0.0, 5.0)) : 0;
    recipe.image.pixel_mm = tidy(random.uniform(0.22, 0.36));
    recipe.image.intensity = random.uniform() < 0.3 ? Intensity::logarithmic : Intensity::linear;
    recipe.image.codec = Codec::jpeg_ls;
    recipe.position =
        random.uniform() < 0.6 ? PatientPosition::right_decubitus : PatientPosition::left_decubitus;
}

void choose_motion(Recipe& recipe, Random& random) {
    BreathingRecipe& breathing = recipe.motion.breathing;
    breathing.period_s = tidy(random.uniform(3.2, 6.5));
    breathing.irregularity = tidy(random.uniform(0.05, 0.4));
    const double habit = random.uniform();
    if (habit < 0.25) {  // anaesthesia, breathing suspended
        breathing.amplitude_mm = tidy(random.uniform(0.0, 1.0));
    } else if (habit < 0.65) {  // held, and released before the end
        breathing.amplitude_mm = tidy(random.uniform(5.0, 16.0));
        breathing.hold_until_s = tidy(random.uniform(15.0, 40.0));
        breathing.hold_drift_mm_s = tidy(random.uniform(0.0, 0.3));
    } else {
        breathing.amplitude_mm = tidy(random.uniform(3.0, 12.0));
    }
    recipe.motion.heart_mm = tidy(random.uniform(1.0, 5.0));
    recipe.motion.heart_hz = tidy(random.uniform(0.9, 1.5));
    recipe.motion.wander_mm = tidy(log_uniform(random, 0.05, 1.0));
    recipe.motion.rotation_deg = tidy(random.uniform(0.0, 0.3));
    if (random.uniform() < 0.15) {
        recipe.motion.jerk_at_s = tidy(random.uniform(8.0, 35.0));
        recipe.motion.jerk_mm[0] = tidy(random.uniform(-3.0, 3.0));
        recipe.motion.jerk_mm[1] = tidy(random.uniform(-3.0, 3.0));
        recipe.motion.jerk_deg = tidy(random.uniform(-0.5, 0.5));
    }
}

void choose_acquisition(Recipe& recipe, Random& random) {
    recipe.timing.rate_hz = random.uniform() < 0.5 ? 1.0 : (random.uniform() < 0.6 ? 2.0 : 1.5);
    recipe.timing.frames = static_cast<int>(std::lround(48.0 * recipe.timing.rate_hz));
    if (random.uniform() < 0.15) {
        recipe.timing.jitter_s = 0.1;
    }
    recipe.contrast.start_s = tidy(random.uniform(3.0, 6.0));
    recipe.contrast.front_mm_s = tidy(random.uniform(11.0, 30.0));
    recipe.contrast.iodine_mg_ml = tidy(random.uniform(25.0, 90.0));
    recipe.contrast.layering = tidy(random.uniform(0.4, 0.85));
    recipe.detector.dose_ugy = tidy(log_uniform(random, 1.0, 6.0));
    recipe.detector.scatter_fraction = tidy(random.uniform(0.35, 0.6));
    recipe.detector.blur_px = tidy(random.uniform(0.5, 1.0));
    recipe.detector.flutter = tidy(random.uniform(0.0, 0.01));
    recipe.detector.drift_per_s = tidy(random.uniform(-0.002, 0.002));
    if (random.uniform() < 0.2) {
        recipe.detector.steps.push_back(
            {tidy(random.uniform(5.0, 30.0)), tidy(random.uniform(0.85, 1.15))});
    }
}

// Foramina well inside the picture, as orders above the gap.
std::vector<int> foramina_in_view(const Recipe& recipe) {
    const Spine spine(recipe);
    const double half_mm = 0.5 * recipe.image.rows * recipe.image.pixel_mm;
    std::vector<int> orders;
    for (int order = kOrderT1; order <= kOrderL1 + 3; ++order) {
        if (std::abs(spine.y_of(order + 0.5)) < 0.78 * half_mm) {
            orders.push_back(order);
        }
    }
    return orders;
}

class Places {
 public:
    Places(const Recipe& recipe, Random& random) : random_(random) {
        for (const int order : foramina_in_view(recipe)) {
            free_.push_back({order, Side::left});
            free_.push_back({order, Side::right});
        }
    }
    // A foramen that nothing else has yet.
    void give(StructureRecipe& structure, double right_share) {
        const Side wanted = random_.uniform() < right_share ? Side::right : Side::left;
        std::vector<std::size_t> fitting;
        for (std::size_t i = 0; i < free_.size(); ++i) {
            if (free_[i].side == wanted) {
                fitting.push_back(i);
            }
        }
        if (fitting.empty()) {
            return;
        }
        const auto chosen = fitting[static_cast<std::size_t>(random_.uniform() *
                                                             static_cast<double>(fitting.size()))];
        const std::vector<std::string> names = level_names();
        const auto order = static_cast<std::size_t>(free_[chosen].order);
        structure.level = names[order] + "-" + names[order + 1];
        structure.side = wanted;
        free_.erase(free_.begin() + static_cast<std::ptrdiff_t>(chosen));
    }

 private:
    struct Place {
        int order;
        Side side;
    };
    std::vector<Place> free_;
    Random& random_;
};

StructureRecipe vein(const Recipe& recipe, Random& random) {
    StructureRecipe s;
    s.kind = "csf_venous_fistula";
    const double route = random.uniform();
    s.route = route < 0.45 ? Drainage::paravertebral
                           : (route < 0.77 ? Drainage::central_epidural : Drainage::lateral);
    s.iodine_mg_ml = tidy(log_uniform(random, 10.0, 60.0));
    s.width_mm = tidy(random.uniform(1.2, 3.0));
    s.length_mm = tidy(log_uniform(random, 14.0, 75.0));
    // Later than this the run would end before the vein could be seen.
    const double run_s = recipe.timing.frames / recipe.timing.rate_hz;
    const double height_mm = recipe.image.rows * recipe.image.pixel_mm;
    const double latest_s =
        run_s - recipe.contrast.start_s - height_mm / recipe.contrast.front_mm_s - 8.0;
    const double delay_s = 9.1 / 1.5 * random.gamma(1.5);
    s.delay_s = tidy(std::clamp(delay_s, 0.5, std::max(0.5, std::min(30.0, latest_s))));
    s.rise_s = tidy(random.uniform(3.0, 8.0));
    s.speed_mm_s = tidy(log_uniform(random, 4.0, 40.0));
    if (random.uniform() < 0.15) {
        s.washout_s = tidy(random.uniform(15.0, 40.0));
    }
    return s;
}

void choose_structures(Recipe& recipe, Random& random, bool positive) {
    Places places(recipe, random);
    if (positive && random.uniform() < 0.15) {
        StructureRecipe s;
        s.kind = "extravasation";
        s.iodine_mg_ml = tidy(random.uniform(15.0, 50.0));
        s.width_mm = tidy(random.uniform(5.0, 10.0));
        s.length_mm = tidy(random.uniform(40.0, 100.0));
        s.delay_s = tidy(random.uniform(0.5, 6.0));
        s.speed_mm_s = tidy(random.uniform(1.5, 5.0));
        places.give(s, 0.5);
        recipe.structures.push_back(s);
    } else if (positive) {
        const double share = random.uniform();
        const int count = share < 0.62 ? 1 : (share < 0.90 ? 2 : 3);
        for (int i = 0; i < count; ++i) {
            StructureRecipe s = vein(recipe, random);
            places.give(s, 0.75);
            recipe.structures.push_back(s);
        }
    }
    const int pouches = static_cast<int>(random.uniform(0.0, 3.5));
    for (int i = 0; i < pouches; ++i) {
        StructureRecipe s;
        s.kind = "diverticulum";
        s.iodine_mg_ml = tidy(recipe.contrast.iodine_mg_ml * random.uniform(0.1, 0.6));
        s.width_mm = tidy(random.uniform(3.0, 9.0));
        s.delay_s = tidy(random.uniform(0.5, 4.0));
        s.rise_s = tidy(random.uniform(3.0, 10.0));
        places.give(s, 0.5);
        recipe.structures.push_back(s);
    }
}

}  // namespace

Recipe cohort_recipe(std::uint64_t seed, int index, Split split) {
    const Purpose purpose = split == Split::held_out ? kHeldOut : kCohort;
    Random random(seed, purpose, static_cast<std::uint64_t>(index));
    Recipe recipe;
    recipe.seed = random.next() >> 20U;
    char name[32];
    std::snprintf(name, sizeof name, "run_%03d", index);
    recipe.name = name;
    recipe.split = split;
    const bool positive = index % 2 == 1;
    recipe.note = "cohort " + std::to_string(seed) + ", number " + std::to_string(index);
    choose_view(recipe, random);
    choose_motion(recipe, random);
    choose_acquisition(recipe, random);
    choose_structures(recipe, random, positive);
    return recipe;
}

}  // namespace dsm::phantom
