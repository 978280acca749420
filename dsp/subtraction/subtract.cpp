#include "dsp/subtraction/subtract.h"

#include <cmath>

#include "dsp/core/parallel.h"

namespace dsm {

void subtract(const SubtractInput& input, const NoiseModel& noise, ImageView<float> opacity,
              ImageView<float> sigma) {
    const float share = 1.0F + input.mask_variance_share;
    parallel_rows(input.live.height(), 32, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            const float* live = input.live.row(y);
            const float* mask = input.mask.row(y);
            float* out = opacity.row(y);
            float* deviation = sigma.row(y);
            for (int x = 0; x < input.live.width(); ++x) {
                out[x] = mask[x] - live[x];
            }
            for (int x = 0; x < input.live.width(); ++x) {
                deviation[x] = std::sqrt(share * noise.variance(mask[x]));
            }
        }
    });
}

}  // namespace dsm
