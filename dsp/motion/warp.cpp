#include "dsp/motion/warp.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "dsp/core/parallel.h"

namespace dsm {
namespace {

constexpr int kBand = 16;

using Weights = std::array<float, 4>;

Weights cubic_weights(float t) {
    const float t2 = t * t;
    const float t3 = t2 * t;
    return {0.5F * (-t3 + 2.0F * t2 - t), 0.5F * (3.0F * t3 - 5.0F * t2 + 2.0F),
            0.5F * (-3.0F * t3 + 4.0F * t2 + t), 0.5F * (t3 - t2)};
}

float mix(const float* row, const Weights& w) {
    return w[0] * row[0] + w[1] * row[1] + w[2] * row[2] + w[3] * row[3];
}

float at_border(ImageView<const float> mask, int x, int y, const Weights& across,
                const Weights& down) {
    float sum = 0.0F;
    for (int j = 0; j < 4; ++j) {
        const float* row = mask.row(std::clamp(y + j, 0, mask.height() - 1));
        for (int i = 0; i < 4; ++i) {
            const int column = std::clamp(x + i, 0, mask.width() - 1);
            sum += down[static_cast<std::size_t>(j)] * across[static_cast<std::size_t>(i)] *
                   row[column];
        }
    }
    return sum;
}

void warp_row(ImageView<const float> mask, int y, const std::vector<float>& dx,
              const std::vector<float>& dy, float* out) {
    const int width = mask.width();
    const int height = mask.height();
    for (int x = 0; x < width; ++x) {
        const auto i = static_cast<std::size_t>(x);
        if (dx[i] == 0.0F && dy[i] == 0.0F) {
            out[x] = mask.row(y)[x];
            continue;
        }
        const float from_x = static_cast<float>(x) + dx[i];
        const float from_y = static_cast<float>(y) + dy[i];
        const float floor_x = std::floor(from_x);
        const float floor_y = std::floor(from_y);
        const Weights across = cubic_weights(from_x - floor_x);
        const Weights down = cubic_weights(from_y - floor_y);
        const float limit = static_cast<float>(width + height);
        const int left = static_cast<int>(std::clamp(floor_x, -limit, limit)) - 1;
        const int top = static_cast<int>(std::clamp(floor_y, -limit, limit)) - 1;
        if (left >= 0 && top >= 0 && left + 3 < width && top + 3 < height) {
            const float* row = mask.row(top) + left;
            const std::ptrdiff_t stride = mask.stride();
            out[x] = down[0] * mix(row, across) + down[1] * mix(row + stride, across) +
                     down[2] * mix(row + 2 * stride, across) +
                     down[3] * mix(row + 3 * stride, across);
        } else {
            out[x] = at_border(mask, left, top, across, down);
        }
    }
}

}  // namespace

void warp(ImageView<const float> mask, const Displacement& displacement,
          ImageView<float> registered) {
    if (displacement.is_zero()) {
        copy_pixels(mask, registered);
        return;
    }
    parallel_rows(mask.height(), kBand, [&](int first, int last) {
        std::vector<float> dx(static_cast<std::size_t>(mask.width()));
        std::vector<float> dy(dx.size());
        for (int y = first; y < last; ++y) {
            displacement.along_row(y, dx, dy);
            warp_row(mask, y, dx, dy, registered.row(y));
        }
    });
}

void keep_covered(const Displacement& displacement, ImageView<const std::uint8_t> mask_usable,
                  ImageView<std::uint8_t> usable) {
    const int width = usable.width();
    const int height = usable.height();
    parallel_rows(height, kBand, [&](int first, int last) {
        std::vector<float> dx(static_cast<std::size_t>(width));
        std::vector<float> dy(dx.size());
        for (int y = first; y < last; ++y) {
            displacement.along_row(y, dx, dy);
            std::uint8_t* good = usable.row(y);
            for (int x = 0; x < width; ++x) {
                const auto i = static_cast<std::size_t>(x);
                const float from_x = std::round(static_cast<float>(x) + dx[i]);
                const float from_y = std::round(static_cast<float>(y) + dy[i]);
                const bool inside = from_x >= 0.0F && from_y >= 0.0F &&
                                    from_x < static_cast<float>(width) &&
                                    from_y < static_cast<float>(height);
                if (!inside ||
                    mask_usable(static_cast<int>(from_x), static_cast<int>(from_y)) == 0) {
                    good[x] = 0;
                }
            }
        }
    });
}

}  // namespace dsm
