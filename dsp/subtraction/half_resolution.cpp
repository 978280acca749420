#include "dsp/subtraction/half_resolution.h"

#include <algorithm>
#include <array>
#include <vector>

#include "dsp/core/lanes.h"
#include "dsp/core/parallel.h"

namespace dsm {
namespace {

// For every processor alike, without fused multiplication, so that masks do not depend on it.
// A row of `width` pixels of half resolution across, three quarters of the nearer one and a quarter
// of the other; pixels beyond 2 `width` repeat the last.
void double_across(const float* half, int width, int columns, float* __restrict to) {
    to[0] = half[0];
    for (int x = 0; x + 1 < width; ++x) {
        to[2 * x + 1] = half[x] * 0.75F + half[x + 1] * 0.25F;
        to[2 * x + 2] = half[x] * 0.25F + half[x + 1] * 0.75F;
    }
    for (int x = 2 * width - 1; x < columns; ++x) {
        to[x] = half[width - 1];
    }
}

void mix_rows(const float* above, const float* below, float part, int columns,
              float* __restrict to) {
    const float rest = 1.0F - part;
    for (int x = 0; x < columns; ++x) {
        to[x] = above[x] * rest + below[x] * part;
    }
}

DSM_HOT void add_row(const float* a, const float* b, int columns, float* __restrict to) {
    for (int x = 0; x < columns; ++x) {
        to[x] = a[x] + b[x];
    }
}

// Calls take(y, row) for every row of `half` at twice its size.
template <class Take>
void doubled(ImageView<const float> half, Extent full, const Take& take) {
    parallel_rows(full.height, 32, [&](int first, int last) {
        const auto columns = static_cast<std::size_t>(std::max(full.width, 2 * half.width()));
        std::vector<float> rows(3 * columns);
        float* mixed = rows.data();
        // Rows of half resolution, doubled across: those above and below, and which they are.
        std::array<float*, 2> near{mixed + columns, mixed + 2 * columns};
        std::array<int, 2> which{-1, -1};
        for (int y = first; y < last; ++y) {
            const int even = std::min(y, 2 * half.height() - 1);
            const int above = (even + 1) / 2 - 1;
            for (int i = 0; i < 2; ++i) {
                const int row = std::clamp(above + i, 0, half.height() - 1);
                const auto at = static_cast<std::size_t>(row % 2);
                if (which[at] != row) {
                    double_across(half.row(row), half.width(), static_cast<int>(columns), near[at]);
                    which[at] = row;
                }
            }
            const auto row_of = [&](int row) {
                return near[static_cast<std::size_t>(std::clamp(row, 0, half.height() - 1) % 2)];
            };
            mix_rows(row_of(above), row_of(above + 1), even % 2 == 0 ? 0.75F : 0.25F,
                     static_cast<int>(columns), mixed);
            take(y, mixed);
        }
    });
}

}  // namespace

void halve(ImageView<const float> full, Image<float>& half) {
    half.resize({std::max(1, full.width() / 2), std::max(1, full.height() / 2)});
    parallel_rows(half.height(), 32, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            const float* a = full.row(std::min(2 * y, full.height() - 1));
            const float* b = full.row(std::min(2 * y + 1, full.height() - 1));
            float* to = half.view().row(y);
            for (int x = 0; x < half.width(); ++x) {
                const int right = std::min(2 * x + 1, full.width() - 1);
                to[x] = 0.25F * (a[2 * x] + a[right] + b[2 * x] + b[right]);
            }
        }
    });
}

void double_size(ImageView<const float> half, ImageView<float> full) {
    doubled(half, full.extent(),
            [&](int y, const float* row) { std::copy_n(row, full.width(), full.row(y)); });
}

void add_double(ImageView<const float> half, ImageView<const float> full, ImageView<float> sum) {
    doubled(half, sum.extent(),
            [&](int y, const float* row) { add_row(row, full.row(y), sum.width(), sum.row(y)); });
}

void bound_unusable(const Image<std::uint8_t>& usable, PixelRect field_px, Image<float>& picture) {
    const int right = field_px.x + field_px.width;
    const int below = field_px.y + field_px.height;
    for (int y = 0; y < picture.height(); ++y) {
        for (int x = 0; x < picture.width(); ++x) {
            const bool inside =
                2 * x >= field_px.x && 2 * x < right && 2 * y >= field_px.y && 2 * y < below;
            const float least = usable(x, y) != 0 ? picture(x, y) : std::max(0.0F, picture(x, y));
            picture(x, y) = inside ? least : 0.0F;
        }
    }
}

}  // namespace dsm
