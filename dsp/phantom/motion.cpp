#include "dsp/phantom/motion.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "dsp/phantom/random.h"

namespace dsm::phantom {
namespace {

enum Purpose : std::uint64_t {
    kJitter = 501,
    kBreathDepth = 502,
    kBreathPhase = 503,
    kWanderX = 504,
    kWanderY = 505,
    kRotation = 506,
    kGas = 507,
    kHeart = 508,
};

constexpr double kTau = 2.0 * std::numbers::pi;
// A movement of the whole patient takes this long.
constexpr double kJerkLasts_s = 0.4;

// A slow random walk through about -1..1 that starts at 0.
double wander(std::uint64_t seed, double time_s, double scale_s) {
    return 1.6 * (fractal_noise(seed, time_s / scale_s, 0.5, 3) - fractal_noise(seed, 0.0, 0.5, 3));
}

double free_breathing(const Recipe& recipe, double breathed_s) {
    const BreathingRecipe& breathing = recipe.motion.breathing;
    const double irregular = breathing.irregularity;
    const double phase =
        breathed_s / breathing.period_s +
        0.5 * irregular * fractal_noise(recipe.seed + kBreathPhase, breathed_s / 6.0, 0.5, 2);
    const double depth =
        1.0 + 0.9 * irregular * fractal_noise(recipe.seed + kBreathDepth, breathed_s / 7.0, 0.5, 2);
    // Breathing out is longer than breathing in: the square stays low for longer.
    const double wave = 0.5 - 0.5 * std::cos(kTau * phase);
    return depth * std::pow(wave, 1.4);
}

}  // namespace

std::vector<double> frame_times(const Recipe& recipe) {
    const TimingRecipe& timing = recipe.timing;
    std::vector<double> times{0.0};
    Random random(recipe.seed, kJitter);
    while (times.size() < static_cast<std::size_t>(timing.frames)) {
        const bool later = timing.later_from_s > 0.0 && times.back() >= timing.later_from_s;
        double step_s = 1.0 / (later ? timing.later_rate_hz : timing.rate_hz);
        step_s += timing.jitter_s * random.uniform(-1.0, 1.0);
        // The header holds whole microseconds.
        step_s = std::max(0.001, std::round(step_s * 1e6) * 1e-6);
        times.push_back(std::round((times.back() + step_s) * 1e6) * 1e-6);
    }
    return times;
}

double breathing_state(const Recipe& recipe, double time_s) {
    const BreathingRecipe& breathing = recipe.motion.breathing;
    const double held_s = std::max(0.0, breathing.hold_until_s - breathing.hold_from_s);
    if (held_s <= 0.0 || time_s < breathing.hold_from_s) {
        return free_breathing(recipe, time_s);
    }
    const double at_hold = free_breathing(recipe, breathing.hold_from_s);
    const double per_mm = breathing.amplitude_mm > 0.0 ? 1.0 / breathing.amplitude_mm : 0.0;
    if (time_s < breathing.hold_until_s) {
        return at_hold - breathing.hold_drift_mm_s * per_mm * (time_s - breathing.hold_from_s);
    }
    // Released: a deep breath first, then as before the hold.
    const double since_s = time_s - breathing.hold_until_s;
    const double drift = breathing.hold_drift_mm_s * per_mm * held_s * std::exp(-since_s / 1.5);
    const double deep = 1.0 + 0.6 * (1.0 - std::exp(-since_s)) * std::exp(-since_s / 6.0);
    return deep * free_breathing(recipe, breathing.hold_from_s + since_s) - drift;
}

Motion::Motion(const Recipe& recipe, const Spine& spine, double time_s) : spine_(spine) {
    const MotionRecipe& motion = recipe.motion;
    const std::uint64_t seed = recipe.seed;
    shift_mm_ = {
        motion.wander_mm * wander(seed + kWanderX, time_s, 14.0) + motion.drift_mm_s[0] * time_s,
        motion.wander_mm * wander(seed + kWanderY, time_s, 11.0) + motion.drift_mm_s[1] * time_s};
    double degrees = motion.rotation_deg * wander(seed + kRotation, time_s, 17.0);
    if (motion.jerk_at_s > 0.0) {
        const double done =
            soft_step(time_s - motion.jerk_at_s - 0.5 * kJerkLasts_s, 0.5 * kJerkLasts_s);
        shift_mm_.x += done * motion.jerk_mm[0];
        shift_mm_.y += done * motion.jerk_mm[1];
        degrees += done * motion.jerk_deg;
    }
    cosine_ = std::cos(degrees * std::numbers::pi / 180.0);
    sine_ = std::sin(degrees * std::numbers::pi / 180.0);
    breath_mm_ = motion.breathing.amplitude_mm * breathing_state(recipe, time_s);
    const double beats = motion.heart_hz * time_s + 0.1 * wander(seed + kHeart, time_s, 5.0);
    // Systole is short: a third of the beat.
    beat_mm_ = motion.heart_mm * std::pow(0.5 + 0.5 * std::cos(kTau * beats), 2.0);
    gas_mm_ = {5.0 * wander(seed + kGas, time_s, 7.0), 4.0 * wander(seed + kGas + 50, time_s, 8.0)};
    heart_ = heart_center(spine);
    lung_top_mm_ = spine.y_of(kOrderT1);
}

PointMm Motion::seen_at(PointMm drawn) const {
    return {cosine_ * drawn.x - sine_ * drawn.y + shift_mm_.x,
            sine_ * drawn.x + cosine_ * drawn.y + shift_mm_.y};
}

PointMm Motion::drawn_at(LayerKind layer, PointMm p) const {
    const double dx = p.x - shift_mm_.x;
    const double dy = p.y - shift_mm_.y;
    PointMm q{cosine_ * dx + sine_ * dy, -sine_ * dx + cosine_ * dy};
    switch (layer) {
        case LayerKind::spine:
            break;
        case LayerKind::ribs: {
            // Bucket handle: nothing at the joint, most at the side (ribs rise on breathing in).
            const double off = q.x - spine_.x_at(q.y);
            const double beyond = std::max(0.0, std::abs(off) - 18.0) / 75.0;
            const double share = 1.0 - std::exp(-beyond * beyond);
            q.y += 0.32 * breath_mm_ * share;
            q.x -= (off > 0.0 ? 0.10 : -0.10) * breath_mm_ * share;
            break;
        }
        case LayerKind::lungs: {
            const double reach = diaphragm_y(spine_, q.x) - lung_top_mm_;
            const double share = std::clamp((q.y - lung_top_mm_) / reach, 0.06, 1.0);
            q.y -= breath_mm_ * share;
            break;
        }
        case LayerKind::heart: {
            q.y -= 0.42 * breath_mm_;
            const double rx = q.x - heart_.x;
            const double ry = q.y - heart_.y;
            const double radius = std::hypot(rx, ry);
            // The wall, some 50 mm out, moves `beat`; farther away it dies out.
            const double gain = beat_mm_ / 50.0 * std::exp(-std::pow(radius / 85.0, 4.0));
            q.x += gain * rx;
            q.y += gain * ry;
            break;
        }
        case LayerKind::abdomen:
            q.y -= 0.85 * breath_mm_;
            break;
        case LayerKind::bowel_gas:
            q.x -= gas_mm_.x;
            q.y -= gas_mm_.y + 0.55 * breath_mm_;
            break;
    }
    return q;
}

double largest_motion_mm(const Recipe& recipe) {
    const MotionRecipe& motion = recipe.motion;
    const double last_s = frame_times(recipe).back();
    const double drift =
        std::max(std::abs(motion.drift_mm_s[0]), std::abs(motion.drift_mm_s[1])) * last_s;
    const double jerk = std::max(std::abs(motion.jerk_mm[0]), std::abs(motion.jerk_mm[1]));
    const double own = 2.0 * motion.breathing.amplitude_mm + motion.heart_mm +
                       (recipe.anatomy.bowel_gas > 0 ? 10.0 : 0.0);
    return own + 2.0 * motion.wander_mm + jerk + drift + 4.0;
}

}  // namespace dsm::phantom
