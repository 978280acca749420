#include "dsp/opacification/work_grid.h"

#include <algorithm>
#include <cmath>
#include <utility>

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

}  // namespace

void WorkGrid::bin(ImageView<const float> opacity, ImageView<const float> sigma,
                   ImageView<const std::uint8_t> usable, WorkFrame& out) const {
    out.opacity.resize(extent_);
    out.variance.resize(extent_);
    out.valid.resize(extent_);
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
