// When did a curve rise? Sequential step test and onset estimate.
//
// Model: baseline mean before slot tau, another mean in a stretch that begins at tau. The
// generalised likelihood ratio for white noise of standard deviation s is
//   G(tau, n) = (mean after - mean before)^2 / (s^2 (1/n + 1/m)),
// and tau, n are where sqrt(G) is largest (Lorden, Ann Math Stat 1971;42:1897; the CUSUM test of
// Page, Biometrika 1954;41:100, with unknown step). n may end before the last slot: veins wash out.
// Onset is then the last crossing of kOnsetFraction of the step on its rising side, the same
// fraction that defines the arrival of contrast in the sac, so that the two can be compared.
#pragma once

#include <vector>

namespace dsm {

struct Step {
    bool found{false};
    int onset{0};  // slot
    int from{0};   // stretch of the best ratio: slots [from, to)
    int to{0};
    double height{0.0};  // mean in the stretch less the baseline
    double baseline{0.0};
    double sigmas{0.0};     // sqrt(G), in units of `noise`
    double explained{0.0};  // share of the curve's variance that the step explains, 0..1
};

constexpr double kOnsetFraction = 0.25;

// `weights`: one per slot, inverse variance relative to a slot of weight one; n and m above are
// then sums of weights. `noise`: one standard deviation of a slot of weight one. `least`: slots in
// the stretch; `baseline_to`: slots known to be free of contrast (at least one is used).
[[nodiscard]] Step find_step(const std::vector<double>& curve, const std::vector<double>& weights,
                             int baseline_to, int least, double noise);

}  // namespace dsm
