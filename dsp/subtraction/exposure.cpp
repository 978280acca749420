#include "dsp/subtraction/exposure.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace dsm {
namespace {

constexpr double kTukey = 4.685;
constexpr int kIterations = 8;
constexpr std::size_t kMostSamples = 20000;

double median(std::vector<float>& values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return static_cast<double>(*middle);
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
    double location = median(differences);
    std::vector<float> away(differences.size());
    for (int iteration = 0; iteration < kIterations; ++iteration) {
        for (std::size_t i = 0; i < away.size(); ++i) {
            away[i] = std::abs(differences[i] - static_cast<float>(location));
        }
        const double limit = kTukey * 1.4826 * median(away);
        if (!(limit > 0.0)) {
            break;
        }
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
