#include "dsp/subtraction/exposure.h"

#include <algorithm>
#include <cmath>
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

// The shortest interval that holds 40 % of the values: contrast over half the picture can not
// reach it as long as the background is the more alike.
Mode mode_of(std::vector<float>& values) {
    std::sort(values.begin(), values.end());
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

}  // namespace

float exposure_offset(ImageView<const float> mask, ImageView<const float> live,
                      ImageView<const std::uint8_t> usable) {
    std::vector<float> differences;
    const int step = live.extent().pixels() > kMostSamples
                         ? static_cast<int>(std::sqrt(static_cast<double>(live.extent().pixels()) /
                                                      static_cast<double>(kMostSamples)))
                         : 1;
    for (int y = 0; y < live.height(); y += step) {
        for (int x = 0; x < live.width(); x += step) {
            if (usable(x, y) != 0) {
                differences.push_back(mask(x, y) - live(x, y));
            }
        }
    }
    if (differences.empty()) {
        return 0.0F;
    }
    const Mode mode = mode_of(differences);
    double location = mode.location;
    const double limit = kTukey * mode.deviation;
    for (int iteration = 0; limit > 0.0 && iteration < kIterations; ++iteration) {
        double sum = 0.0;
        double weights = 0.0;
        for (const float difference : differences) {
            const double z = (static_cast<double>(difference) - location) / limit;
            const double inside = std::max(0.0, 1.0 - z * z);
            sum += inside * inside * static_cast<double>(difference);
            weights += inside * inside;
        }
        location = weights > 0.0 ? sum / weights : location;
    }
    return static_cast<float>(location);
}

}  // namespace dsm
