#include "dsp/opacification/corridor.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "dsp/core/lanes.h"
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
    // Of the pixels with negative opacity, summed.
    float negative_square{0.0F}, negative_variance{0.0F};
};

// Sums over the four rows of a row of bins, column by column.
struct Columns {
    std::vector<float> opacity, variance, negative_square, negative_variance, mask, down;
    std::vector<std::uint8_t> usable;

    explicit Columns(int width)
        : opacity(static_cast<std::size_t>(width)),
          variance(opacity.size()),
          negative_square(opacity.size()),
          negative_variance(opacity.size()),
          mask(opacity.size()),
          down(opacity.size()),
          usable(opacity.size()) {}
};

DSM_HOT void add_row(const float* opacity, const float* sigma, const float* mask,
                     const std::uint8_t* usable, int width, Columns& to) {
    float* __restrict sum = to.opacity.data();
    float* __restrict variance = to.variance.data();
    float* __restrict negative_square = to.negative_square.data();
    float* __restrict negative_variance = to.negative_variance.data();
    float* __restrict masks = to.mask.data();
    std::uint8_t* __restrict good = to.usable.data();
    for (int x = 0; x < width; ++x) {
        const float below = std::min(0.0F, opacity[x]);
        const float square = sigma[x] * sigma[x];
        sum[x] += opacity[x];
        variance[x] += square;
        negative_square[x] += below * below;
        negative_variance[x] += opacity[x] < 0.0F ? square : 0.0F;
        masks[x] += mask[x];
    }
    for (int x = 0; x < width; ++x) {
        good[x] &= usable[x];
    }
}

// The rows top to top + 3; there is one more above and below.
void sum_rows(const CorridorFrame& frame, int top, Columns& to) {
    const int width = frame.opacity.width();
    for (std::vector<float>* each :
         {&to.opacity, &to.variance, &to.negative_square, &to.negative_variance, &to.mask}) {
        std::fill(each->begin(), each->end(), 0.0F);
    }
    std::fill(to.usable.begin(), to.usable.end(), std::uint8_t{1});
    for (int y = top; y < top + kBin_px; ++y) {
        add_row(frame.opacity.row(y), frame.sigma.row(y), frame.mask_registered.row(y),
                frame.usable.row(y), width, to);
    }
    // Central differences, summed: those of the rows between cancel.
    const auto& mask = frame.mask_registered;
    const float* above = mask.row(top - 1);
    const float* first = mask.row(top);
    const float* last = mask.row(top + kBin_px - 1);
    const float* below = mask.row(top + kBin_px);
    for (int x = 0; x < width; ++x) {
        to.down[static_cast<std::size_t>(x)] =
            0.5F * ((below[x] + last[x]) - (first[x] + above[x]));
    }
}

