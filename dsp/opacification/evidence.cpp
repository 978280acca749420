#include "dsp/opacification/evidence.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "dsp/core/parallel.h"

namespace dsm {

namespace {

// Mean square of the largest of kAngles responses, in units of var(A): see line_filter.h.
constexpr double kNoiseMeanSquare = 1.45;

cv::Mat as_mat(Image<float>& image) {
    return {image.height(), image.width(), CV_32F, image.pixels().data()};
}

}  // namespace

int baseline_slots(const History& history, const Sac& sac, int y) {
    const SacRow& row = sac.row(sac.nearest_filled(y));
    int before = 0;
    while (before < history.size() && history.slot(before).before_contrast) {
        ++before;
    }
    return std::max(before, row.arrival_slot.value_or(0) - 1);
}

Evidence::Evidence(const WorkGrid& grid, Extent extent)
    : grid_(grid),
      baseline_(extent, 0.0F),
      baseline_to_(static_cast<std::size_t>(extent.height), 0) {}

void Evidence::update_baseline(const History& history, const Sac& sac, int y) {
    const int to = baseline_slots(history, sac, y);
    int& known = baseline_to_[static_cast<std::size_t>(y)];
    if (to != known) {
        history.mean_row(0, to, y, 0, history.extent().width, baseline_.view().row(y));
        known = to;
    }
}

void Evidence::integrate(const History& history, const Sac& sac, int from) {
    const Extent extent = history.extent();
    double lowest = extent.width;
    double highest = 0;
    for (int y = sac.first_row(); y <= sac.last_row(); ++y) {
        lowest = std::min(lowest, sac.row(y).center);
        highest = std::max(highest, sac.row(y).center);
    }
    const int around = grid_.px(kCorridorMm);
    Corridor& c = map_.corridor;
    c.x = std::max(0, static_cast<int>(lowest) - around);
    c.y = std::max(0, sac.first_row() - around / 2);
    c.extent.width = std::min(extent.width, static_cast<int>(highest) + around + 1) - c.x;
    c.extent.height = std::min(extent.height, sac.last_row() + around / 2 + 1) - c.y;
    map_.difference.resize(c.extent);
    map_.noise.resize(c.extent);
    const int frames = std::max(1, history.frames_in(from, history.size()));
    parallel_rows(c.extent.height, 16, [&](int first, int last) {
        for (int row = first; row < last; ++row) {
            const int y = c.y + row;
            update_baseline(history, sac, y);
            float* value = map_.difference.view().row(row);
            float* noise = map_.noise.view().row(row);
            history.mean_row(from, history.size(), y, c.x, c.x + c.extent.width, value);
            const int base = history.frames_in(0, baseline_to_[static_cast<std::size_t>(y)]);
            // Without a baseline the mask's own noise stays: as much as two more frames'.
            const float share = std::sqrt(1.0F / static_cast<float>(frames) +
                                          1.0F / static_cast<float>(std::max(base, 2)));
            const float* before = baseline_.view().row(y) + c.x;
            for (int x = 0; x < c.extent.width; ++x) {
                const bool valid = history.valid(c.x + x, y);
                value[x] = valid ? value[x] - (base > 0 ? before[x] : 0.0F) : 0.0F;
                noise[x] = share * history.sigma(c.x + x, y);
            }
        }
    });
}

// Interpolates across the sac from what lies just outside it, so that its border gives no response
// and bands beside it are seen against their outer side.
void Evidence::erase_sac(const Sac& sac) {
    const Corridor& c = map_.corridor;
    const int margin = grid_.px(kSacMarginMm);
    for (int row = 0; row < c.extent.height; ++row) {
        const int y = c.y + row;
        if (y < sac.first_row() || y > sac.last_row()) {
            continue;
        }
        const SacRow& at = sac.row(y);
        const int l =
            std::max(0, static_cast<int>(std::floor(at.center - at.half_width)) - margin - c.x);
        const int r =
            std::min(c.extent.width - 1,
                     static_cast<int>(std::ceil(at.center + at.half_width)) + margin - c.x);
        float* value = map_.difference.view().row(row);
        for (int x = l + 1; x < r; ++x) {
            const float part = static_cast<float>(x - l) / static_cast<float>(r - l);
            value[x] = (1.0F - part) * value[l] + part * value[r];
        }
    }
}

void Evidence::normalise(const Sac& sac, const LineScale& scale, double length_mm) {
    const Corridor& c = map_.corridor;
    map_.residue.resize(c.extent);
    map_.bright.resize(c.extent);
    map_.dark.resize(c.extent);
    map_.line_width_px = scale.width_px;
    Image<float> square(c.extent);    // of dark responses
    Image<float> opposite(c.extent);  // of bright ones, for the decoys
    Image<float> weight(c.extent);
    parallel_rows(c.extent.height, 32, [&](int first, int last) {
        for (int row = first; row < last; ++row) {
            for (int x = 0; x < c.extent.width; ++x) {
                const Point at{static_cast<double>(c.x + x), static_cast<double>(c.y + row)};
                const bool outside = sac.outside(at) > 0.5 * scale.width_px;
                const float dark = response_.dark(x, row);
                weight(x, row) = outside ? 1.0F : 0.0F;
                const float bright = response_.bright(x, row);
                square(x, row) = outside ? dark * dark : 0.0F;
                opposite(x, row) = outside ? bright * bright : 0.0F;
            }
        }
    });
    cv::Mat squares = as_mat(square);
    cv::Mat opposites = as_mat(opposite);
    cv::Mat weights = as_mat(weight);
    const int box = grid_.px(2.5 * length_mm) | 1;
    cv::blur(squares, squares, {box, box}, {-1, -1}, cv::BORDER_REPLICATE);
    cv::blur(opposites, opposites, {box, box}, {-1, -1}, cv::BORDER_REPLICATE);
    cv::blur(weights, weights, {box, box}, {-1, -1}, cv::BORDER_REPLICATE);
    const float gain = static_cast<float>(line_noise_gain(scale) * std::sqrt(kNoiseMeanSquare));
    parallel_rows(c.extent.height, 32, [&](int first, int last) {
        for (int row = first; row < last; ++row) {
            for (int x = 0; x < c.extent.width; ++x) {
                const float share = std::max(weight(x, row), 0.05F);
                const float noise = std::max(gain * map_.noise(x, row), 1e-6F);
                const float residue = std::sqrt(square(x, row) / share);
                const float other = std::sqrt(opposite(x, row) / share);
                map_.residue(x, row) = residue;
                map_.bright(x, row) = response_.bright(x, row) / std::max(residue, noise);
                map_.dark(x, row) = response_.dark(x, row) / std::max(other, noise);
            }
        }
    });
}

const EvidenceMap& Evidence::veins(const History& history, const Sac& sac, int from) {
    const LineScale scale{kVeinMm / grid_.mm(), kVeinLengthMm / grid_.mm()};
    integrate(history, sac, from);
    erase_sac(sac);
    line_response(map_.difference.view(), scale, response_);
    normalise(sac, scale, kVeinLengthMm);
    map_.broad = false;
    return map_;
}

const EvidenceMap& Evidence::bands(const History& history, const Sac& sac, int from) {
    const LineScale scale{kBandMm / grid_.mm(), kBandLengthMm / grid_.mm()};
    integrate(history, sac, from);
    erase_sac(sac);
    line_response(map_.difference.view(), scale, response_);
    normalise(sac, scale, kBandLengthMm);
    map_.broad = true;
    return map_;
}

}  // namespace dsm
