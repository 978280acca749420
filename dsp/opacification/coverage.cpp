#include "dsp/opacification/coverage.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string>

namespace dsm {

namespace {

constexpr double kVeinWidthMm = 2.0;
constexpr double kVeinLengthMm = 15.0;
constexpr double kFlanksMm = 4.0;  // both together
constexpr double kNearMm = 3.0;    // region beside the sac in which veins are looked for
constexpr double kFarMm = 35.0;
constexpr double kWorst = 0.75;  // quantile of the region that must be good enough

std::string number(const char* format, double value) {
    std::array<char, 48> text{};
    std::snprintf(text.data(), text.size(), format, value);
    return text.data();
}

double quantile(std::vector<double>& values, double share) {
    const auto at =
        static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1) + 0.5);
    std::nth_element(values.begin(), values.begin() + at, values.end());
    return values[static_cast<std::size_t>(at)];
}

// Rows [from, to) of the coarse grid that belong to a level: half-way to its neighbours.
struct Rows {
    int from{0};
    int to{0};
    double center{0.0};
};

Rows rows_of(std::span<const LevelMark> levels, std::size_t i, const WorkGrid& grid) {
    const double here = grid.to_coarse(levels[i].center_px).y;
    const std::size_t a = i > 0 ? i - 1 : i;
    const std::size_t b = i + 1 < levels.size() ? i + 1 : i;
    const double pitch =
        std::abs(grid.to_coarse(levels[b].center_px).y - grid.to_coarse(levels[a].center_px).y) /
        static_cast<double>(std::max<std::size_t>(1, b - a));
    return {static_cast<int>(std::lround(here - 0.5 * pitch)),
            static_cast<int>(std::lround(here + 0.5 * pitch)), here};
}

struct Region {
    double usable{0.0};  // share of the region that is in the picture and measured
    double sigma{0.0};
    double residue{0.0};
};

Region region_of(const Rows& rows, int side, const WorkGrid& grid, const History& history,
                 const Sac& sac, const EvidenceMap* map) {
    std::vector<double> sigmas;
    std::vector<double> residues;
    int all = 0;
    const int near = grid.px(kNearMm);
    const int far = grid.px(kFarMm);
    for (int y = rows.from; y < rows.to; ++y) {
        const SacRow& row = sac.row(sac.nearest_filled(y));
        for (int off = near; off < far; ++off) {
            const int x = static_cast<int>(std::lround(row.center + side * (row.half_width + off)));
            ++all;
            if (x < 0 || y < 0 || x >= history.extent().width || y >= history.extent().height ||
                !history.valid(x, y)) {
                continue;
            }
            sigmas.push_back(static_cast<double>(history.sigma(x, y)));
            if (map != nullptr && x >= map->corridor.x && y >= map->corridor.y &&
                x < map->corridor.x + map->corridor.extent.width &&
                y < map->corridor.y + map->corridor.extent.height) {
                residues.push_back(
                    static_cast<double>(map->residue(x - map->corridor.x, y - map->corridor.y)));
            }
        }
    }
    Region region;
    region.usable = all > 0 ? static_cast<double>(sigmas.size()) / all : 0.0;
    region.sigma = sigmas.empty() ? 0.0 : quantile(sigmas, kWorst);
    region.residue = residues.empty() ? 0.0 : quantile(residues, kWorst);
    return region;
}

class LevelReport {
 public:
    LevelReport(const WorkGrid& grid, const History& history, const Sac& sac,
                const EvidenceMap* map, bool relative, bool seconds, const CoverageLimits& limits)
        : grid_(grid),
          history_(history),
          sac_(sac),
          map_(map),
          relative_(relative),
          seconds_(seconds),
          limits_(limits) {}

    [[nodiscard]] LevelCoverage of(const std::string& label, const Rows& rows, int side) const {
        LevelCoverage coverage;
        coverage.level = label;
        const Region region = region_of(rows, side, grid_, history_, sac_, map_);
        coverage.in_view = region.usable >= 0.6;
        const int row = static_cast<int>(std::lround(rows.center));
        const bool reached = row >= sac_.first_row() && row <= sac_.last_row();
        if (!coverage.in_view) {
            coverage.why = "less than 60 % of the region beside the sac lies in the picture";
            return coverage;
        }
        if (!reached) {
            coverage.why = "contrast did not reach this level";
            return coverage;
        }
        watch(sac_.row(row), row, region, coverage);
        return coverage;
    }

