#include "dsp/opacification/sac.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <opencv2/imgproc.hpp>

#include "dsp/core/parallel.h"

namespace dsm {

namespace {

constexpr double kCentreMm = 8.0;     // narrower than any sac, so the centre is full
constexpr double kFlankMm = 15.0;     // beyond the border of any sac
constexpr double kShortestMm = 35.0;  // of column that is accepted as a sac: one lumbar level
constexpr double kGapMm = 25.0;       // unfilled stretch bridged (shoulders, a stenosis)
constexpr int kNow = 3;               // slots that make up "now"

double median(std::vector<double> values) {
    if (values.empty()) {
        return 0.0;
    }
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

void recent_mean(const History& history, Image<float>& mean) {
    const Extent extent = history.extent();
    mean.resize(extent);
    const int to = history.size();
    const int from = std::max(0, to - kNow);
    parallel_rows(extent.height, 32, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            history.mean_row(from, to, y, 0, extent.width, mean.view().row(y));
        }
    });
}

cv::Mat as_mat(Image<float>& image) {
    return {image.height(), image.width(), CV_32F, image.pixels().data()};
}

}  // namespace

Sac::Sac(const WorkGrid& grid, Extent extent)
    : grid_(grid),
      band_(extent, 0.0F),
      rows_(static_cast<std::size_t>(extent.height)),
      path_(static_cast<std::size_t>(extent.height), 0) {}

void Sac::band_response(const Image<float>& smooth) {
    const int flank = grid_.px(kFlankMm);
    const int width = smooth.width();
    for (int y = 0; y < smooth.height(); ++y) {
        const float* value = smooth.view().row(y);
        float* band = band_.view().row(y);
        for (int x = 0; x < width; ++x) {
            // A flank beyond the picture is not seen; the other one decides alone.
            const float left = x >= flank ? value[x - flank] : -1.0F;
            const float right = x + flank < width ? value[x + flank] : -1.0F;
            const bool seen = x >= flank || x + flank < width;
            band[x] = seen ? value[x] - std::max(left, right) : 0.0F;
        }
    }
}

// Least-cost path: each row gains its band response, limited so that one very bright row cannot
// pull the axis, and pays for sideways steps. Two columns per row allow 60 degrees of curvature.
bool Sac::trace_axis(float floor) {
    const int height = band_.height();
    const int width = band_.width();
    float strongest = 0.0F;
    for (const float value : band_.pixels()) {
        strongest = std::max(strongest, value);
    }
    if (strongest < floor) {
        return false;
    }
    const float limit = 0.5F * strongest;
    const float per_step = 0.02F * strongest;
    Image<float>& best = best_;
    Image<std::int8_t>& came = came_;
    best.resize(band_.extent());
    came.resize(band_.extent());
    came.fill(0);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const float gain = std::clamp(band_(x, y), -0.1F * limit, limit);
            float top = y > 0 ? -std::numeric_limits<float>::infinity() : 0.0F;
            for (int step = -2; y > 0 && step <= 2; ++step) {
                if (x + step < 0 || x + step >= width) {
                    continue;
                }
                const float score =
                    best(x + step, y - 1) - per_step * static_cast<float>(std::abs(step));
                if (score > top) {
                    top = score;
                    came(x, y) = static_cast<std::int8_t>(step);
                }
            }
            best(x, y) = top + gain;
        }
    }
    const auto last = best.view().row_span(height - 1);
    int x = static_cast<int>(std::max_element(last.begin(), last.end()) - last.begin());
    for (int y = height - 1; y >= 0; --y) {
        path_[static_cast<std::size_t>(y)] = x;
        x += came(x, y);
    }
    // Filled rows, gaps bridged; the longest stretch is the sac.
    const float enough = std::max(floor * 0.6F, 0.15F * strongest);
    const int gap = grid_.px(kGapMm);
    int from = -1;
    int to = -1;
    first_row_ = 0;
    last_row_ = -1;
    for (int y = 0; y < height; ++y) {
        const bool filled = band_(path_[static_cast<std::size_t>(y)], y) > enough;
        rows_[static_cast<std::size_t>(y)].filled = filled;
        if (!filled) {
            continue;
        }
        from = from >= 0 && y - to <= gap ? from : y;
        to = y;
        if (to - from > last_row_ - first_row_) {
            first_row_ = from;
            last_row_ = to;
        }
    }
    return last_row_ - first_row_ + 1 >= grid_.px(kShortestMm);
}

