#include "dsp/phantom/truth_masks.h"

#include <algorithm>
#include <cmath>

#include "dsp/phantom/detector.h"

namespace dsm::phantom {
namespace {

constexpr double kFreeMarginMm = 3.0;
constexpr float kTraceOpacity = 0.001F;

bool in_picture(Point p, const Grid& grid) {
    return p.x >= 0.0 && p.y >= 0.0 && p.x <= grid.picture.width - 1 &&
           p.y <= grid.picture.height - 1;
}

// Largest over the frames of the concentration along a structure, by mm of its path.
double largest_concentration(const Structure& s, double along_mm,
                             const std::vector<double>& time_s) {
    double most = 0.0;
    for (const double t : time_s) {
        most = std::max(most, s.concentration(t, along_mm));
    }
    return most;
}

// What the structure alone would measure at its strongest.
double measured_peak(const Structure& s, const Grid& grid, const std::vector<double>& time_s,
                     double blur_px, ImageView<const float> primary_share) {
    Image<float> passed(grid.padded(), 0.0F);
    for (const Structure::Sample& sample : s.samples) {
        passed(sample.x, sample.y) += static_cast<float>(
            0.1 * static_cast<double>(sample.depth_mm) *
            largest_concentration(s, static_cast<double>(sample.along_mm), time_s));
    }
    for (float& value : passed.pixels()) {
        value = static_cast<float>(std::exp(-iodine_attenuation(static_cast<double>(value))));
    }
    Image<float> scratch;
    blur(passed, blur_px, scratch);
    std::vector<double> along;
    for (const PointMm point : s.path) {
        const Point px = grid.to_px(point);
        if (!in_picture(px, grid)) {
            continue;
        }
        const int x = static_cast<int>(std::lround(px.x));
        const int y = static_cast<int>(std::lround(px.y));
        const auto share = static_cast<double>(primary_share.row(y)[x]);
        const auto through = static_cast<double>(passed(x + grid.margin_px, y + grid.margin_px));
        along.push_back(-std::log(1.0 - share * (1.0 - through)));
    }
    if (along.empty()) {
        return 0.0;
    }
    std::sort(along.begin(), along.end());
    return along[static_cast<std::size_t>(0.9 * static_cast<double>(along.size() - 1))];
}

}  // namespace

bool path_in_view(const Structure& structure, const Grid& grid) {
    return std::any_of(structure.path.begin(), structure.path.end(),
                       [&](PointMm p) { return in_picture(grid.to_px(p), grid); });
}

std::vector<LevelMark> levels_in_view(const Spine& spine, const Grid& grid) {
    std::vector<LevelMark> marks;
    for (const Vertebra& v : spine.vertebrae()) {
        const Point px = grid.to_px(v.center);
        if (in_picture(px, grid)) {
            marks.push_back({v.label, px, LevelSource::operator_marked});
        }
    }
    return marks;
}

std::vector<TrueStructure> true_structures(const Contrast& contrast, const Recipe& recipe,
                                           const Grid& grid, const std::vector<double>& time_s,
                                           ImageView<const float> primary_share) {
    std::vector<TrueStructure> all;
    for (const Structure& s : contrast.structures()) {
        TrueStructure truth;
        truth.kind = s.kind;
        truth.level = s.level;
        truth.side = s.side;
        truth.width_mm = s.width_mm;
        for (const PointMm p : s.path) {
            const Point px = grid.to_px(p);
            if (in_picture(px, grid)) {
                truth.path_px.push_back(px);
            }
        }
        if (truth.path_px.empty()) {
            continue;
        }
        const auto onset = std::find_if(time_s.begin(), time_s.end(), [&](double t) {
            return s.concentration(t, 0.0) >= 0.05 * s.iodine_mg_ml && s.iodine_mg_ml > 0.0;
        });
        truth.onset_frame = static_cast<int>(onset - time_s.begin());
        truth.peak_opacity = measured_peak(s, grid, time_s, recipe.detector.blur_px, primary_share);
        // What has not begun before the run ends is not in the run.
        if (onset != time_s.end()) {
            all.push_back(std::move(truth));
        }
    }
    return all;
}

std::vector<TrueStructure> true_bubbles(const Recipe& recipe, const Spine& spine,
                                        const Grid& grid) {
    std::vector<TrueStructure> all;
    for (const Bubble& bubble : bowel_bubbles(recipe, spine, grid)) {
        TrueStructure truth;
        truth.kind = "bowel_gas";
        truth.side = bubble.center.x > spine.x_at(bubble.center.y) ? Side::left : Side::right;
        truth.width_mm = 2.0 * bubble.radius_mm;
        truth.path_px = {grid.to_px(bubble.center)};
        all.push_back(std::move(truth));
    }
    return all;
}

Image<std::uint8_t> sac_mask(const Contrast& contrast, const Grid& grid) {
    Image<std::uint8_t> mask(grid.picture, 0);
    for (int y = 0; y < mask.height(); ++y) {
        for (int x = 0; x < mask.width(); ++x) {
            mask(x, y) = contrast.in_sac(grid.to_mm(x, y)) ? 255 : 0;
        }
    }
    return mask;
}

Image<std::uint8_t> free_mask(ImageView<const float> peak_opacity,
                              ImageView<const std::uint8_t> sac, const Grid& grid) {
    const int reach = static_cast<int>(std::ceil(kFreeMarginMm / grid.pixel_mm));
    const Extent extent = grid.picture;
    Image<std::uint8_t> across(extent, 0);
    for (int y = 0; y < extent.height; ++y) {
        for (int x = 0; x < extent.width; ++x) {
            if (peak_opacity.row(y)[x] > kTraceOpacity || sac.row(y)[x] != 0) {
                const int to = std::min(extent.width - 1, x + reach);
                for (int near = std::max(0, x - reach); near <= to; ++near) {
                    across(near, y) = 255;
                }
            }
        }
    }
    Image<std::uint8_t> free(extent, 255);
    for (int y = 0; y < extent.height; ++y) {
        for (int x = 0; x < extent.width; ++x) {
            const bool edge =
                x < reach || y < reach || x >= extent.width - reach || y >= extent.height - reach;
            if (edge) {
                free(x, y) = 0;
            }
            if (across(x, y) != 0) {
                const int to = std::min(extent.height - 1, y + reach);
                for (int near = std::max(0, y - reach); near <= to; ++near) {
                    free(x, near) = 0;
                }
            }
        }
    }
    return free;
}

}  // namespace dsm::phantom
