#include "dsp/opacification/work_grid.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "dsp/core/lanes.h"
#include "dsp/core/parallel.h"

namespace dsm {

WorkGrid::WorkGrid(const RunInfo& run) : full_(run.extent) {
    const auto spacing = mean_spacing_mm(run);
    spacing_known_ = spacing.has_value() && *spacing > 0.02 && *spacing < 2.0;
    pixel_mm_ = spacing_known_ ? *spacing : kNominalFieldMm / std::max(1, full_.width);
    transposed_ = run.head_in_image == HeadInImage::towards_larger_x ||
                  run.head_in_image == HeadInImage::towards_smaller_x;
    factor_ = std::clamp(static_cast<int>(std::lround(kTargetMm / pixel_mm_)), 1, 8);
    extent_ = {std::max(1, full_.width / factor_), std::max(1, full_.height / factor_)};
    if (transposed_) {
        std::swap(extent_.width, extent_.height);
    }
}

void WorkFrame::assign(const WorkFrame& other) {
    opacity.resize(other.opacity.extent());
    variance.resize(other.variance.extent());
    valid.resize(other.valid.extent());
    copy_pixels(other.opacity.cview(), opacity.view());
    copy_pixels(other.variance.cview(), variance.view());
    copy_pixels(other.valid.cview(), valid.view());
}

int WorkGrid::px(double millimetres, int least) const {
    return std::max(least, static_cast<int>(std::lround(millimetres / mm())));
}

Point WorkGrid::to_picture(Point coarse) const {
    if (transposed_) {
        std::swap(coarse.x, coarse.y);
    }
    const double middle = 0.5 * (factor_ - 1);
    return {coarse.x * factor_ + middle, coarse.y * factor_ + middle};
}

Point WorkGrid::to_coarse(Point picture_px) const {
    const double middle = 0.5 * (factor_ - 1);
    Point coarse{(picture_px.x - middle) / factor_, (picture_px.y - middle) / factor_};
    if (transposed_) {
        std::swap(coarse.x, coarse.y);
    }
    return coarse;
}

namespace {

struct Bin {
    float opacity{0.0F};
    float variance{0.0F};
    bool valid{false};
};

Bin bin_at(int left, int top, int factor, ImageView<const float> opacity,
           ImageView<const float> sigma, ImageView<const std::uint8_t> usable) {
    float sum = 0.0F;
    float variance = 0.0F;
    int count = 0;
    for (int y = top; y < top + factor; ++y) {
        const float* value = opacity.row(y);
        const float* noise = sigma.empty() ? nullptr : sigma.row(y);
        const std::uint8_t* use = usable.empty() ? nullptr : usable.row(y);
        for (int x = left; x < left + factor; ++x) {
            if ((use == nullptr || use[x] != 0) && std::isfinite(value[x])) {
                sum += value[x];
                variance += noise != nullptr ? noise[x] * noise[x] : 0.0F;
                ++count;
            }
        }
    }
    if (2 * count < factor * factor || count == 0) {
        return {};
    }
    const float n = static_cast<float>(count);
    return {sum / n, variance / (n * n), true};
}

// Sums of a row of bins, a column of pixels of each at a time: the order in which a bin's pixels
// are added is that of bin_at().
struct BinSums {
    std::vector<float> opacity, variance, count;

