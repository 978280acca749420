#include "dsp/subtraction/noise_estimate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace dsm {
namespace {

constexpr std::size_t kClasses = 24;
constexpr std::size_t kPixelsPerClass = 64;
constexpr int kSmooth = 3;                   // classes on either side
constexpr float kLowerQuartile = 0.318639F;  // of the absolute value of a standard normal
constexpr int kReach = 2;                    // px; the mean taken off spans 2 kReach + 1
// Variance left by taking off a mean of 25 that includes the pixel, times two frames.
constexpr float kFilterVariance = 2.0F * (1.0F - 1.0F / 25.0F);
// A variance below this is quantisation to nothing, not a measurement.
constexpr float kSmallestVariance = 1e-9F;

struct Sample {
    float log_intensity;
    float response;
};

bool usable_around(ImageView<const std::uint8_t> usable, int x, int y) {
    unsigned good = 1;
    for (int row = y - kReach; row <= y + kReach; ++row) {
        const std::uint8_t* from = usable.row(row) + x;
        for (int i = -kReach; i <= kReach; ++i) {
            good &= from[i];
        }
    }
    return good != 0;
}

float local_difference(ImageView<const float> a, ImageView<const float> b, int x, int y) {
    float sum = 0.0F;
    for (int row = y - kReach; row <= y + kReach; ++row) {
        const float* p = a.row(row) + x;
        const float* q = b.row(row) + x;
        for (int i = -kReach; i <= kReach; ++i) {
            sum += p[i] - q[i];
        }
    }
    return a(x, y) - b(x, y) - sum / 25.0F;
}

std::vector<Sample> samples_of(ImageView<const float> a, ImageView<const float> b,
                               ImageView<const std::uint8_t> usable) {
    const int step = a.extent().pixels() > 300000 ? 2 : 1;
    std::vector<Sample> samples;
    samples.reserve(a.extent().pixels() / static_cast<std::size_t>(step * step));
    for (int y = kReach; y + kReach < a.height(); y += step) {
        for (int x = kReach; x + kReach < a.width(); x += step) {
            if (usable_around(usable, x, y)) {
                samples.push_back(
                    {0.5F * (a(x, y) + b(x, y)), std::abs(local_difference(a, b, x, y))});
            }
        }
    }
    return samples;
}

std::pair<float, float> span_of(const std::vector<Sample>& samples) {
    std::vector<float> values;
    values.reserve(samples.size());
    for (const Sample& sample : samples) {
        values.push_back(sample.log_intensity);
    }
    const auto at = [&](double part) {
        const auto n = static_cast<std::ptrdiff_t>(part * static_cast<double>(values.size() - 1));
        std::nth_element(values.begin(), values.begin() + n, values.end());
        return values[static_cast<std::size_t>(n)];
    };
    const float low = at(0.002);
    const float high = at(0.998);
    return {low, std::max(high, low + 1e-3F)};
}

// Classes without enough pixels (negative) take the value of the nearest that has them.
void fill_gaps(std::vector<float>& variance) {
    const std::vector<float> known = variance;
    for (std::size_t i = 0; i < known.size(); ++i) {
        for (std::size_t away = 0; away < known.size() && variance[i] < 0.0F; ++away) {
            if (i >= away && known[i - away] > 0.0F) {
                variance[i] = known[i - away];
            } else if (i + away < known.size() && known[i + away] > 0.0F) {
                variance[i] = known[i + away];
            }
        }
    }
}

// In ln(variance) against ln(intensity) photon transfer is nearly straight over a few classes: a
// weighted line through 2 kSmooth + 1 of them has a third of the scatter of one. Classes without
// enough pixels (count 0) take the line of those around.
std::vector<float> smoothed(const std::vector<float>& variance, const std::vector<double>& count) {
    std::vector<float> out = variance;
    const int last = static_cast<int>(variance.size()) - 1;
    for (int i = 0; i <= last; ++i) {
        double w = 0.0, wx = 0.0, wxx = 0.0, wy = 0.0, wxy = 0.0;
        for (int j = std::max(0, i - kSmooth); j <= std::min(last, i + kSmooth); ++j) {
            const auto at = static_cast<std::size_t>(j);
            if (count[at] > 0.0) {
                const double x = j - i;
                const double y = std::log(static_cast<double>(variance[at]));
                w += count[at];
                wx += count[at] * x;
                wxx += count[at] * x * x;
                wy += count[at] * y;
                wxy += count[at] * x * y;
            }
        }
        const double spread = w * wxx - wx * wx;
        if (w > 0.0) {
            const double at_zero = spread > 1e-9 * w * w ? (wxx * wy - wx * wxy) / spread : wy / w;
            out[static_cast<std::size_t>(i)] = static_cast<float>(std::exp(at_zero));
        }
    }
    return out;
}

}  // namespace

NoiseModel estimate_noise(ImageView<const float> earlier, ImageView<const float> later,
                          ImageView<const std::uint8_t> usable) {
    const std::vector<Sample> samples = samples_of(earlier, later, usable);
    if (samples.size() < kPixelsPerClass) {
        return {};
    }
    const auto [low, high] = span_of(samples);
    const float step = (high - low) / static_cast<float>(kClasses - 1);
    std::array<std::vector<float>, kClasses> responses;
    for (const Sample& sample : samples) {
        const float at = (sample.log_intensity - low) / step + 0.5F;
        const auto last = static_cast<float>(kClasses - 1);
        responses[static_cast<std::size_t>(std::clamp(at, 0.0F, last))].push_back(sample.response);
    }
    std::vector<float> variance(kClasses, -1.0F);
    std::vector<double> count(kClasses, 0.0);
    bool any = false;
    for (std::size_t i = 0; i < kClasses; ++i) {
        std::vector<float>& values = responses[i];
        if (values.size() >= kPixelsPerClass) {
            const auto quarter = static_cast<std::ptrdiff_t>(values.size() / 4);
            std::nth_element(values.begin(), values.begin() + quarter, values.end());
            const float deviation = values[static_cast<std::size_t>(quarter)] / kLowerQuartile;
            variance[i] = std::max(kSmallestVariance, deviation * deviation / kFilterVariance);
            count[i] = static_cast<double>(values.size());
            any = true;
        }
    }
    if (!any) {
        return {};
    }
    fill_gaps(variance);
    return {low, step, smoothed(variance, count)};
}

NoiseModel quieter_of(const NoiseModel& a, const NoiseModel& b) {
    if (!a.known() || !b.known()) {
        return a.known() ? a : b;
    }
    const float last_a = a.first() + a.step() * static_cast<float>(a.table().size() - 1);
    const float last_b = b.first() + b.step() * static_cast<float>(b.table().size() - 1);
    const float low = std::min(a.first(), b.first());
    const float step = (std::max(last_a, last_b) - low) / static_cast<float>(kClasses - 1);
    std::vector<float> variance(kClasses);
    for (std::size_t i = 0; i < kClasses; ++i) {
        const float at = low + step * static_cast<float>(i);
        variance[i] = std::min(a.variance(at), b.variance(at));
    }
    return {low, step, std::move(variance)};
}

}  // namespace dsm