// Borders lie where the profile across falls to 0.35 of its height over the flanks: below one half,
// because contrast layers to the dependent side and leaves the other half of the sac fainter.
void Sac::measure_widths(const Image<float>& smooth) {
    const int reach = grid_.px(kFlankMm);
    const int width = smooth.width();
    std::vector<double> left;
    std::vector<double> right;
    for (int y = first_row_; y <= last_row_; ++y) {
        const int axis = path_[static_cast<std::size_t>(y)];
        const float* value = smooth.view().row(y);
        const int a = std::max(0, axis - reach);
        const int b = std::min(width - 1, axis + reach);
        const float base = std::min(value[a], value[b]);
        const float peak = *std::max_element(value + std::max(a, axis - reach / 2),
                                             value + std::min(b, axis + reach / 2) + 1);
        const float edge = base + 0.35F * (peak - base);
        int l = axis;
        int r = axis;
        while (l > a && value[l] > edge) {
            --l;
        }
        while (r < b && value[r] > edge) {
            ++r;
        }
        left.push_back(l);
        right.push_back(r);
    }
    // Sleeves and veins joining the sac widen single rows; a running median over 15 mm drops them.
    const int half = grid_.px(7.5);
    const int count = static_cast<int>(left.size());
    const auto around = [&](const std::vector<double>& edge, int i) {
        return median(
            {edge.begin() + std::max(0, i - half), edge.begin() + std::min(count, i + half + 1)});
    };
    for (int i = 0; i < count; ++i) {
        SacRow& row = rows_[static_cast<std::size_t>(first_row_ + i)];
        const double l = around(left, i);
        const double r = around(right, i);
        row.center = 0.5 * (l + r);
        row.half_width = std::max(1.0, 0.5 * (r - l));
    }
}

void Sac::measure_curves(const History& history) {
    const int slots = history.size();
    parallel_rows(last_row_ - first_row_ + 1, 16, [&](int first, int last) {
        for (int y = first_row_ + first; y < first_row_ + last; ++y) {
            SacRow& row = rows_[static_cast<std::size_t>(y)];
            const int a = std::max(0, static_cast<int>(row.center - 0.5 * row.half_width));
            const int b =
                std::min(band_.width(), static_cast<int>(row.center + 0.5 * row.half_width) + 1);
            row.curve.assign(static_cast<std::size_t>(slots), 0.0F);
            for (int i = 0; i < slots && b > a; ++i) {
                float sum = 0.0F;
                for (int x = a; x < b; ++x) {
                    sum += history.opacity(i, x, y);
                }
                row.curve[static_cast<std::size_t>(i)] = sum / static_cast<float>(b - a);
            }
            row.opacity = static_cast<double>(row.curve.back());
        }
    });
}

// Mean curve over 8 mm of sac; arrival is its last upward crossing of a quarter of its peak.
void Sac::measure_arrival(const History& history) {
    const int slots = history.size();
    const int half = grid_.px(4.0);
    std::vector<double> now;
    for (int y = first_row_; y <= last_row_; ++y) {
        const int a = std::max(first_row_, y - half);
        const int b = std::min(last_row_, y + half);
        std::vector<float> mean(static_cast<std::size_t>(slots), 0.0F);
        for (int r = a; r <= b; ++r) {
            const auto& curve = rows_[static_cast<std::size_t>(r)].curve;
            for (std::size_t i = 0; i < mean.size(); ++i) {
                mean[i] += curve[i] / static_cast<float>(b - a + 1);
            }
        }
        SacRow& row = rows_[static_cast<std::size_t>(y)];
        const auto peak = std::max_element(mean.begin(), mean.end());
        const float enough = static_cast<float>(kArrivalFraction) * *peak;
        auto crossing = peak;
        while (crossing != mean.begin() && *(crossing - 1) >= enough) {
            --crossing;
        }
        const int slot = static_cast<int>(crossing - mean.begin());
        row.arrival_slot = slot;
        row.arrival_s = history.slot(slot).time_s;
        row.arrival_frame = history.slot(slot).first;
        now.push_back(row.opacity);
    }
    typical_opacity_ = median(std::move(now));
}

bool Sac::follow(const History& history) {
    if (history.size() < 2 || history.slot(history.size() - 1).before_contrast) {
        return found_;
    }
    recent_mean(history, smooth_);
    cv::Mat view = as_mat(smooth_);
    narrow_.resize(smooth_.extent());
    cv::Mat narrow_view = as_mat(narrow_);
    cv::blur(view, narrow_view, {grid_.px(1.5), grid_.px(4.0)}, {-1, -1}, cv::BORDER_REPLICATE);
    cv::blur(view, view, {grid_.px(kCentreMm), grid_.px(6.0)}, {-1, -1}, cv::BORDER_REPLICATE);
    band_response(smooth_);
    // A band of residue as large as this over a whole level is not noise: the mean over the centre
    // has hundreds of pixels, so only systematic shading could reach eight single-pixel sigmas.
    const float floor = 8.0F * history.typical_sigma();
    const bool seen = trace_axis(floor);
    if (!seen) {
        return found_ = false;
    }
    found_ = true;
    measure_widths(narrow_);
    measure_curves(history);
    measure_arrival(history);
    return true;
}

int Sac::nearest_filled(int y) const {
    return std::clamp(y, first_row_, last_row_);
}

double Sac::outside(Point coarse) const {
    const SacRow& row =
        rows_[static_cast<std::size_t>(nearest_filled(static_cast<int>(std::lround(coarse.y))))];
    return std::abs(coarse.x - row.center) - row.half_width;
}

int Sac::side_of(Point coarse) const {
    const SacRow& row =
        rows_[static_cast<std::size_t>(nearest_filled(static_cast<int>(std::lround(coarse.y))))];
    return coarse.x < row.center ? -1 : 1;
}

std::vector<Point> Sac::axis() const {
    std::vector<Point> points;
    const int step = std::max(1, grid_.px(4.0));
    for (int y = first_row_; found_ && y <= last_row_; y += step) {
        points.push_back({rows_[static_cast<std::size_t>(y)].center, static_cast<double>(y)});
    }
    return points;
}

}  // namespace dsm
