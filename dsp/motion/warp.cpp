#include "dsp/motion/warp.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "dsp/core/parallel.h"

namespace dsm {
namespace {

std::array<float, 4> cubic_weights(float part) {
    const float t = part;
    const float t2 = t * t;
    const float t3 = t2 * t;
    return {0.5F * (-t3 + 2.0F * t2 - t), 0.5F * (3.0F * t3 - 5.0F * t2 + 2.0F),
            0.5F * (-3.0F * t3 + 4.0F * t2 + t), 0.5F * (t3 - t2)};
}

// One row of the mask at a fractional height.
void mix_rows(ImageView<const float> mask, int top, const std::array<float, 4>& weights,
              std::vector<float>& mixed) {
    std::fill(mixed.begin(), mixed.end(), 0.0F);
    for (int i = 0; i < 4; ++i) {
        const float weight = weights[static_cast<std::size_t>(i)];
        if (weight == 0.0F) {
            continue;
        }
        const float* row = mask.row(std::clamp(top + i, 0, mask.height() - 1));
        for (std::size_t x = 0; x < mixed.size(); ++x) {
            mixed[x] += weight * row[x];
        }
    }
}

}  // namespace

void warp_shift(ImageView<const float> mask, Point displacement_px, ImageView<float> registered) {
    const int whole_x = static_cast<int>(std::floor(displacement_px.x));
    const int whole_y = static_cast<int>(std::floor(displacement_px.y));
    const auto across = cubic_weights(static_cast<float>(displacement_px.x - whole_x));
    const auto down = cubic_weights(static_cast<float>(displacement_px.y - whole_y));
    const int width = mask.width();
    parallel_rows(mask.height(), 32, [&](int first, int last) {
        std::vector<float> mixed(static_cast<std::size_t>(width));
        for (int y = first; y < last; ++y) {
            mix_rows(mask, y + whole_y - 1, down, mixed);
            float* out = registered.row(y);
            for (int x = 0; x < width; ++x) {
                float sum = 0.0F;
                for (int i = 0; i < 4; ++i) {
                    const float weight = across[static_cast<std::size_t>(i)];
                    const int from = std::clamp(x + whole_x - 1 + i, 0, width - 1);
                    sum += weight * mixed[static_cast<std::size_t>(from)];
                }
                out[x] = sum;
            }
        }
    });
}

}  // namespace dsm
