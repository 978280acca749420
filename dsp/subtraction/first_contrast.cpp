#include "dsp/subtraction/first_contrast.h"

#include <algorithm>
#include <cmath>

namespace dsm {
namespace {

constexpr float kLimit = 5.0F;  // standard deviations of a block
constexpr double kRatio = 4.0;
constexpr double kFloor = 40.0;

}  // namespace

FirstContrast::Excess FirstContrast::lasting_excess(float limit) const {
    Excess excess;
    const std::size_t count = recent_[0].pixels().size();
    for (std::size_t i = 0; i < count; ++i) {
        float low = recent_[0].pixels()[i];
        float high = low;
        for (const Image<float>& frame : recent_) {
            low = std::min(low, frame.pixels()[i]);
            high = std::max(high, frame.pixels()[i]);
        }
        excess.positive += static_cast<double>(std::max(0.0F, low / limit - 1.0F));
        excess.negative += static_cast<double>(std::max(0.0F, -high / limit - 1.0F));
    }
    return excess;
}

bool FirstContrast::look(FrameIndex frame, ImageView<const float> opacity,
                         ImageView<const std::uint8_t> usable, float noise) {
    if (frame_) {
        return true;
    }
    Image<float>& latest = recent_[static_cast<std::size_t>(seen_ % kLasting)];
    latest.resize(opacity.extent());
    for (int y = 0; y < opacity.height(); ++y) {
        for (int x = 0; x < opacity.width(); ++x) {
            latest(x, y) = usable(x, y) != 0 ? opacity(x, y) : 0.0F;
        }
    }
    ++seen_;
    if (seen_ < kLasting) {
        return false;
    }
    const Excess excess = lasting_excess(kLimit * noise);
    if (excess.positive > kRatio * excess.negative + kFloor) {
        frame_ = std::max(0, frame - kLasting + 1);
    }
    return frame_.has_value();
}

}  // namespace dsm
