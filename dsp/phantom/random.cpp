#include "dsp/phantom/random.h"

#include <cmath>
#include <numbers>

namespace dsm::phantom {
namespace {

double lattice(std::uint64_t seed, std::int64_t x, std::int64_t y) {
    const std::uint64_t hash = mix(seed ^ mix(static_cast<std::uint64_t>(x) * 0x8da6b343ULL ^
                                              mix(static_cast<std::uint64_t>(y))));
    return static_cast<double>(hash >> 11U) * 0x1p-52 - 1.0;
}

double smooth_noise(std::uint64_t seed, double x, double y) {
    const double left = std::floor(x);
    const double top = std::floor(y);
    const auto ix = static_cast<std::int64_t>(left);
    const auto iy = static_cast<std::int64_t>(top);
    const auto ease = [](double t) { return t * t * (3.0 - 2.0 * t); };
    const double u = ease(x - left);
    const double v = ease(y - top);
    const double above = lattice(seed, ix, iy) * (1.0 - u) + lattice(seed, ix + 1, iy) * u;
    const double below = lattice(seed, ix, iy + 1) * (1.0 - u) + lattice(seed, ix + 1, iy + 1) * u;
    return above * (1.0 - v) + below * v;
}

// log(k!) for the acceptance test of PTRS; std::lgamma writes a global and may differ by library.
double log_factorial(double k) {
    if (k < 16.0) {
        double sum = 0.0;
        for (double factor = 2.0; factor <= k; factor += 1.0) {
            sum += std::log(factor);
        }
        return sum;
    }
    // Stirling's series; the first term left out is below 1e-9 here.
    const double n = k + 1.0;
    const double inverse = 1.0 / n;
    return (n - 0.5) * std::log(n) - n + 0.5 * std::log(2.0 * std::numbers::pi) +
           inverse * (1.0 / 12.0 - inverse * inverse * (1.0 / 360.0 - inverse * inverse / 1260.0));
}

}  // namespace

double Random::normal() {
    if (has_spare_) {
        has_spare_ = false;
        return spare_normal_;
    }
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
    const double angle = 2.0 * std::numbers::pi * uniform();
    spare_normal_ = radius * std::sin(angle);
    has_spare_ = true;
    return radius * std::cos(angle);
}

double Random::gamma(double shape) {
    if (shape < 1.0) {
        return gamma(shape + 1.0) * std::pow(1.0 - uniform(), 1.0 / shape);
    }
    const double d = shape - 1.0 / 3.0;
    const double c = 1.0 / std::sqrt(9.0 * d);
    while (true) {
        const double x = normal();
        const double cube_root = 1.0 + c * x;
        if (cube_root <= 0.0) {
            continue;
        }
        const double v = cube_root * cube_root * cube_root;
        if (std::log(1.0 - uniform()) < 0.5 * x * x + d - d * v + d * std::log(v)) {
            return d * v;
        }
    }
}

double Random::poisson(double mean) {
    if (!(mean > 0.0)) {
        return 0.0;
    }
    if (mean < 10.0) {
        const double limit = std::exp(-mean);
        double product = uniform();
        double count = 0.0;
        while (product > limit) {
            product *= uniform();
            count += 1.0;
        }
        return count;
    }
    // W. Hormann, "The transformed rejection method for generating Poisson random variables",
    // Insurance: Mathematics and Economics 12 (1993) 39: algorithm PTRS.
    const double b = 0.931 + 2.53 * std::sqrt(mean);
    const double a = -0.059 + 0.02483 * b;
    const double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
    const double v_r = 0.9277 - 3.6224 / (b - 2.0);
    while (true) {
        const double u = uniform() - 0.5;
        const double v = 1.0 - uniform();
        const double us = 0.5 - std::abs(u);
        const double k = std::floor((2.0 * a / us + b) * u + mean + 0.43);
        if (us >= 0.07 && v <= v_r) {
            return k;
        }
        if (k < 0.0 || (us < 0.013 && v > us)) {
            continue;
        }
        if (std::log(v) + std::log(inverse_alpha) - std::log(a / (us * us) + b) <=
            k * std::log(mean) - mean - log_factorial(k)) {
            return k;
        }
    }
}

double fractal_noise(std::uint64_t seed, double x, double y, int octaves, double roughness) {
    double sum = 0.0;
    double strength = 1.0;
    for (int octave = 0; octave < octaves; ++octave) {
        sum += strength * smooth_noise(seed + static_cast<std::uint64_t>(octave), x, y);
        x = 2.0 * x + 17.3;
        y = 2.0 * y + 5.7;
        strength *= roughness;
    }
    return sum;
}

}  // namespace dsm::phantom
