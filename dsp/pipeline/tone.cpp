#include "dsp/pipeline/tone.h"

#include <algorithm>
#include <cmath>

namespace dsm {
namespace {

constexpr double kLightest = 0.88;  // no pure white in a dark room
constexpr double kDarkest = 0.03;
constexpr double kUnknown = 0.50;

double quantile(std::vector<float>& values, double part) {
    const auto at = static_cast<std::ptrdiff_t>(part * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), values.begin() + at, values.end());
    return static_cast<double>(values[static_cast<std::size_t>(at)]);
}

}  // namespace

Tone::Tone(ImageView<const float> opacity) {
    std::vector<float> values;
    for (int y = 0; y < opacity.height(); ++y) {
        for (const float value : opacity.row_span(y)) {
            if (std::isfinite(value)) {
                values.push_back(value);
            }
        }
    }
    if (values.empty()) {
        return;
    }
    // The smallest range worth showing: anything fainter is noise, and would be stretched to look
    // like anatomy.
    constexpr double kLeastRange = 0.1;
    constexpr double kLeastKnee = 0.02;
    white_ = quantile(values, 0.05);
    const double spread = quantile(values, 0.75) - quantile(values, 0.25);
    black_ = std::max(quantile(values, 0.998), white_ + kLeastRange);
    knee_ = std::max(kLeastKnee, spread);
}

double Tone::position(double opacity) const {
    return std::asinh((opacity - white_) / knee_) / std::asinh((black_ - white_) / knee_);
}

double Tone::opacity_at(double position) const {
    return white_ + knee_ * std::sinh(position * std::asinh((black_ - white_) / knee_));
}

double Tone::grey(double opacity) const {
    if (std::isnan(opacity)) {
        return kUnknown;
    }
    return kLightest - (kLightest - kDarkest) * std::clamp(position(opacity), -0.08, 1.0);
}

std::vector<double> Tone::ticks() const {
    std::vector<double> values;
    for (const double tick : {0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0}) {
        if (tick >= white_ - 1e-9 && tick <= black_) {
            values.push_back(tick);
        }
    }
    return values;
}

}  // namespace dsm
