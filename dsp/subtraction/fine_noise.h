// The noise model on a finer grid, one look-up a pixel: within 1e-4 of the interpolated table for
// tables of up to a few hundred entries.
#pragma once

#include <array>
#include <cstddef>

#include "dsp/core/noise.h"

namespace dsm {

struct FineNoise {
    static constexpr std::size_t kEntries = 4096;

    float first{0.0F};     // log intensity where entry 0 begins
    float per_step{0.0F};  // entries per unit of log intensity
    std::array<float, kEntries> variance{};

    explicit FineNoise(const NoiseModel& noise) : first(noise.first()) {
        const float length = noise.step() * static_cast<float>(noise.table().size());
        const float step = length / static_cast<float>(kEntries);
        per_step = step > 0.0F ? 1.0F / step : 0.0F;
        for (std::size_t i = 0; i < kEntries; ++i) {
            variance[i] = noise.variance(first + (static_cast<float>(i) + 0.5F) * step);
        }
    }
};

}  // namespace dsm