// The gradient needs one pixel more on each side.
Bin bin_of(const Columns& columns, int left) {
    const auto at = static_cast<std::size_t>(left);
    const auto sum = [&](const std::vector<float>& of) {
        return (of[at] + of[at + 1]) + (of[at + 2] + of[at + 3]);
    };
    Bin bin;
    bin.usable = (columns.usable[at] & columns.usable[at + 1] & columns.usable[at + 2] &
                  columns.usable[at + 3]) != 0;
    if (!bin.usable) {
        return bin;
    }
    constexpr float kShare = 1.0F / static_cast<float>(kBin_px * kBin_px);
    const float pixel_variance = kShare * sum(columns.variance);
    bin.opacity = kShare * sum(columns.opacity);
    bin.variance = kShare * pixel_variance;
    bin.negative_square = sum(columns.negative_square);
    bin.negative_variance = sum(columns.negative_variance);
    const float gx = 0.5F * ((columns.mask[at + 4] + columns.mask[at + 3]) -
                             (columns.mask[at] + columns.mask[at - 1]));
    const float gy = sum(columns.down);
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

Extent corridor_cells(Extent picture) {
    return {picture.width / kCell_px + 1, picture.height / kCell_px + 1};
}

void CorridorMonitor::find_cells(const CorridorFrame& frame, int first, int last,
                                 ImageView<Cell> cells, ImageView<float> spreads) {
    struct Sums {
        float sum{0.0F}, square{0.0F}, variance{0.0F};
    };
    std::vector<Sums> sums(static_cast<std::size_t>(cells.width()));
    Columns columns(frame.opacity.width());
    const auto add_bins = [&](int row) {
        for (int left = kBin_px; left + kBin_px < frame.opacity.width(); left += kBin_px) {
            const Bin bin = bin_of(columns, left);
            if (!bin.usable) {
                continue;
            }
            Cell& cell = cells(left / kCell_px, row);
            Sums& of = sums[static_cast<std::size_t>(left / kCell_px)];
            ++cell.bins;
            cell.gradient += bin.gradient;
            cell.square += bin.negative_square;
            cell.variance += bin.negative_variance;
            of.sum += bin.opacity;
            of.square += bin.opacity * bin.opacity;
            of.variance += bin.variance;
            if (bin.opacity < 0.0F) {
                cell.bin_square += bin.opacity * bin.opacity;
                cell.bin_variance += bin.variance;
                ++cell.negative;
            }
        }
    };
    for (int row = first; row < last; ++row) {
        std::fill(sums.begin(), sums.end(), Sums{});
        for (int top = row * kCell_px; top < (row + 1) * kCell_px; top += kBin_px) {
            if (top >= 1 && top + kBin_px < frame.opacity.height()) {
                sum_rows(frame, top, columns);
                add_bins(row);
            }
        }
        for (int column = 0; column < cells.width(); ++column) {
            const Cell& cell = cells(column, row);
            const Sums& of = sums[static_cast<std::size_t>(column)];
            spreads(column, row) = 0.0F;
            if (cell.bins == kBinsPerCell && of.variance > 0.0F) {
                const auto n = static_cast<float>(cell.bins);
                spreads(column, row) =
                    (of.square - of.sum * of.sum / n) / (n - 1.0F) / (of.variance / n);
            }
        }
    }
}

CorridorMonitor::Frame CorridorMonitor::measure(const CorridorFrame& frame) {
    Frame kept;
    kept.frame = frame.frame;
    if (frame.cells != nullptr) {
        kept.cells = frame.cells->cells.clone();
    } else {
        kept.cells = Image<Cell>(corridor_cells(frame.opacity.extent()));
        spreads_.resize(kept.cells.extent());
        parallel_rows(kept.cells.height(), 1, [&](int first, int last) {
            find_cells(frame, first, last, kept.cells.view(), spreads_.view());
        });
    }
    std::vector<double> spreads;
    for (const float spread : (frame.cells != nullptr ? frame.cells->spreads : spreads_).pixels()) {
        if (spread > 0.0F) {
            spreads.push_back(static_cast<double>(spread));
        }
    }
    if (!spreads.empty()) {
        kept.correlation =
            std::clamp(static_cast<float>(quantile(std::move(spreads), 0.25)) / kLowerQuartile,
                       kLeastCorrelation, kMostCorrelation);
    }
    return kept;
}

void CorridorMonitor::follow(const CorridorFrame& frame) {
    if (!frames_) {
        const Extent cells = frame.cells != nullptr ? frame.cells->cells.extent()
                                                    : corridor_cells(frame.opacity.extent());
        frames_.emplace(
            even_number_in(kMostBytes, cells.pixels() * sizeof(Cell), kFewestFrames, kMostFrames));
    }
    if (frames_->keeps_next()) {
        frames_->add(measure(frame));
    } else {
        frames_->skip();
    }
}

std::vector<std::size_t> CorridorMonitor::cells_beside(const std::vector<Point>& axis_px) const {
    std::vector<std::size_t> chosen;
    std::vector<Point> axis_mm;
    for (const Point& p : axis_px) {
        axis_mm.push_back({p.x * spacing_->column_mm, p.y * spacing_->row_mm});
    }
    const auto [low, high] = std::minmax_element(
        axis_mm.begin(), axis_mm.end(), [](const Point& a, const Point& b) { return a.y < b.y; });
    const Image<Cell>& grid = frames_->items().front().cells;
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
    } else if (kept_frames() == 0) {
        report.why = "no frame was subtracted";
    }
    if (!report.why.empty()) {
        return report;
    }
    const std::vector<std::size_t> cells = cells_beside(axis_px);
    const double pixel_mm = std::sqrt(spacing_->column_mm * spacing_->row_mm);
    std::vector<double> residuals;
    std::vector<double> ratios;
    for (const Frame& frame : frames_->items()) {
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
