#include "dsp/opacification/corridor.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "dsp/core/parallel.h"

namespace dsm {
namespace {

constexpr int kBin_px = 4;
constexpr int kCell_px = 16;
constexpr int kBinsPerCell = (kCell_px / kBin_px) * (kCell_px / kBin_px);
constexpr float kLowerQuartile = 0.736F;  // of chi-square with 15 degrees of freedom over 15
constexpr float kLeastCorrelation = 0.5F;
constexpr float kMostCorrelation = 4.0F;
constexpr int kFewestBins = 64;

struct Bin {
    bool usable{true};
    float opacity{0.0F};   // mean
    float variance{0.0F};  // of that mean, pixels independent
    float gradient{0.0F};  // |mean gradient|^2 less what noise adds
};

// The gradient needs one pixel more on each side.
Bin bin_of(const CorridorFrame& frame, int left, int top) {
    Bin bin;
    float gx = 0.0F;
    float gy = 0.0F;
    const auto& mask = frame.mask_registered;
    for (int y = top; y < top + kBin_px; ++y) {
        for (int x = left; x < left + kBin_px; ++x) {
            if (frame.usable(x, y) == 0) {
                bin.usable = false;
                return bin;
            }
            bin.opacity += frame.opacity(x, y);
            bin.variance += frame.sigma(x, y) * frame.sigma(x, y);
            gx += 0.5F * (mask(x + 1, y) - mask(x - 1, y));
            gy += 0.5F * (mask(x, y + 1) - mask(x, y - 1));
        }
    }
    constexpr float kShare = 1.0F / static_cast<float>(kBin_px * kBin_px);
    const float pixel_variance = kShare * bin.variance;
    bin.opacity *= kShare;
    bin.variance = kShare * pixel_variance;
    // The sums telescope: four pixels at either end, each counted half, over four rows. A mask has
    // at most half of the variance of opacity.
    constexpr float kNoiseShare = 1.0F / 64.0F;
    bin.gradient = kShare * kShare * (gx * gx + gy * gy) - kNoiseShare * pixel_variance;
    return bin;
}

double quantile(std::vector<double> values, double part) {
    const auto at =
        static_cast<std::ptrdiff_t>(part * static_cast<double>(values.size() - 1) + 0.5);
    std::nth_element(values.begin(), values.begin() + at, values.end());
    return values[static_cast<std::size_t>(at)];
}

}  // namespace

CorridorMonitor::Cell CorridorMonitor::cell_of(const CorridorFrame& frame, int column, int row) {
    Cell cell;
    float sum = 0.0F;
    float square = 0.0F;
    float variance = 0.0F;
    for (int top = row * kCell_px; top < (row + 1) * kCell_px; top += kBin_px) {
        for (int left = column * kCell_px; left < (column + 1) * kCell_px; left += kBin_px) {
            if (top < 1 || left < 1 || top + kBin_px >= frame.opacity.height() ||
                left + kBin_px >= frame.opacity.width()) {
                continue;
            }
            const Bin bin = bin_of(frame, left, top);
            if (!bin.usable) {
                continue;
            }
            ++cell.bins;
            cell.gradient += bin.gradient;
            sum += bin.opacity;
            square += bin.opacity * bin.opacity;
            variance += bin.variance;
            if (bin.opacity < 0.0F) {
                cell.bin_square += bin.opacity * bin.opacity;
                cell.bin_variance += bin.variance;
                ++cell.negative;
            }
            for (int y = top; y < top + kBin_px; ++y) {
                for (int x = left; x < left + kBin_px; ++x) {
                    const float o = frame.opacity(x, y);
                    const float s = frame.sigma(x, y);
                    cell.square += o < 0.0F ? o * o : 0.0F;
                    cell.variance += o < 0.0F ? s * s : 0.0F;
                }
            }
        }
    }
    if (cell.bins == kBinsPerCell && variance > 0.0F) {
        const auto n = static_cast<float>(cell.bins);
        cell.spread = (square - sum * sum / n) / (n - 1.0F) / (variance / n);
    }
    return cell;
}

void CorridorMonitor::follow(const CorridorFrame& frame) {
    Frame kept;
    kept.frame = frame.frame;
    kept.cells =
        Image<Cell>({frame.opacity.width() / kCell_px + 1, frame.opacity.height() / kCell_px + 1});
    parallel_rows(kept.cells.height(), 1, [&](int first, int last) {
        for (int row = first; row < last; ++row) {
            for (int column = 0; column < kept.cells.width(); ++column) {
                kept.cells(column, row) = cell_of(frame, column, row);
            }
        }
    });
    std::vector<double> spreads;
    for (const Cell& cell : kept.cells.pixels()) {
        if (cell.spread > 0.0F) {
            spreads.push_back(static_cast<double>(cell.spread));
        }
    }
    if (!spreads.empty()) {
        kept.correlation =
            std::clamp(static_cast<float>(quantile(std::move(spreads), 0.25)) / kLowerQuartile,
                       kLeastCorrelation, kMostCorrelation);
    }
    frames_.push_back(std::move(kept));
}

std::vector<std::size_t> CorridorMonitor::cells_beside(const std::vector<Point>& axis_px) const {
    std::vector<std::size_t> chosen;
    std::vector<Point> axis_mm;
    for (const Point& p : axis_px) {
        axis_mm.push_back({p.x * spacing_->column_mm, p.y * spacing_->row_mm});
    }
    const auto [low, high] = std::minmax_element(
        axis_mm.begin(), axis_mm.end(), [](const Point& a, const Point& b) { return a.y < b.y; });
    const Image<Cell>& grid = frames_.front().cells;
    for (int row = 0; row < grid.height(); ++row) {
        for (int column = 0; column < grid.width(); ++column) {
            const Point centre{(column + 0.5) * kCell_px * spacing_->column_mm,
                               (row + 0.5) * kCell_px * spacing_->row_mm};
            const double away = distance_to_polyline(centre, axis_mm);
            if (centre.y >= low->y && centre.y <= high->y && away >= kCorridorInner_mm &&
                away <= kCorridorOuter_mm) {
                chosen.push_back(static_cast<std::size_t>(row) *
                                     static_cast<std::size_t>(grid.width()) +
                                 static_cast<std::size_t>(column));
            }
        }
    }
    return chosen;
}

CorridorReport CorridorMonitor::report(const std::vector<Point>& axis_px) const {
    CorridorReport report;
    if (!spacing_) {
        report.why = "the pixel spacing is not known";
    } else if (axis_px.size() < 2) {
        report.why = "the axis of the sac is not known";
    } else if (frames_.empty()) {
        report.why = "no frame was subtracted";
    }
    if (!report.why.empty()) {
        return report;
    }
    const std::vector<std::size_t> cells = cells_beside(axis_px);
    const double pixel_mm = std::sqrt(spacing_->column_mm * spacing_->row_mm);
    std::vector<double> residuals;
    std::vector<double> ratios;
    for (const Frame& frame : frames_) {
        double square = 0.0, variance = 0.0, bin_square = 0.0, bin_variance = 0.0, gradient = 0.0;
        int negative = 0;
        int bins = 0;
        for (const std::size_t at : cells) {
            const Cell& cell = frame.cells.pixels()[at];
            square += static_cast<double>(cell.square);
            variance += static_cast<double>(cell.variance);
            bin_square += static_cast<double>(cell.bin_square);
            bin_variance += static_cast<double>(cell.bin_variance);
            gradient += static_cast<double>(cell.gradient);
            negative += cell.negative;
            bins += cell.bins;
        }
        if (negative < kFewestBins || !(variance > 0.0) || !(gradient > 0.0)) {
            continue;
        }
        const double excess =
            (bin_square - static_cast<double>(frame.correlation) * bin_variance) / negative;
        const double residual = std::sqrt(std::max(0.0, excess) / (gradient / bins)) * pixel_mm;
        report.frames.push_back({frame.frame, std::sqrt(square / variance), residual});
        residuals.push_back(residual);
        ratios.push_back(report.frames.back().artefact_ratio);
    }
    if (residuals.empty()) {
        report.why = "too little of the picture lies beside the spine";
        return report;
    }
    report.median_mm = quantile(residuals, 0.5);
    report.high_mm = quantile(residuals, 0.95);
    report.median_artefact_ratio = quantile(ratios, 0.5);
    return report;
}

}  // namespace dsm