 private:
    void watch(const SacRow& row, int y, const Region& region, LevelCoverage& coverage) const {
        const int last = history_.size() - 1;
        const double watched = history_.slot(last).time_s - row.arrival_s;
        const int from = row.arrival_slot.value_or(0);
        const double frames = history_.frames_in(from, history_.size());
        const DetectionNoise noise{region.sigma, region.residue, std::max(1.0, frames),
                                   std::max(1.0, static_cast<double>(history_.frames_in(
                                                     0, baseline_slots(history_, sac_, y)))),
                                   grid_.mm()};
        const double opacity = detectable_opacity(noise);
        coverage.detectable_opacity = opacity;
        const double limit = relative_ ? limits_.share_of_sac * row.opacity : limits_.opacity;
        const bool long_enough =
            seconds_ ? watched >= limits_.watched_s : frames >= 2.0 * limits_.watched_s;
        if (seconds_) {
            coverage.sac_arrival_s = row.arrival_s;
            coverage.watched_s = watched;
        }
        coverage.adequate = long_enough && opacity <= limit;
        const std::string time = seconds_ ? number("%.0f s", watched)
                                          : number("%.0f frames", frames) + " (no frame times)";
        coverage.why = "watched for " + time + " after contrast came; a vein of opacity " +
                       number("%.4f", opacity) + " or more would have shown";
        if (!long_enough) {
            coverage.why += "; too short, fistulas come up to 30 s after the sac";
        }
        if (opacity > limit) {
            coverage.why += number("; to be cleared, one of %.4f would have to", limit);
        }
    }

    const WorkGrid& grid_;
    const History& history_;
    const Sac& sac_;
    const EvidenceMap* map_;
    bool relative_;
    bool seconds_;
    const CoverageLimits& limits_;
};

}  // namespace

double detectable_opacity(const DetectionNoise& noise) {
    const double area = noise.mm_per_px * noise.mm_per_px;
    const double strip = std::max(1.0, kVeinWidthMm * kVeinLengthMm / area);
    const double flanks = std::max(1.0, kFlanksMm * kVeinLengthMm / area);
    const double variance =
        noise.sigma * noise.sigma * (1.0 / strip + 1.0 / flanks) *
            (1.0 / std::max(1.0, noise.frames_watched) + 1.0 / std::max(1.0, noise.frames_before)) +
        noise.residue * noise.residue;
    return (kDetectionSigmas + 1.2816) * std::sqrt(variance) / (kTransfer * kEfficiency);
}

Side patient_side(const RunInfo& run, const WorkGrid& grid, int side_in_image) {
    const bool across_is_x = !grid.transposed();
    bool left_is_larger = false;
    switch (run.left_in_image) {
        case LeftInImage::towards_larger_x:
        case LeftInImage::towards_smaller_x:
            if (!across_is_x) {
                return Side::undetermined;
            }
            left_is_larger = run.left_in_image == LeftInImage::towards_larger_x;
            break;
        case LeftInImage::towards_larger_y:
        case LeftInImage::towards_smaller_y:
            if (across_is_x) {
                return Side::undetermined;
            }
            left_is_larger = run.left_in_image == LeftInImage::towards_larger_y;
            break;
        case LeftInImage::undetermined:
            return Side::undetermined;
    }
    return (side_in_image > 0) == left_is_larger ? Side::left : Side::right;
}

std::vector<LevelCoverage> coverage_of(std::span<const LevelMark> levels, const RunInfo& run,
                                       const WorkGrid& grid, const History& history, const Sac& sac,
                                       const EvidenceMap* map, bool relative,
                                       const CoverageLimits& limits) {
    std::vector<LevelCoverage> all;
    const LevelReport report(grid, history, sac, map, relative, run.has_timing(), limits);
    for (std::size_t i = 0; i < levels.size(); ++i) {
        const Rows rows = rows_of(levels, i, grid);
        for (const int in_image : {-1, 1}) {
            LevelCoverage coverage;
            if (sac.found()) {
                coverage = report.of(levels[i].label, rows, in_image);
            } else {
                // Without the sac there is no region beside it: the mark itself has to do.
                const Point mark = levels[i].center_px;
                coverage.level = levels[i].label;
                coverage.in_view = mark.x >= 0.0 && mark.y >= 0.0 && mark.x < run.extent.width &&
                                   mark.y < run.extent.height;
                coverage.why = "no contrast column was found";
            }
            coverage.side = patient_side(run, grid, in_image);
            all.push_back(std::move(coverage));
        }
    }
    return all;
}

}  // namespace dsm
