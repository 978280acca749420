#include "dsp/motion/misfit.h"

#include <algorithm>
#include <cmath>

namespace dsm {
namespace {

constexpr float kTukey = 4.685F;

}  // namespace

double robust_misfit(ImageView<const float> mask_registered, ImageView<const float> live,
                     ImageView<const std::uint8_t> usable, float noise) {
    const float limit = kTukey * noise;
    const float inverse = 1.0F / (limit * limit);
    double sum = 0.0;
    for (int y = 0; y < live.height(); ++y) {
        const float* m = mask_registered.row(y);
        const float* l = live.row(y);
        const std::uint8_t* good = usable.row(y);
        float row = 0.0F;
        for (int x = 0; x < live.width(); ++x) {
            const float r = m[x] - l[x];
            const float inside = std::max(0.0F, 1.0F - r * r * inverse);
            row += static_cast<float>(good[x]) * (1.0F - inside * inside * inside);
        }
        sum += static_cast<double>(row);
    }
    const std::size_t count = count_usable(usable);
    const double scale = static_cast<double>(kTukey) * static_cast<double>(kTukey) / 3.0;
    return count == 0 ? 0.0 : scale * sum / static_cast<double>(count);
}

std::size_t count_usable(ImageView<const std::uint8_t> usable) {
    std::size_t count = 0;
    for (int y = 0; y < usable.height(); ++y) {
        unsigned row = 0;
        for (const std::uint8_t good : usable.row_span(y)) {
            row += good;
        }
        count += row;
    }
    return count;
}

double chance_gain(double parameters, double pixels) {
    return (parameters + 5.0 * std::sqrt(2.0 * parameters)) / std::max(1.0, pixels);
}

}  // namespace dsm
