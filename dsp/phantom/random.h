// Random numbers that are the same on every machine and for any number of threads: each row of each
// frame has its own stream, addressed by number, and the samplers are our own (the distributions of
// the standard library differ between libraries).
#pragma once

#include <cstdint>

namespace dsm::phantom {

// SplitMix64's finaliser (Steele, Lea, Flood, OOPSLA 2014): a bijection that scatters every bit.
[[nodiscard]] constexpr std::uint64_t mix(std::uint64_t value) {
    value += 0x9e3779b97f4a7c15ULL;
    value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    value = (value ^ (value >> 27U)) * 0x94d049bb133111ebULL;
    return value ^ (value >> 31U);
}

// A stream of numbers named by (seed, purpose, place); streams do not depend on each other.
class Random {
 public:
    Random(std::uint64_t seed, std::uint64_t purpose, std::uint64_t place = 0)
        : state_(mix(seed ^ mix(purpose ^ mix(place)))) {}

    [[nodiscard]] std::uint64_t next() { return mix(state_ += 0x9e3779b97f4a7c15ULL); }
    // In [0, 1), 53 bits.
    [[nodiscard]] double uniform() { return static_cast<double>(next() >> 11U) * 0x1p-53; }
    [[nodiscard]] double uniform(double from, double to) { return from + (to - from) * uniform(); }
    [[nodiscard]] double normal();             // mean 0, variance 1 (Box-Muller)
    [[nodiscard]] double gamma(double shape);  // mean `shape`, scale 1 (Marsaglia and Tsang 2000)
    // Exact for any mean >= 0: products of uniforms below 10, Hormann's PTRS (1993) from there on.
    [[nodiscard]] double poisson(double mean);

 private:
    std::uint64_t state_;
    double spare_normal_{0.0};
    bool has_spare_{false};
};

// Smooth random field of (x, y), values about -1..1 with standard deviation near 0.35; `octaves`
// layers, each of half the size and `roughness` times the strength of the one before.
[[nodiscard]] double fractal_noise(std::uint64_t seed, double x, double y, int octaves,
                                   double roughness = 0.5);

}  // namespace dsm::phantom
