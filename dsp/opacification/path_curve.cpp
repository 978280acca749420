#include "dsp/opacification/path_curve.h"

#include <algorithm>
#include <cmath>

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
    const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
    std::nth_element(steps.begin(), middle, steps.end());
    return *middle / (0.6745 * std::sqrt(2.0));
}

}  // namespace

Point normal_at(const std::vector<Point>& path, std::size_t i) {
    const std::size_t a = i >= 2 ? i - 2 : 0;
    const std::size_t b = std::min(path.size() - 1, i + 2);
    const Point along = path[b] - path[a];
    const double size = length(along);
    return size > 0.0 ? Point{-along.y / size, along.x / size} : Point{1.0, 0.0};
}

PathSamples::PathSamples(const History& history, const Sac& sac, const std::vector<Point>& path,
                         const StripWidths& strips, int sign)
    : points_(path.size()),
      slots_(history.size()),
      value_(path.size() * static_cast<std::size_t>(history.size()), 0.0F),
      variance_(path.size(), -1.0) {
    const double half = 0.5 * strips.center_px;
    const double near = half + strips.gap_px;
    const double far = near + strips.flank_px;
    for (int k = 0; k < slots_; ++k) {
        weights_.push_back(static_cast<double>(history.weight(k)));
        const History::Slot& slot = history.slot(k);
        frames_.push_back({slot.first, slot.last, slot.frames, slot.time_s});
    }
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
    double sum = 0.0;
    int count = 0;
    const auto mean = [&](const float* value, int a, int b) {
        double total = 0.0;
        double weight = 0.0;
        for (int k = a; k < b; ++k) {
            total += weights_[static_cast<std::size_t>(k)] * static_cast<double>(value[k]);
            weight += weights_[static_cast<std::size_t>(k)];
        }
        return weight > 0.0 ? total / weight : 0.0;
    };
    for (std::size_t i = first; i < std::min(last, points_); ++i) {
        if (variance_[i] >= 0.0) {
            const float* value = value_.data() + i * static_cast<std::size_t>(slots_);
            sum += mean(value, from, to) - mean(value, 0, base);
            ++count;
        }
    }
    return count > 0 ? sum / count : 0.0;
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
