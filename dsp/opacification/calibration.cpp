#include "dsp/opacification/calibration.h"

#include <algorithm>
#include <cmath>

#include "dsp/opacification/calibration_numbers.h"

namespace dsm {

const LeakCalibration& built_in_calibration() {
    static const LeakCalibration kBuiltIn{kCalibratedBias,   kCalibratedWeights,
                                          kCalibratedLow,    kCalibratedHigh,
                                          kCalibratedOffset, std::string(kCalibratedProvenance)};
    return kBuiltIn;
}

bool over_sac(const LeakFeatureValues& features) {
    constexpr auto at = std::find(kLeakFeatureNames.begin(), kLeakFeatureNames.end(), "beside_sac");
    static_assert(at != kLeakFeatureNames.end());
    return features[static_cast<std::size_t>(at - kLeakFeatureNames.begin())] < 0.0;
}

double log_odds(const LeakFeatureValues& features, const LeakCalibration& how) {
    double sum = how.bias;
    for (std::size_t i = 0; i < features.size(); ++i) {
        sum += how.weights[i] * features[i];
    }
    return sum;
}

double calibrated(double confidence, const LeakCalibration& how) {
    const double p = std::clamp(confidence, 1e-4, 1.0 - 1e-4);
    return 1.0 /
           (1.0 + std::exp(-(how.low * std::log(p) - how.high * std::log(1.0 - p) + how.offset)));
}

}  // namespace dsm
