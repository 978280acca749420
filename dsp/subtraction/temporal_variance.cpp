#include "dsp/subtraction/temporal_variance.h"

#include <algorithm>
#include <cmath>

#include "dsp/core/parallel.h"
#include "dsp/subtraction/blocks.h"
#include "dsp/subtraction/exposure.h"
#include "dsp/subtraction/wavelet_shrink.h"

namespace dsm {
namespace {

constexpr int kGrain = 16;

// By how much the frame is darker than the mean as a whole. Over blocks the noise is small enough
// for contrast to stand apart from it.
float global_offset(ImageView<const float> mean, ImageView<const float> frame,
                    ImageView<const std::uint8_t> usable) {
    const Extent extent = whole_blocks(frame.extent());
    Image<float> change(extent);
    Image<std::uint8_t> good(extent);
    parallel_rows(extent.height, 4, [&](int first, int last) {
        for (int row = first; row < last; ++row) {
            for (int column = 0; column < extent.width; ++column) {
                float sum = 0.0F;
                int count = 0;
                const int below = std::min(frame.height(), (row + 1) * kBlock_px);
                const int right = std::min(frame.width(), (column + 1) * kBlock_px);
                for (int y = row * kBlock_px; y < below; ++y) {
                    for (int x = column * kBlock_px; x < right; ++x) {
                        if (usable(x, y) != 0 && std::isfinite(frame(x, y))) {
                            sum += mean(x, y) - frame(x, y);
                            ++count;
                        }
                    }
                }
                change(column, row) = count > 0 ? sum / static_cast<float>(count) : 0.0F;
                good(column, row) = 2 * count > kBlock_px * kBlock_px ? 1 : 0;
            }
        }
    });
    return exposure_offset(change.view(), Image<float>(extent).view(), good.view());
}
}  // namespace

TemporalVariance::TemporalVariance(Extent extent)
    : mean_(extent), squares_(extent), count_(extent) {}

void TemporalVariance::add(ImageView<const float> log_intensity,
                           ImageView<const std::uint8_t> usable) {
    const float offset = frames_ == 0 ? 0.0F : global_offset(mean_.view(), log_intensity, usable);
    ++frames_;
    parallel_rows(mean_.height(), kGrain, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            const float* value = log_intensity.row(y);
            const std::uint8_t* good = usable.row(y);
            float* mean = mean_.view().row(y);
            float* squares = squares_.view().row(y);
            float* count = count_.view().row(y);
            for (int x = 0; x < mean_.width(); ++x) {
                const bool counts = good[x] != 0 && std::isfinite(value[x]);
                const float now = counts ? value[x] + offset : mean[x];
                const float change = now - mean[x];
                count[x] += counts ? 1.0F : 0.0F;
                mean[x] += change / std::max(1.0F, count[x]);
                squares[x] += change * (now - mean[x]);
            }
        }
    });
}

Image<float> TemporalVariance::excess(const NoiseModel& noise) const {
    Image<float> variance(mean_.extent());
    const float least = std::max(2.0F, 0.5F * static_cast<float>(frames_));
    parallel_rows(mean_.height(), kGrain, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            for (int x = 0; x < mean_.width(); ++x) {
                if (count_(x, y) >= least) {
                    variance(x, y) =
                        squares_(x, y) / (count_(x, y) - 1.0F) - noise.variance(mean_(x, y));
                }
            }
        }
    });
    return variance;
}

Image<float> deviation_for_display(ImageView<const float> excess) {
    Image<float> rows(excess.extent());
    Image<float> deviation(excess.extent());
    if (excess.empty()) {
        return deviation;
    }
    spline_smooth(excess, 1, rows.view(), deviation.view());
    for (float& value : deviation.pixels()) {
        value = std::sqrt(std::max(0.0F, value));
    }
    return deviation;
}

}  // namespace dsm
