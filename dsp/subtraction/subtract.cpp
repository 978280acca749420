#include "dsp/subtraction/subtract.h"

#include <cmath>

#include "dsp/core/parallel.h"

namespace dsm {

void subtract(const SubtractInput& input, const NoiseModel& noise, ImageView<float> opacity,
              ImageView<float> sigma) {
    parallel_rows(input.live.height(), 32, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            const float* live = input.live.row(y);
            const float* mask = input.mask.row(y);
            const float* share = input.mask_variance_share.row(y);
            float* out = opacity.row(y);
            float* deviation = sigma.row(y);
            for (int x = 0; x < input.live.width(); ++x) {
                out[x] = mask[x] - live[x];
            }
            for (int x = 0; x < input.live.width(); ++x) {
                deviation[x] = std::sqrt((1.0F + share[x]) * noise.variance(mask[x]));
            }
        }
    });
}

std::optional<double> artefact_ratio(ImageView<const float> opacity, ImageView<const float> sigma,
                                     ImageView<const std::uint8_t> usable) {
    double square = 0.0;
    double variance = 0.0;
    std::size_t count = 0;
    for (int y = 0; y < opacity.height(); ++y) {
        const float* o = opacity.row(y);
        const float* s = sigma.row(y);
        const std::uint8_t* good = usable.row(y);
        float row_square = 0.0F;
        float row_variance = 0.0F;
        unsigned row_count = 0;
        for (int x = 0; x < opacity.width(); ++x) {
            const bool counted = good[x] != 0 && o[x] < 0.0F;
            row_square += counted ? o[x] * o[x] : 0.0F;
            row_variance += counted ? s[x] * s[x] : 0.0F;
            row_count += counted ? 1U : 0U;
        }
        square += static_cast<double>(row_square);
        variance += static_cast<double>(row_variance);
        count += row_count;
    }
    if (count < 256 || !(variance > 0.0)) {
        return std::nullopt;
    }
    return std::sqrt(square / variance);
}

}  // namespace dsm
