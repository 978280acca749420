#include "dsp/subtraction/exposure.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <utility>
#include <vector>

namespace dsm {
namespace {

// Narrower than the usual 4.685: what contrast adds to the positive side of noise weighs little.
constexpr double kTukey = 3.0;
constexpr int kIterations = 8;
constexpr std::size_t kMostSamples = 20000;
constexpr double kShortestPart = 0.4;
constexpr double kHalfWidth = 0.5244;  // of the middle 40 % of a standard normal

struct Mode {
    double location{0.0};
    double deviation{0.0};
};

// Ascending, by three rounds of eleven bits: ten times as fast as comparing. A float's bits order
// as the number does once the sign is turned, and negative numbers altogether.
void sort_values(OffsetSample& sample) {
    constexpr unsigned kBits = 11;
    constexpr std::uint32_t kDigit = (1U << kBits) - 1U;
    const std::size_t count = sample.values.size();
    sample.keys.resize(count);
    sample.spare.resize(count);
    std::array<std::array<std::uint32_t, kDigit + 1>, 3> first{};
    for (std::size_t i = 0; i < count; ++i) {
        const auto bits = std::bit_cast<std::uint32_t>(sample.values[i]);
        const std::uint32_t key = bits ^ ((bits >> 31U) != 0 ? 0xFFFFFFFFU : 0x80000000U);
        sample.keys[i] = key;
        for (unsigned round = 0; round < first.size(); ++round) {
            ++first[round][(key >> (round * kBits)) & kDigit];
        }
    }
    for (unsigned round = 0; round < first.size(); ++round) {
        std::uint32_t sum = 0;
        for (std::uint32_t& place : first[round]) {
            sum += std::exchange(place, sum);
        }
        for (const std::uint32_t key : sample.keys) {
            sample.spare[first[round][(key >> (round * kBits)) & kDigit]++] = key;
        }
        std::swap(sample.keys, sample.spare);
    }
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint32_t key = sample.keys[i];
        sample.values[i] =
            std::bit_cast<float>(key ^ ((key >> 31U) != 0 ? 0x80000000U : 0xFFFFFFFFU));
    }
}

// The shortest interval that holds 40 % of the values: contrast over half the picture can not
// reach it as long as the background is the more alike.
// Of sorted values.
Mode mode_of(const std::vector<float>& values) {
    const auto span = static_cast<std::size_t>(kShortestPart * static_cast<double>(values.size()));
    std::size_t best = 0;
    for (std::size_t i = 0; i + span < values.size(); ++i) {
        if (values[i + span] - values[i] < values[best + span] - values[best]) {
            best = i;
        }
    }
    const auto low = static_cast<double>(values[best]);
    const auto high = static_cast<double>(values[best + span]);
    return {0.5 * (low + high), 0.5 * (high - low) / kHalfWidth};
}

float location_of(OffsetSample& sample) {
    if (sample.values.empty()) {
        return 0.0F;
    }
    sort_values(sample);
    const Mode mode = mode_of(sample.values);
    double location = mode.location;
    const double limit = kTukey * mode.deviation;
    for (int iteration = 0; limit > 0.0 && iteration < kIterations; ++iteration) {
        double sum = 0.0;
        double weights = 0.0;
        for (const float difference : sample.values) {
            const double z = (static_cast<double>(difference) - location) / limit;
            const double inside = std::max(0.0, 1.0 - z * z);
            sum += inside * inside * static_cast<double>(difference);
            weights += inside * inside;
        }
        location = weights > 0.0 ? sum / weights : location;
    }
    return static_cast<float>(location);
}

template <class Difference>
float offset(ImageView<const std::uint8_t> usable, OffsetSample& sample,
             const Difference& difference) {
    const std::size_t pixels = usable.extent().pixels();
    const int step = pixels > kMostSamples
                         ? static_cast<int>(std::sqrt(static_cast<double>(pixels) /
                                                      static_cast<double>(kMostSamples)))
                         : 1;
    sample.values.clear();
    for (int y = 0; y < usable.height(); y += step) {
        for (int x = 0; x < usable.width(); x += step) {
            if (usable(x, y) != 0) {
                sample.values.push_back(difference(x, y));
            }
        }
    }
    return location_of(sample);
}

}  // namespace

float exposure_offset(ImageView<const float> mask, ImageView<const float> live,
                      ImageView<const std::uint8_t> usable, OffsetSample& sample) {
    return offset(usable, sample, [&](int x, int y) { return mask(x, y) - live(x, y); });
}

float exposure_offset(ImageView<const float> mask, ImageView<const float> live,
                      ImageView<const std::uint8_t> usable) {
    OffsetSample sample;
    return exposure_offset(mask, live, usable, sample);
}

float offset_of(ImageView<const float> difference, ImageView<const std::uint8_t> usable,
                OffsetSample& sample) {
    return offset(usable, sample, [&](int x, int y) { return difference(x, y); });
}

}  // namespace dsm
