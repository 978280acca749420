// How uncertain a log intensity is: the photon transfer of a run, as a table over log intensity.
// For quanta and read-out, var(I) = gain * I + read^2, so var(ln I) = gain / I + read^2 / I^2
// (first-order propagation). The table holds var(ln I) and serves LIN, LOG and DISP runs alike.
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

namespace dsm {

class NoiseModel {
 public:
    NoiseModel() = default;
    // `variance[i]` is var(ln I) at log intensity first + i * step; needs two entries or more.
    NoiseModel(float first, float step, std::vector<float> variance)
        : first_(first), step_(step), variance_(std::move(variance)) {}

    [[nodiscard]] bool known() const { return variance_.size() >= 2; }
    // Variance of one pixel of one frame; constant beyond the ends of the table, 0 when unknown.
    [[nodiscard]] float variance(float log_intensity) const {
        if (!known()) {
            return 0.0F;
        }
        const float last = static_cast<float>(variance_.size() - 1);
        const float at = std::clamp((log_intensity - first_) / step_, 0.0F, last);
        const auto below = std::min(static_cast<std::size_t>(at), variance_.size() - 2);
        const float part = at - static_cast<float>(below);
        return variance_[below] + part * (variance_[below + 1] - variance_[below]);
    }
    [[nodiscard]] float first() const { return first_; }
    [[nodiscard]] float step() const { return step_; }
    [[nodiscard]] const std::vector<float>& table() const { return variance_; }

 private:
    float first_{0.0F};
    float step_{1.0F};
    std::vector<float> variance_;
};

}  // namespace dsm
