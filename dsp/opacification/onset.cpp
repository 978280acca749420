#include "dsp/opacification/onset.h"

#include <algorithm>
#include <cmath>

namespace dsm {

namespace {

using Values = std::vector<double>;

double mean(const Values& curve, const Values& weights, int from, int to) {
    double sum = 0.0;
    double total = 0.0;
    for (int i = from; i < to; ++i) {
        const double w = weights[static_cast<std::size_t>(i)];
        sum += w * curve[static_cast<std::size_t>(i)];
        total += w;
    }
    return total > 0.0 ? sum / total : 0.0;
}

// Last slot before the plateau from which a running mean of two stays above the level.
int rising_crossing(const Values& curve, const Values& weights, int from, double level) {
    int at = from;
    while (at > 0 && mean(curve, weights, std::max(0, at - 2), at) >= level) {
        --at;
    }
    return at;
}

void explain(const Values& curve, const Values& weights, Step& step) {
    const int size = static_cast<int>(curve.size());
    double total = 0.0;
    double left = 0.0;
    const double all = mean(curve, weights, 0, size);
    // The stretch after the best one counts as explained at its own mean: wash-out is no fault.
    const double tail = mean(curve, weights, step.to, size);
    for (int i = 0; i < size; ++i) {
        const double value = curve[static_cast<std::size_t>(i)];
        const double w = weights[static_cast<std::size_t>(i)];
        const double model = i < step.onset ? step.baseline
                             : i < step.to  ? step.baseline + step.height
                                            : tail;
        total += w * (value - all) * (value - all);
        left += w * (value - model) * (value - model);
    }
    step.explained = total > 0.0 ? std::clamp(1.0 - left / total, 0.0, 1.0) : 0.0;
}

}  // namespace

Step find_step(const std::vector<double>& curve, const std::vector<double>& weights,
               int baseline_to, int least, double noise) {
    Step best;
    const int size = static_cast<int>(curve.size());
    const int base = std::clamp(baseline_to, 1, std::max(1, size));
    if (size < base + least || noise <= 0.0 || weights.size() != curve.size()) {
        return best;
    }
    Values sum(curve.size() + 1, 0.0);
    Values weight(curve.size() + 1, 0.0);
    for (std::size_t i = 0; i < curve.size(); ++i) {
        sum[i + 1] = sum[i] + weights[i] * curve[i];
        weight[i + 1] = weight[i] + weights[i];
    }
    for (int tau = base; tau + least <= size; ++tau) {
        const auto t = static_cast<std::size_t>(tau);
        const double before = sum[t] / std::max(1e-9, weight[t]);
        for (int to = tau + least; to <= size; ++to) {
            const auto e = static_cast<std::size_t>(to);
            const double n = std::max(1e-9, weight[e] - weight[t]);
            const double after = (sum[e] - sum[t]) / n;
            const double g =
                (after - before) / (noise * std::sqrt(1.0 / n + 1.0 / std::max(1e-9, weight[t])));
            if (g > best.sigmas) {
                best.found = true;
                best.from = tau;
                best.to = to;
                best.height = after - before;
                best.baseline = before;
                best.sigmas = g;
            }
        }
    }
    if (best.found) {
        best.onset = std::max(1, rising_crossing(curve, weights, best.from,
                                                 best.baseline + kOnsetFraction * best.height));
        explain(curve, weights, best);
    }
    return best;
}

}  // namespace dsm
