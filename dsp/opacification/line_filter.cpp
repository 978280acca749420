#include "dsp/opacification/line_filter.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "dsp/core/lanes.h"
#include "dsp/core/parallel.h"

namespace dsm {

namespace {

constexpr int kTapStep = 2;

using Direction = LineKernel::Direction;

// A box of the line's width seen through a Gaussian of 0.3 widths keeps most of its height.
double smoothing_px(const LineScale& scale) {
    return std::max(0.6, 0.32 * scale.width_px);
}

std::vector<Direction> directions_of(const LineScale& scale) {
    std::vector<Direction> all;
    const int half = static_cast<int>(scale.length_px / 2);
    const double away = scale.width_px + smoothing_px(scale);
    for (int a = 0; a < kAngles; ++a) {
        const double c = std::cos(angle_of(a));
        const double s = std::sin(angle_of(a));
        Direction one;
        for (int t = -half; t <= half; t += kTapStep) {
            one.taps.push_back(
                {static_cast<int>(std::lround(t * c)), static_cast<int>(std::lround(t * s))});
        }
        one.side = {static_cast<int>(std::lround(-away * s)),
                    static_cast<int>(std::lround(away * c))};
        all.push_back(std::move(one));
    }
    return all;
}

// Mean over the taps, which show where in their row the first column is.
DSM_HOT void average_row(const std::vector<const float*>& taps, int n, float* __restrict out) {
    const float scale = 1.0F / static_cast<float>(taps.size());
    constexpr int kAtOnce = 4;
    int x = 0;
    for (; x + kAtOnce * kLanes <= n; x += kAtOnce * kLanes) {
        Lanes sum[kAtOnce]{};
        for (const float* tap : taps) {
            for (int i = 0; i < kAtOnce; ++i) {
                Lanes value;
                load(tap + x + i * kLanes, value);
                sum[i] += value;
            }
        }
        for (int i = 0; i < kAtOnce; ++i) {
            store(sum[i] * scale, out + x + i * kLanes);
        }
    }
    for (; x < n; ++x) {
        float sum = 0.0F;
        for (const float* tap : taps) {
            sum += tap[x];
        }
        out[x] = sum * scale;
    }
}

// Directional averages of rows [from, to) over columns [margin, width - margin).
void average_along(const cv::Mat& image, const Direction& direction, int from, int to, int margin,
                   Image<float>& out, int row_offset) {
    std::vector<const float*> taps(direction.taps.size());
    for (int y = from; y < to; ++y) {
        for (std::size_t i = 0; i < taps.size(); ++i) {
            const LineKernel::Offset& tap = direction.taps[i];
            taps[i] = image.ptr<float>(y + tap.y) + margin + tap.x;
        }
        average_row(taps, image.cols - 2 * margin, out.view().row(y - row_offset) + margin);
    }
}

struct Best {
    float* __restrict value;
    std::uint8_t* __restrict angle;
};

DSM_HOT void keep_best_row(const float* here, const float* one, const float* two, int n,
                           std::uint8_t angle, const Best& bright, const Best& dark) {
    float* __restrict bright_value = bright.value;
    float* __restrict dark_value = dark.value;
    std::uint8_t* __restrict bright_angle = bright.angle;
    std::uint8_t* __restrict dark_angle = dark.angle;
    for (int x = 0; x < n; ++x) {
        const float up = here[x] - std::max(one[x], two[x]);
        const float down = std::min(one[x], two[x]) - here[x];
        bright_angle[x] = up > bright_value[x] ? angle : bright_angle[x];
        bright_value[x] = std::max(up, bright_value[x]);
        dark_angle[x] = down > dark_value[x] ? angle : dark_angle[x];
        dark_value[x] = std::max(down, dark_value[x]);
    }
}

void keep_best(const Image<float>& averages, int row_offset, int y, const Direction& direction,
               int first, std::uint8_t angle, LineResponse& out) {
    const ImageView<const float> rows = averages.view();
    const int at = y - row_offset;
    keep_best_row(rows.row(at) + first, rows.row(at + direction.side.y) + direction.side.x + first,
                  rows.row(at - direction.side.y) - direction.side.x + first,
                  averages.width() - 2 * first, angle,
                  {out.bright.view().row(y) + first, out.bright_angle.view().row(y) + first},
                  {out.dark.view().row(y) + first, out.dark_angle.view().row(y) + first});
}

}  // namespace

LineKernel line_kernel(const LineScale& scale) {
    LineKernel kernel;
    const double deviation = smoothing_px(scale);
    // As many weights as OpenCV takes for floats.
    const int size = cvRound(deviation * 4 * 2 + 1) | 1;
    const cv::Mat weights = cv::getGaussianKernel(size, deviation, CV_32F);
    kernel.smoothing.assign(weights.begin<float>(), weights.end<float>());
    kernel.directions = directions_of(scale);
    kernel.along = static_cast<int>(scale.length_px / 2) + 1;
    kernel.side = static_cast<int>(scale.width_px + deviation) + 2;
    return kernel;
}

double angle_of(int index) {
    return index * std::numbers::pi / kAngles;
}

double line_noise_gain(const LineScale& scale) {
    const double g = smoothing_px(scale);
    const double taps = 2 * static_cast<int>(scale.length_px / 2 / kTapStep) + 1.0;
    // Autocorrelation of a Gaussian-smoothed field at distance r is exp(-r^2 / (4 g^2)).
    double correlated = 0.0;
    for (int i = 0; i < 4; ++i) {
        const double r = i * kTapStep;
        correlated += (i == 0 ? 1.0 : 2.0) * std::exp(-r * r / (4.0 * g * g));
    }
    return std::sqrt(correlated / taps / (4.0 * std::numbers::pi * g * g));
}

void line_response(ImageView<const float> image, const LineScale& scale, LineResponse& out) {
    const Extent extent = image.extent();
    out.bright.resize(extent);
    out.dark.resize(extent);
    out.bright_angle.resize(extent);
    out.dark_angle.resize(extent);
    out.bright.fill(0.0F);
    out.dark.fill(0.0F);
    const cv::Mat source(extent.height, extent.width, CV_32F, const_cast<float*>(image.data()),
                         static_cast<std::size_t>(image.stride()) * sizeof(float));
    const LineKernel kernel = line_kernel(scale);
    out.smooth.resize(extent);
    cv::Mat smooth(extent.height, extent.width, CV_32F, out.smooth.pixels().data());
    cv::sepFilter2D(source, smooth, CV_32F, kernel.smoothing, kernel.smoothing, {-1, -1}, 0.0,
                    cv::BORDER_REPLICATE);
    if (extent.width <= 2 * kernel.margin() || extent.height <= 2 * kernel.margin()) {
        return;
    }
    const int rows = extent.height - 2 * kernel.margin();
    parallel_rows(rows, 24, [&](int first, int last) {
        const int from = first + kernel.margin();
        const int to = last + kernel.margin();
        const int row_offset = from - kernel.side;
        Image<float> averages({extent.width, to - from + 2 * kernel.side}, 0.0F);
        for (int a = 0; a < kAngles; ++a) {
            const Direction& direction = kernel.directions[static_cast<std::size_t>(a)];
            average_along(smooth, direction, row_offset, to + kernel.side, kernel.along, averages,
                          row_offset);
            for (int y = from; y < to; ++y) {
                keep_best(averages, row_offset, y, direction, kernel.margin(),
                          static_cast<std::uint8_t>(a), out);
            }
        }
    });
}

}  // namespace dsm
