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

// floor for any displacement a field may hold, without a call into the mathematics library.
int floor_of(float v) {
    const int truncated = static_cast<int>(v);
    return truncated - (v < static_cast<float>(truncated) ? 1 : 0);
}

float inside(const float* row, std::ptrdiff_t stride, const Weights& across, const Weights& down) {
    Weights column{};
    for (std::size_t i = 0; i < 4; ++i) {
        column[i] = down[0] * row[i] + down[1] * row[static_cast<std::ptrdiff_t>(i) + stride] +
                    down[2] * row[static_cast<std::ptrdiff_t>(i) + 2 * stride] +
                    down[3] * row[static_cast<std::ptrdiff_t>(i) + 3 * stride];
    }
    return mix(column.data(), across);
}

void warp_row(ImageView<const float> mask, int y, const std::vector<float>& dx,
              const std::vector<float>& dy, float* out) {
    const int width = mask.width();
    const int height = mask.height();
    const float limit = static_cast<float>(width + height);
    for (int x = 0; x < width; ++x) {
        const auto i = static_cast<std::size_t>(x);
        if (dx[i] == 0.0F && dy[i] == 0.0F) {
            out[x] = mask.row(y)[x];
            continue;
        }
        const float from_x = static_cast<float>(x) + std::clamp(dx[i], -limit, limit);
        const float from_y = static_cast<float>(y) + std::clamp(dy[i], -limit, limit);
        const int floor_x = floor_of(from_x);
        const int floor_y = floor_of(from_y);
        const Weights across = cubic_weights(from_x - static_cast<float>(floor_x));
        const Weights down = cubic_weights(from_y - static_cast<float>(floor_y));
        const int left = floor_x - 1;
        const int top = floor_y - 1;
        out[x] = left >= 0 && top >= 0 && left + 3 < width && top + 3 < height
                     ? inside(mask.row(top) + left, mask.stride(), across, down)
                     : at_border(mask, left, top, across, down);
    }
}

// One displacement everywhere: the same weights for every pixel.
void shift_rows(ImageView<const float> mask, Point shift_px, int first, int last,
                ImageView<float> out) {
    const int width = mask.width();
    const int floor_x = static_cast<int>(std::floor(shift_px.x));
    const int floor_y = static_cast<int>(std::floor(shift_px.y));
    const Weights across = cubic_weights(static_cast<float>(shift_px.x - floor_x));
    const Weights down = cubic_weights(static_cast<float>(shift_px.y - floor_y));
    std::vector<float> mixed(static_cast<std::size_t>(width) + 3);
    for (int y = first; y < last; ++y) {
        std::array<const float*, 4> rows{};
        for (int j = 0; j < 4; ++j) {
            rows[static_cast<std::size_t>(j)] =
                mask.row(std::clamp(y + floor_y - 1 + j, 0, mask.height() - 1));
        }
        for (int i = 0; i < width + 3; ++i) {
            const int x = std::clamp(i + floor_x - 1, 0, width - 1);
            mixed[static_cast<std::size_t>(i)] = down[0] * rows[0][x] + down[1] * rows[1][x] +
                                                 down[2] * rows[2][x] + down[3] * rows[3][x];
        }
        float* to = out.row(y);
        for (int x = 0; x < width; ++x) {
            to[x] = mix(mixed.data() + x, across);
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
    if (displacement.is_uniform()) {
        const float most = static_cast<float>(mask.width() + mask.height());
        const Point shift_px{
            static_cast<double>(std::clamp(displacement.dx_px(0, 0), -most, most)),
            static_cast<double>(std::clamp(displacement.dy_px(0, 0), -most, most))};
        parallel_rows(mask.height(), kBand, [&](int first, int last) {
            shift_rows(mask, shift_px, first, last, registered);
        });
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