    explicit BinSums(int width) {
        for (std::vector<float>* each : {&opacity, &variance, &count}) {
            each->resize(static_cast<std::size_t>(width));
        }
    }
};

struct BinRow {
    const float* value;
    const float* noise;          // may be null
    const std::uint8_t* usable;  // likewise
};

template <int kFactor, bool kNoise, bool kUsable>
DSM_INLINE void add_columns(const BinRow& row, int width, float* __restrict opacity,
                            float* __restrict variance, float* __restrict count) {
    for (int i = 0; i < kFactor; ++i) {
        for (int x = 0; x < width; ++x) {
            const float v = row.value[kFactor * x + i];
            const float difference = v - v;  // not 0 of what is not finite
            const bool good = (!kUsable || row.usable[kFactor * x + i] != 0) && difference == 0.0F;
            const float n = kNoise ? row.noise[kFactor * x + i] : 0.0F;
            opacity[x] += good ? v : 0.0F;
            variance[x] += good ? n * n : 0.0F;
            count[x] += good ? 1.0F : 0.0F;
        }
    }
}

template <int kFactor>
DSM_HOT void add_bin_row(const BinRow& row, int width, float* opacity, float* variance,
                         float* count) {
    if (row.noise != nullptr && row.usable != nullptr) {
        add_columns<kFactor, true, true>(row, width, opacity, variance, count);
    } else if (row.usable != nullptr) {
        add_columns<kFactor, false, true>(row, width, opacity, variance, count);
    } else if (row.noise != nullptr) {
        add_columns<kFactor, true, false>(row, width, opacity, variance, count);
    } else {
        add_columns<kFactor, false, false>(row, width, opacity, variance, count);
    }
}

using AddBinRow = void (*)(const BinRow&, int, float*, float*, float*);

// Null for factors that are seldom.
AddBinRow add_bin_row_of(int factor) {
    return factor == 1   ? add_bin_row<1>
           : factor == 2 ? add_bin_row<2>
           : factor == 3 ? add_bin_row<3>
           : factor == 4 ? add_bin_row<4>
                         : nullptr;
}

struct BinnedRow {
    float* opacity;
    float* variance;
    std::uint8_t* valid;
};

DSM_HOT void settle_bins(const BinSums& sums, int width, float least, const BinnedRow& to) {
    for (int x = 0; x < width; ++x) {
        const auto i = static_cast<std::size_t>(x);
        const float n = sums.count[i];
        const bool valid = n >= least;
        const float share = valid ? n : 1.0F;
        to.opacity[x] = valid ? sums.opacity[i] / share : 0.0F;
        to.variance[x] = valid ? sums.variance[i] / (share * share) : 0.0F;
        to.valid[x] = valid ? 1 : 0;
    }
}

}  // namespace

void WorkGrid::bin(ImageView<const float> opacity, ImageView<const float> sigma,
                   ImageView<const std::uint8_t> usable, WorkFrame& out) const {
    out.opacity.resize(extent_);
    out.variance.resize(extent_);
    out.valid.resize(extent_);
    const AddBinRow add = transposed_ ? nullptr : add_bin_row_of(factor_);
    if (add != nullptr) {
        const float least = std::max(1.0F, 0.5F * static_cast<float>(factor_ * factor_));
        parallel_rows(extent_.height, 16, [&](int first, int last) {
            BinSums sums(extent_.width);
            for (int y = first; y < last; ++y) {
                for (std::vector<float>* each : {&sums.opacity, &sums.variance, &sums.count}) {
                    std::fill(each->begin(), each->end(), 0.0F);
                }
                for (int row = y * factor_; row < (y + 1) * factor_; ++row) {
                    add({opacity.row(row), sigma.empty() ? nullptr : sigma.row(row),
                         usable.empty() ? nullptr : usable.row(row)},
                        extent_.width, sums.opacity.data(), sums.variance.data(),
                        sums.count.data());
                }
                settle_bins(sums, extent_.width, least,
                            {out.opacity.view().row(y), out.variance.view().row(y),
                             out.valid.view().row(y)});
            }
        });
        return;
    }
    parallel_rows(extent_.height, 16, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            float* value = out.opacity.view().row(y);
            float* variance = out.variance.view().row(y);
            std::uint8_t* valid = out.valid.view().row(y);
            for (int x = 0; x < extent_.width; ++x) {
                const int left = (transposed_ ? y : x) * factor_;
                const int top = (transposed_ ? x : y) * factor_;
                const Bin bin = bin_at(left, top, factor_, opacity, sigma, usable);
                value[x] = bin.opacity;
                variance[x] = bin.variance;
                valid[x] = bin.valid ? 1 : 0;
            }
        }
    });
}

}  // namespace dsm
