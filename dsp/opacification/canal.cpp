#include "dsp/opacification/canal.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "dsp/core/parallel.h"

namespace dsm {
namespace {

constexpr float kNothing = std::numeric_limits<float>::quiet_NaN();

float at_between(const Image<float>& image, double x, int y) {
    const double inside = std::clamp(x, 0.0, static_cast<double>(image.width() - 1));
    const int left = std::min(static_cast<int>(inside), std::max(0, image.width() - 2));
    const float part = static_cast<float>(inside - left);
    const int right = std::min(left + 1, image.width() - 1);
    return (1.0F - part) * image(left, y) + part * image(right, y);
}

// The sac with its axis made straight: column k lies k - reach from the axis.
struct Frame {
    PixelRect corridor;
    int first_row{0};
    int rows{0};
    int reach{0};

    Frame(const Sac& sac, PixelRect where, int around) : corridor(where) {
        first_row = std::max(sac.first_row(), corridor.y);
        const int last = std::min(sac.last_row(), corridor.y + corridor.height - 1);
        rows = std::max(0, last - first_row + 1);
        double widest = 0.0;
        for (int y = first_row; y <= last; ++y) {
            widest = std::max(widest, sac.row(y).half_width);
        }
        reach = static_cast<int>(widest) + around;
    }

    [[nodiscard]] Extent extent() const { return {2 * reach + 1, rows}; }

