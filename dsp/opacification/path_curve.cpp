#include "dsp/opacification/path_curve.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <optional>

#include "dsp/opacification/evidence.h"

namespace dsm {

namespace {

constexpr double kSampleStep = 0.7;

struct Pixel {
    int x;
    int y;
};

// The pixels under a strip from `from` to `to` px off the path, sampled every kSampleStep px.
void add_strip(const History& history, const Sac& sac, Point at, Point normal, double from,
               double to, bool avoid_sac, std::vector<Pixel>& pixels) {
    for (double off = from; off <= to + 1e-6; off += kSampleStep) {
        const Point p = at + off * normal;
        const int x = static_cast<int>(std::lround(p.x));
        const int y = static_cast<int>(std::lround(p.y));
        const bool inside =
            x >= 0 && y >= 0 && x < history.extent().width && y < history.extent().height;
        if (inside && history.valid(x, y) && (!avoid_sac || sac.outside(p) > 2.0)) {
            pixels.push_back({x, y});
        }
    }
}

double mean_of(const History& history, int slot, const std::vector<Pixel>& pixels) {
    float sum = 0.0F;
    for (const Pixel& p : pixels) {
        sum += history.opacity(slot, p.x, p.y);
    }
    return static_cast<double>(sum) / static_cast<double>(pixels.size());
}

// Variance of the mean: samples are kSampleStep px apart, so that n of them hold fewer pixels.
double noise_of(const History& history, const std::vector<Pixel>& pixels) {
    double variance = 0.0;
    for (const Pixel& p : pixels) {
        const double sigma = static_cast<double>(history.sigma(p.x, p.y));
        variance += sigma * sigma;
    }
    const double n = static_cast<double>(pixels.size());
    return variance / n / std::max(1.0, kSampleStep * n);
}

// Strips to compare with, up and down the sac: beyond the line itself, within what stays alike.
constexpr std::array kControls_mm{5.0, 8.0, 11.0, 14.0};
constexpr std::size_t kLeastControls = 3;
constexpr double kLeastGrowth = 0.2;  // before contrast came there is no ratio

// The pixels at the same distance from the sac's axis, `rows` farther down; none beyond its ends.
std::vector<Pixel> moved_along(const History& history, const Sac& sac,
                               const std::vector<Pixel>& pixels, int rows) {
    std::vector<Pixel> moved;
    for (const Pixel& p : pixels) {
        const int y = p.y + rows;
        if (p.y < sac.first_row() || p.y > sac.last_row() || y < sac.first_row() ||
            y > sac.last_row()) {
            return {};
        }
        const int x = static_cast<int>(std::lround(p.x - sac.row(p.y).center + sac.row(y).center));
        if (x < 0 || x >= history.extent().width || !history.valid(x, y)) {
            return {};
        }
        moved.push_back({x, y});
    }
    return moved;
}

// A strip over the sac slot by slot, and what the sac at its level would make of it: g v_E.
struct SacStrip {
    std::vector<double> value;
    std::vector<double> by_sac;
    std::vector<double> growth;
    bool dense{false};  // enough contrast for a ratio
};

std::optional<SacStrip> sac_strip(const History& history, const Sac& sac,
                                  const std::vector<Pixel>& pixels,
                                  const std::vector<double>& weights) {
    if (pixels.empty()) {
        return std::nullopt;
    }
    const SacRow& row = sac.row(sac.nearest_filled(pixels[pixels.size() / 2].y));
    const auto slots = static_cast<std::size_t>(history.size());
    const EarlySlots early = early_slots(history, row);
    if (row.curve.size() != slots || early.to <= early.from) {
        return std::nullopt;
    }
    SacStrip strip;
    strip.value.resize(slots);
    for (std::size_t k = 0; k < slots; ++k) {
        strip.value[k] = mean_of(history, static_cast<int>(k), pixels);
    }
    double weight = 0.0, value = 0.0, filled = 0.0;
    for (auto k = static_cast<std::size_t>(early.from); k < static_cast<std::size_t>(early.to);
         ++k) {
        weight += weights[k];
        value += weights[k] * strip.value[k];
        filled += weights[k] * static_cast<double>(row.curve[k]);
    }
    if (!(weight > 0.0) || !(filled > 0.0)) {
        return std::nullopt;
    }
    strip.dense = value > kSacShare * filled;
    for (std::size_t k = 0; k < slots; ++k) {
        strip.growth.push_back(static_cast<double>(row.curve[k]) * weight / filled);
        strip.by_sac.push_back(strip.growth[k] * value / weight);
    }
    return strip;
}

double median_of(std::vector<double>& values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

// What `here` has in slot k beyond what the sac explains.
double beyond_sac(const SacStrip& here, const std::vector<SacStrip>& others, std::size_t k,
                  std::vector<double>& scratch) {
    scratch.clear();
    for (const SacStrip& other : others) {
        if (other.dense && other.growth[k] > kLeastGrowth) {
            scratch.push_back(other.value[k] / other.by_sac[k]);
        }
    }
    const double profile = scratch.size() >= kLeastControls ? median_of(scratch) : 1.0;
    scratch.clear();
    for (const SacStrip& other : others) {
        scratch.push_back(other.value[k] - profile * other.by_sac[k]);
    }
    return here.value[k] - profile * here.by_sac[k] - median_of(scratch);
}

// Robust standard deviation from successive differences (a step counts once, noise always).
double scatter_of(const std::vector<double>& values, const std::vector<double>& weights) {
    std::vector<double> steps;
    for (std::size_t i = 1; i < values.size(); ++i) {
        steps.push_back(std::abs(values[i] - values[i - 1]) /
                        std::sqrt(0.5 / weights[i] + 0.5 / weights[i - 1]));
    }
    if (steps.size() < 4) {
        return 0.0;
    }
    return median_of(steps) / (0.6745 * std::sqrt(2.0));
}

}  // namespace

void clip_outliers(std::span<double> values) {
    if (values.size() < 5) {
        return;
    }
    std::vector<double> sorted(values.begin(), values.end());
    const double median = median_of(sorted);
    for (double& value : sorted) {
        value = std::abs(value - median);
    }
    const double reach = 3.0 * 1.4826 * median_of(sorted);
    for (double& value : values) {
        value = std::clamp(value, median - reach, median + reach);
    }
}

Point normal_at(const std::vector<Point>& path, std::size_t i) {
    const std::size_t a = i >= 2 ? i - 2 : 0;
    const std::size_t b = std::min(path.size() - 1, i + 2);
    const Point along = path[b] - path[a];
    const double size = length(along);
    return size > 0.0 ? Point{-along.y / size, along.x / size} : Point{1.0, 0.0};
}

PathSamples::PathSamples(const History& history, const Sac& sac, const std::vector<Point>& path,
                         const StripWidths& strips, int sign, Zone zone, double mm_per_px)
    : points_(path.size()),
      slots_(history.size()),
      value_(path.size() * static_cast<std::size_t>(history.size()), 0.0F),
      variance_(path.size(), -1.0) {
    for (int k = 0; k < slots_; ++k) {
        weights_.push_back(static_cast<double>(history.weight(k)));
        const History::Slot& slot = history.slot(k);
        frames_.push_back({slot.first, slot.last, slot.frames, slot.time_s});
    }
    if (zone == Zone::canal) {
        sample_canal(history, sac, path, strips, sign, mm_per_px);
    } else {
        sample_beside(history, sac, path, strips, sign);
    }
}

void PathSamples::sample_beside(const History& history, const Sac& sac,
                                const std::vector<Point>& path, const StripWidths& strips,
                                int sign) {
    const double half = 0.5 * strips.center_px;
    const double near = half + strips.gap_px;
    const double far = near + strips.flank_px;
    std::vector<Pixel> center;
    std::vector<Pixel> flank;
    for (std::size_t i = 0; i < points_; ++i) {
        center.clear();
        flank.clear();
        const Point normal = normal_at(path, i);
        add_strip(history, sac, path[i], normal, -half, half, false, center);
        add_strip(history, sac, path[i], normal, near, far, true, flank);
        add_strip(history, sac, path[i], normal, -far, -near, true, flank);
        if (center.empty() || flank.empty()) {
            continue;
        }
        variance_[i] = noise_of(history, center) + noise_of(history, flank);
        float* value = value_.data() + i * static_cast<std::size_t>(slots_);
        for (int k = 0; k < slots_; ++k) {
            value[k] = static_cast<float>(
                sign * (mean_of(history, k, center) - mean_of(history, k, flank)));
        }
    }
}

void PathSamples::sample_canal(const History& history, const Sac& sac,
                               const std::vector<Point>& path, const StripWidths& strips, int sign,
                               double mm_per_px) {
    const double half = 0.5 * strips.center_px;
    std::vector<Pixel> center;
    std::vector<SacStrip> others;
    std::vector<double> scratch;
    for (std::size_t i = 0; i < points_; ++i) {
        center.clear();
        others.clear();
        add_strip(history, sac, path[i], normal_at(path, i), -half, half, false, center);
        const auto here = sac_strip(history, sac, center, weights_);
        if (!here) {
            continue;
        }
        for (const double along_mm : kControls_mm) {
            for (const int way : {-1, 1}) {
                const int rows = way * static_cast<int>(std::lround(along_mm / mm_per_px));
                auto other =
                    sac_strip(history, sac, moved_along(history, sac, center, rows), weights_);
                if (other) {
                    others.push_back(std::move(*other));
                }
            }
        }
        if (others.size() < kLeastControls) {
            continue;
        }
        // The median of n independent strips is pi / 2 times as variable as their mean.
        variance_[i] = noise_of(history, center) *
                       (1.0 + 0.5 * std::numbers::pi / static_cast<double>(others.size()));
        float* value = value_.data() + i * static_cast<std::size_t>(slots_);
        for (std::size_t k = 0; k < static_cast<std::size_t>(slots_); ++k) {
            value[k] = static_cast<float>(sign * beyond_sac(*here, others, k, scratch));
        }
    }
}

PathCurve PathSamples::curve(std::size_t first, std::size_t last) const {
    PathCurve curve;
    curve.opacity.assign(static_cast<std::size_t>(slots_), 0.0);
    double variance = 0.0;
    int count = 0;
    for (std::size_t i = first; i < std::min(last, points_); ++i) {
        if (variance_[i] < 0.0) {
            continue;
        }
        const float* value = value_.data() + i * static_cast<std::size_t>(slots_);
        for (std::size_t k = 0; k < curve.opacity.size(); ++k) {
            curve.opacity[k] += static_cast<double>(value[k]);
        }
        variance += variance_[i];
        ++count;
    }
    if (count == 0) {
        return curve;
    }
    for (double& value : curve.opacity) {
        value /= count;
    }
    curve.measured = true;
    curve.noise = std::sqrt(variance) / count;
    curve.weights = weights_;
    curve.slots = frames_;
    curve.scatter = std::max(curve.noise, scatter_of(curve.opacity, weights_));
    return curve;
}

double PathSamples::height(std::size_t first, std::size_t last, int from, int to, int base) const {
    std::vector<double> mean(static_cast<std::size_t>(slots_), 0.0);
    int count = 0;
    for (std::size_t i = first; i < std::min(last, points_); ++i) {
        if (variance_[i] >= 0.0) {
            const float* value = value_.data() + i * static_cast<std::size_t>(slots_);
            for (std::size_t k = 0; k < mean.size(); ++k) {
                mean[k] += static_cast<double>(value[k]);
            }
            ++count;
        }
    }
    if (count == 0) {
        return 0.0;
    }
    clip_outliers(std::span(mean).first(static_cast<std::size_t>(std::clamp(base, 0, slots_))));
    const auto weighted = [&](int a, int b) {
        double total = 0.0;
        double weight = 0.0;
        for (int k = a; k < std::min(b, slots_); ++k) {
            total += weights_[static_cast<std::size_t>(k)] * mean[static_cast<std::size_t>(k)];
            weight += weights_[static_cast<std::size_t>(k)];
        }
        return weight > 0.0 ? total / weight : 0.0;
    };
    return (weighted(from, to) - weighted(0, base)) / count;
}

std::vector<double> profile_across(const History& history, const std::vector<Point>& path, int from,
                                   int baseline_to, int reach_px) {
    std::vector<double> profile(static_cast<std::size_t>(2 * reach_px + 1), 0.0);
    std::vector<int> count(profile.size(), 0);
    for (std::size_t i = 0; i < path.size(); ++i) {
        const Point normal = normal_at(path, i);
        for (int off = -reach_px; off <= reach_px; ++off) {
            const Point p = path[i] + static_cast<double>(off) * normal;
            const int x = static_cast<int>(std::lround(p.x));
            const int y = static_cast<int>(std::lround(p.y));
            if (x < 0 || y < 0 || x >= history.extent().width || y >= history.extent().height) {
                continue;
            }
            float now = 0.0F;
            float before = 0.0F;
            history.mean_row(from, history.size(), y, x, x + 1, &now);
            history.mean_row(0, baseline_to, y, x, x + 1, &before);
            profile[static_cast<std::size_t>(off + reach_px)] +=
                static_cast<double>(baseline_to > 0 ? now - before : now);
            ++count[static_cast<std::size_t>(off + reach_px)];
        }
    }
    for (std::size_t i = 0; i < profile.size(); ++i) {
        profile[i] /= std::max(1, count[i]);
    }
    return profile;
}

double width_of(const std::vector<double>& profile) {
    if (profile.size() < 5) {
        return 0.0;
    }
    const auto middle = static_cast<std::ptrdiff_t>(profile.size() / 2);
    const auto peak = std::max_element(profile.begin() + middle - 2, profile.begin() + middle + 3);
    const double base = 0.5 * (*std::min_element(profile.begin(), profile.begin() + middle) +
                               *std::min_element(profile.begin() + middle, profile.end()));
    const double half = base + 0.5 * (*peak - base);
    if (*peak <= base) {
        return 0.0;
    }
    const auto crossing = [&](int step) {
        auto at = peak;
        double off = 0.0;
        while (at + step >= profile.begin() && at + step < profile.end() && *(at + step) > half) {
            at += step;
            off += 1.0;
        }
        if (at + step < profile.begin() || at + step >= profile.end()) {
            return off;
        }
        return off + (*at - half) / std::max(1e-12, *at - *(at + step));
    };
    const double full = crossing(1) + crossing(-1);
    // One px of sampling and about half of blur, subtracted in quadrature.
    return std::sqrt(std::max(0.25, full * full - 1.25));
}

}  // namespace dsm
