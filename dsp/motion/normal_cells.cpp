#include "dsp/motion/normal_cells.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "dsp/core/parallel.h"

namespace dsm {
namespace {

// Tukey's constant for 95 % efficiency; the contrast side is cut at the third standard deviation.
constexpr float kTukey = 4.685F;
constexpr float kTukeyContrast = 3.0F;
// Fewer weighted pixels than this say nothing about a local offset.
constexpr float kLeastWeight = 4.0F;

NormalCell& operator+=(NormalCell& a, const NormalCell& b) {
    a.xx += b.xx;
    a.xy += b.xy;
    a.yy += b.yy;
    a.x += b.x;
    a.y += b.y;
    a.rx += b.rx;
    a.ry += b.ry;
    a.r += b.r;
    a.w += b.w;
    return a;
}

NormalCell operator*(float s, const NormalCell& a) {
    return {s * a.xx, s * a.xy, s * a.yy, s * a.x, s * a.y, s * a.rx, s * a.ry, s * a.r, s * a.w};
}

struct Limits {
    float contrast;  // 1 / limit^2 for positive residuals
    float other;
};

void add_row(const CellInput& in, int y, int first_x, int last_x, float offset,
             const Limits& limits, NormalCell& cell) {
    const float* above = in.mask_registered.row(y - 1);
    const float* here = in.mask_registered.row(y);
    const float* below = in.mask_registered.row(y + 1);
    const float* live = in.live.row(y);
    const std::uint8_t* usable = in.usable.row(y);
    for (int x = first_x; x < last_x; ++x) {
        const float r = here[x] - live[x];
        const float deviation = r - offset;
        const float limit = deviation > 0.0F ? limits.contrast : limits.other;
        const float inside = std::max(0.0F, 1.0F - deviation * deviation * limit);
        const float w = inside * inside * static_cast<float>(usable[x]);
        const float gx = 0.5F * (here[x + 1] - here[x - 1]);
        const float gy = 0.5F * (below[x] - above[x]);
        cell.xx += w * gx * gx;
        cell.xy += w * gx * gy;
        cell.yy += w * gy * gy;
        cell.x += w * gx;
        cell.y += w * gy;
        cell.rx += w * r * gx;
        cell.ry += w * r * gy;
        cell.r += w * r;
        cell.w += w;
    }
}

NormalCell around(ImageView<const NormalCell> cells, int x, int y) {
    NormalCell sum;
    for (int j = -1; j <= 1; ++j) {
        for (int i = -1; i <= 1; ++i) {
            const int cx = x + i;
            const int cy = y + j;
            if (cx >= 0 && cy >= 0 && cx < cells.width() && cy < cells.height()) {
                const float share = (i == 0 ? 1.0F : 0.5F) * (j == 0 ? 1.0F : 0.5F);
                sum += share * cells(cx, cy);
            }
        }
    }
    return sum;
}

}  // namespace

void accumulate_cells(const CellInput& input, ImageView<NormalCell> cells) {
    const int width = input.live.width();
    const int height = input.live.height();
    const auto inverse_square = [&](float factor) {
        const float limit = factor * input.scale;
        return 1.0F / (limit * limit);
    };
    const Limits limits{inverse_square(kTukeyContrast), inverse_square(kTukey)};
    parallel_rows(cells.height(), 1, [&](int first, int last) {
        for (int row = first; row < last; ++row) {
            const int top = std::max(1, row * kCell - kCell / 2);
            const int bottom = std::min(height - 1, row * kCell + kCell / 2);
            for (int column = 0; column < cells.width(); ++column) {
                const int left = std::max(1, column * kCell - kCell / 2);
                const int right = std::min(width - 1, column * kCell + kCell / 2);
                NormalCell cell;
                for (int y = top; y < bottom; ++y) {
                    add_row(input, y, left, right, input.offset(column, row), limits, cell);
                }
                cells(column, row) = cell;
            }
        }
    });
}

void weigh_evidence(ImageView<const NormalCell> cells, const CellInput& input, int pixel_px,
                    ImageView<NodeEvidence> evidence, ImageView<float> offset) {
    const float variance = input.scale * input.scale;
    const float per_px = 1.0F / static_cast<float>(pixel_px);
    // A central difference halves the difference of two pixels: half of one pixel's variance,
    // and one of the two frames in r carries the gradient.
    const float gradient_noise = 0.25F * input.noise * input.noise;
    for (int y = 0; y < cells.height(); ++y) {
        for (int x = 0; x < cells.width(); ++x) {
            const NormalCell sum = around(cells, x, y);
            NodeEvidence& node = evidence(x, y);
            node = {};
            if (sum.w < kLeastWeight) {
                offset(x, y) = 0.0F;
                continue;
            }
            const float noise = gradient_noise * sum.w;
            const float to_information = per_px * per_px / variance;
            node.xx = std::max(0.0F, sum.xx - sum.x * sum.x / sum.w - noise) * to_information;
            node.yy = std::max(0.0F, sum.yy - sum.y * sum.y / sum.w - noise) * to_information;
            node.xy = (sum.xy - sum.x * sum.y / sum.w) * to_information;
            const float bound = std::sqrt(node.xx * node.yy);
            node.xy = std::clamp(node.xy, -bound, bound);
            node.bx = -(sum.rx - sum.x * sum.r / sum.w) * per_px / variance;
            node.by = -(sum.ry - sum.y * sum.r / sum.w) * per_px / variance;
            offset(x, y) = sum.r / sum.w;
        }
    }
}

float residual_scale(ImageView<const float> mask_registered, ImageView<const float> live,
                     ImageView<const std::uint8_t> usable) {
    const auto pixels = static_cast<double>(live.extent().pixels());
    const int step = std::max(1, static_cast<int>(std::sqrt(pixels / 4096.0)));
    std::vector<float> sample;
    for (int y = step / 2; y < live.height(); y += step) {
        for (int x = step / 2; x < live.width(); x += step) {
            if (usable(x, y) != 0) {
                sample.push_back(std::abs(mask_registered(x, y) - live(x, y)));
            }
        }
    }
    if (sample.empty()) {
        return 0.0F;
    }
    const auto middle = sample.begin() + static_cast<std::ptrdiff_t>(sample.size() / 2);
    std::nth_element(sample.begin(), middle, sample.end());
    return 1.4826F * *middle;
}

}  // namespace dsm