    void straighten(const Sac& sac, const Image<float>& image, Image<float>& out) const {
        parallel_rows(rows, 32, [&](int from, int to) {
            for (int row = from; row < to; ++row) {
                const int y = first_row + row;
                const double left = sac.row(y).center - corridor.x - reach;
                for (int k = 0; k < out.width(); ++k) {
                    out(k, row) = at_between(image, left + k, y - corridor.y);
                }
            }
        });
    }
};

// Running median of every column over `half` rows both ways, NaN left out; NaN where fewer than a
// quarter are numbers. Every third row is looked at: the median of dozens does not need the rest.
void median_along(const Image<float>& value, int half, Image<float>& median) {
    constexpr int kEvery = 3;
    parallel_rows(value.height(), 16, [&](int from, int to) {
        std::vector<float> around;
        for (int y = from; y < to; ++y) {
            const int a = std::max(0, y - half);
            const int b = std::min(value.height() - 1, y + half);
            for (int x = 0; x < value.width(); ++x) {
                around.clear();
                std::size_t looked = 0;
                for (int row = a; row <= b; row += kEvery) {
                    ++looked;
                    if (!std::isnan(value(x, row))) {
                        around.push_back(value(x, row));
                    }
                }
                if (4 * around.size() < looked || around.empty()) {
                    median(x, y) = kNothing;
                    continue;
                }
                const auto middle = around.begin() + static_cast<std::ptrdiff_t>(around.size() / 2);
                std::nth_element(around.begin(), middle, around.end());
                median(x, y) = *middle;
            }
        }
    });
}

// Gaps are filled with the nearest number of the row, or `otherwise` where it has none.
void fill_gaps(Image<float>& image, float otherwise) {
    for (int y = 0; y < image.height(); ++y) {
        float* row = image.view().row(y);
        float last = kNothing;
        for (int x = image.width() - 1; x >= 0; --x) {
            last = std::isnan(row[x]) ? last : row[x];
            row[x] = last;
        }
        last = kNothing;
        for (int x = 0; x < image.width(); ++x) {
            last = std::isnan(row[x]) ? last : row[x];
            row[x] = std::isnan(last) ? otherwise : last;
        }
    }
}

// Makes g E of one row, and W over it where the sac is dense enough. Returns g.
float ratio_row(const SacRow& sac, int reach, const float* now, float* early, float* ratio,
                int width) {
    const int inner = std::max(1, static_cast<int>(0.8 * sac.half_width));
    float sum_now = 0.0F;
    float sum_early = 0.0F;
    float densest = 0.0F;
    for (int k = std::max(0, reach - inner); k <= std::min(width - 1, reach + inner); ++k) {
        sum_now += now[k];
        sum_early += early[k];
        densest = std::max(densest, early[k]);
    }
    const float growth = sum_early > 0.0F && sum_now > 0.0F ? sum_now / sum_early : 1.0F;
    for (int k = 0; k < width; ++k) {
        const bool dense = densest > 0.0F && early[k] > static_cast<float>(kSacShare) * densest;
        early[k] *= growth;
        ratio[k] = dense ? now[k] / early[k] : kNothing;
    }
    return growth;
}

void blur(Image<float>& image, Image<float>& blurred) {
    const cv::Mat from(image.height(), image.width(), CV_32F, image.pixels().data());
    cv::Mat to(image.height(), image.width(), CV_32F, blurred.pixels().data());
    cv::GaussianBlur(from, to, {}, 1.2, 1.2, cv::BORDER_REPLICATE);
}

}  // namespace

bool in_zone(Zone zone, double outside_px, double line_width_px, double mm_per_px) {
    const double outside_mm = outside_px * mm_per_px;
    return zone == Zone::beside ? outside_px > 0.5 * line_width_px
                                : outside_mm > -kCanalInMm && outside_mm < kCanalOutMm;
}

void take_sac_away(const Sac& sac, const WorkGrid& grid, PixelRect corridor,
                   const Image<float>& early, ImagePool<float>& pool, Image<float>& now) {
    const int along = grid.px(kAlongMm);
    const Frame frame(sac, corridor, along);
    if (frame.rows == 0) {
        now.fill(0.0F);
        return;
    }
    auto lent_sharp_now = pool.lend(frame.extent());
    auto lent_sharp_early = pool.lend(frame.extent());
    auto lent_smooth_now = pool.lend(frame.extent());
    auto lent_smooth_early = pool.lend(frame.extent());
    auto lent_ratio = pool.lend(frame.extent());
    auto lent_profile = pool.lend(frame.extent());
    Image<float>& sharp_now = *lent_sharp_now;
    Image<float>& sharp_early = *lent_sharp_early;
    Image<float>& smooth_now = *lent_smooth_now;
    Image<float>& smooth_early = *lent_smooth_early;
    Image<float>& ratio = *lent_ratio;
    Image<float>& profile = *lent_profile;
    frame.straighten(sac, now, sharp_now);
    frame.straighten(sac, early, sharp_early);
    blur(sharp_now, smooth_now);
    blur(sharp_early, smooth_early);
    for (int row = 0; row < frame.rows; ++row) {
        const float growth =
            ratio_row(sac.row(frame.first_row + row), frame.reach, smooth_now.view().row(row),
                      smooth_early.view().row(row), ratio.view().row(row), ratio.width());
        for (float& value : sharp_early.view().row_span(row)) {
            value *= growth;
        }
    }
    median_along(ratio, along, profile);
    fill_gaps(profile, 1.0F);
    Image<float>& left = smooth_now;  // which is done with, as is the ratio
    for (std::size_t i = 0; i < left.pixels().size(); ++i) {
        left.pixels()[i] = sharp_now.pixels()[i] - profile.pixels()[i] * sharp_early.pixels()[i];
    }
    Image<float>& level = ratio;
    median_along(left, along, level);
    for (std::size_t i = 0; i < left.pixels().size(); ++i) {
        left.pixels()[i] -= level.pixels()[i];
    }
    const int top = frame.first_row - corridor.y;
    parallel_rows(now.height(), 32, [&](int from, int to) {
        for (int row = from; row < to; ++row) {
            float* value = now.view().row(row);
            const int k = row - top;
            const bool has_sac = k >= 0 && k < left.height();
            const double first =
                has_sac ? sac.row(row + corridor.y).center - corridor.x - frame.reach : 0.0;
            for (int x = 0; x < now.width(); ++x) {
                const double off = x - first;
                const bool known = has_sac && off >= 0.0 && off <= 2.0 * frame.reach;
                value[x] = known ? at_between(left, off, k) : 0.0F;
            }
        }
    });
}

}  // namespace dsm
