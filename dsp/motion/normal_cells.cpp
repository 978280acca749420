#include "dsp/motion/normal_cells.h"

#include <algorithm>
#include <cmath>

#include "dsp/core/lanes.h"
#include "dsp/core/parallel.h"

namespace dsm {
namespace {

static_assert(kCell == kLanes, "a row of a cell is worked on at once");

// Shares of neighbouring cells; less at the finest level, where layers that slide come close.
constexpr float kNeighbour = 0.5F;
constexpr float kFineNeighbour = 0.25F;
constexpr int kFine_px = 2;
// Tukey's constant for 95 % efficiency; the contrast side is cut at the third standard deviation.
constexpr float kTukey = 4.685F;
constexpr float kTukeyContrast = 3.0F;
// Fewer weighted pixels than this say nothing about a local offset.
constexpr float kLeastWeight = 4.0F;
// The median of so many has a standard error of 3.6 % and 1.8 %.
constexpr double kFewSamples = 1024.0;
constexpr double kManySamples = 4096.0;

using LaneSums = Lanes[CellSums::kPlanes];

DSM_INLINE void add_row(const CellInput& in, int x, int y, float offset, const TukeyLimits& limits,
                        LaneSums& sums) {
    const float* mask = in.mask_registered.row(y) + x;
    Lanes here;
    Lanes left;
    Lanes right;
    Lanes above;
    Lanes below;
    Lanes live;
    Lanes usable;
    load(mask, here);
    load(mask - 1, left);
    load(mask + 1, right);
    load(mask - in.mask_registered.stride(), above);
    load(mask + in.mask_registered.stride(), below);
    load(in.live.row(y) + x, live);
    load(in.usable.row(y) + x, usable);
    const Lanes r = here - live;
    const Lanes deviation = r - offset;
    const Lanes limit = deviation > 0.0F ? limits.contrast + Lanes{} : limits.other + Lanes{};
    const Lanes part = 1.0F - deviation * deviation * limit;
    const Lanes inside = part > 0.0F ? part : Lanes{};
    const Lanes w = inside * inside * usable;
    const Lanes gx = 0.5F * (right - left);
    const Lanes gy = 0.5F * (below - above);
    const Lanes wx = w * gx;
    const Lanes wy = w * gy;
    sums[CellSums::xx] += wx * gx;
    sums[CellSums::xy] += wx * gy;
    sums[CellSums::yy] += wy * gy;
    sums[CellSums::x] += wx;
    sums[CellSums::y] += wy;
    sums[CellSums::rx] += wx * r;
    sums[CellSums::ry] += wy * r;
    sums[CellSums::r] += w * r;
    sums[CellSums::w] += w;
}

// The cells at the picture's sides, narrower than eight pixels.
void add_pixel(const CellInput& in, int x, int y, float offset, const TukeyLimits& limits,
               float (&sums)[CellSums::kPlanes]) {
    const auto& mask = in.mask_registered;
    const float r = mask(x, y) - in.live(x, y);
    const float deviation = r - offset;
    const float limit = deviation > 0.0F ? limits.contrast : limits.other;
    const float inside = std::max(0.0F, 1.0F - deviation * deviation * limit);
    const float w = inside * inside * in.usable(x, y);
    const float gx = 0.5F * (mask(x + 1, y) - mask(x - 1, y));
    const float gy = 0.5F * (mask(x, y + 1) - mask(x, y - 1));
    sums[CellSums::xx] += w * gx * gx;
    sums[CellSums::xy] += w * gx * gy;
    sums[CellSums::yy] += w * gy * gy;
    sums[CellSums::x] += w * gx;
    sums[CellSums::y] += w * gy;
    sums[CellSums::rx] += w * gx * r;
    sums[CellSums::ry] += w * gy * r;
    sums[CellSums::r] += w * r;
    sums[CellSums::w] += w;
}

DSM_HOT void accumulate_row(const CellInput& in, int row, const TukeyLimits& limits,
                            CellSums& cells) {
    const int width = in.live.width();
    const int top = std::max(1, row * kCell - kCell / 2);
    const int bottom = std::min(in.live.height() - 1, row * kCell + kCell / 2);
    const int columns = cells.plane[0].width();
    const float* offsets = in.offset.row(row);
    for (int column = 0; column < columns; ++column) {
        const int left = column * kCell - kCell / 2;
        if (left >= 1 && left + kCell < width) {
            LaneSums sums{};
            for (int y = top; y < bottom; ++y) {
                add_row(in, left, y, offsets[column], limits, sums);
            }
            for (int p = 0; p < CellSums::kPlanes; ++p) {
                cells.plane[static_cast<std::size_t>(p)](column, row) = sum_of(sums[p]);
            }
            continue;
        }
        float sums[CellSums::kPlanes]{};
        for (int y = top; y < bottom; ++y) {
            for (int x = std::max(1, left); x < std::min(width - 1, left + kCell); ++x) {
                add_pixel(in, x, y, offsets[column], limits, sums);
            }
        }
        for (int p = 0; p < CellSums::kPlanes; ++p) {
            cells.plane[static_cast<std::size_t>(p)](column, row) = sums[p];
        }
    }
}

// Row `y` summed over 3 x 3 neighbours into `sums`, a row of the grid for each plane.
void sum_around(const CellSums& cells, int y, float share, std::vector<float>& sums, int columns) {
    const auto width = static_cast<std::size_t>(columns);
    sums.resize((CellSums::kPlanes + 1) * width);
    float* down = sums.data() + CellSums::kPlanes * width;
    for (std::size_t p = 0; p < CellSums::kPlanes; ++p) {
        const Image<float>& plane = cells.plane[p];
        const float* here = plane.view().row(y);
        const float* above = plane.view().row(std::max(0, y - 1));
        const float* below = plane.view().row(std::min(plane.height() - 1, y + 1));
        const float share_above = y > 0 ? share : 0.0F;
        const float share_below = y + 1 < plane.height() ? share : 0.0F;
        for (std::size_t x = 0; x < width; ++x) {
            down[x] = here[x] + share_above * above[x] + share_below * below[x];
        }
        float* out = sums.data() + p * width;
        for (std::size_t x = 1; x + 1 < width; ++x) {
            out[x] = down[x] + share * (down[x - 1] + down[x + 1]);
        }
        out[0] = down[0] + (width > 1 ? share * down[1] : 0.0F);
        if (width > 1) {
            out[width - 1] = down[width - 1] + share * down[width - 2];
        }
    }
}

struct EvidenceUnits {
    float gradient_noise;  // variance of a gradient that is noise
    float to_information;  // from level pixels to 1 / (variance px^2)
    float to_step;
};

DSM_HOT void weigh_row(const float* sums, int columns, const EvidenceUnits& units,
                       Evidence& evidence, int y, float* offset) {
    const auto width = static_cast<std::size_t>(columns);
    const auto plane = [&](CellSums::Plane p)
                           DSM_LAMBDA { return sums + static_cast<std::size_t>(p) * width; };
    const float* xx = plane(CellSums::xx);
    const float* xy = plane(CellSums::xy);
    const float* yy = plane(CellSums::yy);
    const float* sx = plane(CellSums::x);
    const float* sy = plane(CellSums::y);
    const float* rx = plane(CellSums::rx);
    const float* ry = plane(CellSums::ry);
    const float* sr = plane(CellSums::r);
    const float* sw = plane(CellSums::w);
    float* __restrict out_xx = evidence.xx.view().row(y);
    float* __restrict out_xy = evidence.xy.view().row(y);
    float* __restrict out_yy = evidence.yy.view().row(y);
    float* __restrict out_bx = evidence.bx.view().row(y);
    float* __restrict out_by = evidence.by.view().row(y);
    float* __restrict out_offset = offset;
    for (std::size_t x = 0; x < width; ++x) {
        const float enough = sw[x] < kLeastWeight ? 0.0F : 1.0F;
        const float per_weight = enough / std::max(kLeastWeight, sw[x]);
        const float noise = units.gradient_noise * sw[x];
        const float information = enough * units.to_information;
        const float a = std::max(0.0F, xx[x] - sx[x] * sx[x] * per_weight - noise) * information;
        const float c = std::max(0.0F, yy[x] - sy[x] * sy[x] * per_weight - noise) * information;
        const float b = (xy[x] - sx[x] * sy[x] * per_weight) * information;
        const float bound = std::sqrt(a * c);
        out_xx[x] = a;
        out_yy[x] = c;
        out_xy[x] = std::max(-bound, std::min(bound, b));
        out_bx[x] = -(rx[x] - sx[x] * sr[x] * per_weight) * enough * units.to_step;
        out_by[x] = -(ry[x] - sy[x] * sr[x] * per_weight) * enough * units.to_step;
        out_offset[x] = sr[x] * per_weight;
    }
}

int stride_for(Extent extent, double samples) {
    return std::max(1, static_cast<int>(std::sqrt(static_cast<double>(extent.pixels()) / samples)));
}

template <class T>
float scale_of(ImageView<const float> mask_registered, ImageView<const float> live,
               ImageView<const T> usable, double most, std::vector<float>& sample) {
    const int step = stride_for(live.extent(), most);
    sample.clear();
    for (int y = step / 2; y < live.height(); y += step) {
        const float* m = mask_registered.row(y);
        const float* l = live.row(y);
        const T* good = usable.row(y);
        for (int x = step / 2; x < live.width(); x += step) {
            if (good[x] != T{0}) {
                sample.push_back(std::abs(m[x] - l[x]));
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

}  // namespace

int sample_stride(Extent extent) {
    return stride_for(extent, kFewSamples);
}

void CellSums::resize(Extent nodes) {
    for (Image<float>& each : plane) {
        each.resize(nodes);
    }
}

void Evidence::resize(Extent nodes) {
    for (Image<float>* each : {&xx, &xy, &yy, &bx, &by}) {
        each->resize(nodes);
    }
}

TukeyLimits tukey_limits(float scale) {
    const auto inverse_square = [&](float factor) {
        const float limit = factor * scale;
        return 1.0F / (limit * limit);
    };
    return {inverse_square(kTukeyContrast), inverse_square(kTukey)};
}

void accumulate_cells(const CellInput& input, CellSums& cells) {
    const TukeyLimits limits = tukey_limits(input.scale);
    parallel_rows(cells.plane[0].height(), 2, [&](int first, int last) {
        for (int row = first; row < last; ++row) {
            accumulate_row(input, row, limits, cells);
        }
    });
}

void weigh_evidence(const CellSums& cells, const CellInput& input, int pixel_px, Evidence& evidence,
                    ImageView<float> offset) {
    const float variance = input.scale * input.scale;
    const float per_px = 1.0F / static_cast<float>(pixel_px);
    // A central difference halves the difference of two pixels: half of one pixel's variance,
    // and one of the two frames in r carries the gradient.
    const EvidenceUnits units{0.25F * input.noise * input.noise, per_px * per_px / variance,
                              per_px / variance};
    std::vector<float> sums;
    const Extent nodes = evidence.nodes();
    for (int y = 0; y < nodes.height; ++y) {
        sum_around(cells, y, pixel_px <= kFine_px ? kFineNeighbour : kNeighbour, sums, nodes.width);
        weigh_row(sums.data(), nodes.width, units, evidence, y, offset.row(y));
    }
}

float residual_scale(ImageView<const float> mask_registered, ImageView<const float> live,
                     ImageView<const float> usable, std::vector<float>& sample) {
    return scale_of(mask_registered, live, usable, kFewSamples, sample);
}

float residual_scale(ImageView<const float> mask_registered, ImageView<const float> live,
                     ImageView<const std::uint8_t> usable) {
    std::vector<float> sample;
    return scale_of(mask_registered, live, usable, kManySamples, sample);
}

}  // namespace dsm
