#include "dsp/opacification/decoys.h"

#include <algorithm>
#include <cmath>

namespace dsm {
namespace {

// Decoys at least as convincing as `odds`, or what the tail of the best three promises beyond the
// best: numbers fall by e per unit of log odds.
double expected_false(const std::vector<double>& decoys, double odds) {
    double expected = 0.0;
    for (std::size_t i = 0; i < std::min<std::size_t>(3, decoys.size()); ++i) {
        expected = std::max(expected,
                            static_cast<double>(i + 1) * std::exp(std::min(0.0, decoys[i] - odds)));
    }
    const auto counted =
        std::count_if(decoys.begin(), decoys.end(), [&](double d) { return d >= odds; });
    return std::max(expected, static_cast<double>(counted));
}

}  // namespace

double confidence_beside(const std::vector<double>& decoys, double odds) {
    const double alone = 1.0 / (1.0 + std::exp(-odds));
    return std::min(alone, 1.0 / (1.0 + expected_false(decoys, odds)));
}

}  // namespace dsm
