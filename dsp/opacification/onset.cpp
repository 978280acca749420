#include "dsp/opacification/onset.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace dsm {

namespace {

double mean(const std::vector<double>& curve, int from, int to) {
    return std::accumulate(curve.begin() + from, curve.begin() + to, 0.0) / std::max(1, to - from);
}

// Last slot before the plateau from which a running mean of two stays above the level.
int rising_crossing(const std::vector<double>& curve, int from, double level) {
    int at = from;
    while (at > 0) {
        const int a = std::max(0, at - 2);
        if (mean(curve, a, at) < level) {
            break;
        }
        --at;
    }
    return at;
}

void explain(const std::vector<double>& curve, Step& step) {
    double total = 0.0;
    double left = 0.0;
    double before = 0.0;
    const double all = mean(curve, 0, static_cast<int>(curve.size()));
    // The stretch after the best one counts as explained at its own mean: wash-out is no fault.
    const double tail = step.to < static_cast<int>(curve.size())
                            ? mean(curve, step.to, static_cast<int>(curve.size()))
                            : 0.0;
    for (int i = 0; i < static_cast<int>(curve.size()); ++i) {
        const double value = curve[static_cast<std::size_t>(i)];
        const double model = i < step.onset ? step.baseline
                             : i < step.to  ? step.baseline + step.height
                                            : tail;
        total += (value - all) * (value - all);
        left += (value - model) * (value - model);
        before += i < step.onset ? (value - step.baseline) * (value - step.baseline) : 0.0;
    }
    step.explained = total > 0.0 ? std::clamp(1.0 - left / total, 0.0, 1.0) : 0.0;
    step.before_rms = std::sqrt(before / std::max(1, step.onset));
}

}  // namespace

Step find_step(const std::vector<double>& curve, int baseline_to, int least, double noise) {
    Step best;
    const int size = static_cast<int>(curve.size());
    const int base = std::clamp(baseline_to, 1, std::max(1, size));
    if (size < base + least || noise <= 0.0) {
        return best;
    }
    std::vector<double> sum(curve.size() + 1, 0.0);
    std::partial_sum(curve.begin(), curve.end(), sum.begin() + 1);
    for (int tau = base; tau + least <= size; ++tau) {
        const double before = sum[static_cast<std::size_t>(tau)] / tau;
        for (int to = tau + least; to <= size; ++to) {
            const int n = to - tau;
            const double after =
                (sum[static_cast<std::size_t>(to)] - sum[static_cast<std::size_t>(tau)]) / n;
            const double g = (after - before) / (noise * std::sqrt(1.0 / n + 1.0 / tau));
            if (g > best.sigmas) {
                best = {true, tau, tau, to, after - before, before, g, 0.0, 0.0};
            }
        }
    }
    if (best.found) {
        best.onset =
            rising_crossing(curve, best.from, best.baseline + kOnsetFraction * best.height);
        best.onset = std::max(best.onset, 1);
        explain(curve, best);
    }
    return best;
}

}  // namespace dsm
