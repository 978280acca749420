#include "dsp/opacification/line_filter.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "dsp/core/parallel.h"

namespace dsm {

namespace {

constexpr int kTapStep = 2;

struct Direction {
    std::vector<cv::Point> taps;  // along the line
    cv::Point side;               // one flank; the other is its opposite
};

// A box of the line's width seen through a Gaussian of 0.3 widths keeps most of its height.
double smoothing_px(const LineScale& scale) {
    return std::max(0.6, 0.32 * scale.width_px);
}

std::vector<Direction> directions(const LineScale& scale) {
    std::vector<Direction> all;
    const int half = static_cast<int>(scale.length_px / 2);
    const double away = scale.width_px + smoothing_px(scale);
    for (int a = 0; a < kAngles; ++a) {
        const double c = std::cos(angle_of(a));
        const double s = std::sin(angle_of(a));
        Direction one;
        for (int t = -half; t <= half; t += kTapStep) {
            one.taps.emplace_back(static_cast<int>(std::lround(t * c)),
                                  static_cast<int>(std::lround(t * s)));
        }
        one.side = {static_cast<int>(std::lround(-away * s)),
                    static_cast<int>(std::lround(away * c))};
        all.push_back(std::move(one));
    }
    return all;
}

// Directional averages of rows [from, to) over columns [margin, width - margin).
void average_along(const cv::Mat& image, const Direction& direction, int from, int to, int margin,
                   Image<float>& out, int row_offset) {
    const int n = image.cols - 2 * margin;
    const float scale = 1.0F / static_cast<float>(direction.taps.size());
    for (int y = from; y < to; ++y) {
        float* sum = out.view().row(y - row_offset) + margin;
        std::fill(sum, sum + n, 0.0F);
        for (const cv::Point& tap : direction.taps) {
            const float* row = image.ptr<float>(y + tap.y) + margin + tap.x;
            for (int x = 0; x < n; ++x) {
                sum[x] += row[x];
            }
        }
        for (int x = 0; x < n; ++x) {
            sum[x] *= scale;
        }
    }
}

struct Margins {
    int along;  // reach of the taps
    int side;   // reach of the flanks
    [[nodiscard]] int both() const { return along + side; }
};

void keep_best(const Image<float>& averages, int row_offset, int y, const Direction& direction,
               const Margins& margins, std::uint8_t angle, LineResponse& out) {
    const float* here = averages.view().row(y - row_offset);
    const float* one = averages.view().row(y - row_offset + direction.side.y) + direction.side.x;
    const float* two = averages.view().row(y - row_offset - direction.side.y) - direction.side.x;
    float* bright = out.bright.view().row(y);
    float* dark = out.dark.view().row(y);
    std::uint8_t* bright_angle = out.bright_angle.view().row(y);
    std::uint8_t* dark_angle = out.dark_angle.view().row(y);
    for (int x = margins.both(); x < averages.width() - margins.both(); ++x) {
        const float up = here[x] - std::max(one[x], two[x]);
        const float down = std::min(one[x], two[x]) - here[x];
        bright_angle[x] = up > bright[x] ? angle : bright_angle[x];
        bright[x] = std::max(up, bright[x]);
        dark_angle[x] = down > dark[x] ? angle : dark_angle[x];
        dark[x] = std::max(down, dark[x]);
    }
}

}  // namespace

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
    cv::Mat smooth;
    cv::GaussianBlur(source, smooth, {}, smoothing_px(scale), smoothing_px(scale),
                     cv::BORDER_REPLICATE);
    const std::vector<Direction> all = directions(scale);
    const Margins margins{static_cast<int>(scale.length_px / 2) + 1,
                          static_cast<int>(scale.width_px + smoothing_px(scale)) + 2};
    if (extent.width <= 2 * margins.both() || extent.height <= 2 * margins.both()) {
        return;
    }
    const int rows = extent.height - 2 * margins.both();
    parallel_rows(rows, 24, [&](int first, int last) {
        const int from = first + margins.both();
        const int to = last + margins.both();
        const int row_offset = from - margins.side;
        Image<float> averages({extent.width, to - from + 2 * margins.side}, 0.0F);
        for (int a = 0; a < kAngles; ++a) {
            const Direction& direction = all[static_cast<std::size_t>(a)];
            average_along(smooth, direction, row_offset, to + margins.side, margins.along, averages,
                          row_offset);
            for (int y = from; y < to; ++y) {
                keep_best(averages, row_offset, y, direction, margins, static_cast<std::uint8_t>(a),
                          out);
            }
        }
    });
}

}  // namespace dsm
