#include "dsp/subtraction/late_masks.h"

#include <utility>

#include "dsp/subtraction/half_resolution.h"
#include "dsp/subtraction/lasting_contrast.h"

namespace dsm {
namespace {

constexpr std::size_t kWindow = 5;  // frames

}  // namespace

std::shared_ptr<const PreparedFrame> LateMasks::middle_without_contrast() const {
    const PreparedFrame& middle = *recent_[kWindow / 2].frame;
    auto mask = std::make_shared<PreparedFrame>();
    mask->frame = middle.frame;
    mask->usable = middle.usable.clone();
    mask->log_intensity = Image<float>(middle.log_intensity.extent());
    const ImageView<float> contrast = mask->log_intensity.view();
    std::vector<ImageView<const float>> opacity;
    for (const Recent& recent : recent_) {
        opacity.push_back(recent.opacity.view());
    }
    double_size(lasting_contrast_of(kWindow / 2, opacity).view(), contrast);
    const auto frame = middle.log_intensity.pixels();
    const auto to = mask->log_intensity.pixels();
    for (std::size_t i = 0; i < to.size(); ++i) {
        to[i] += frame[i];
    }
    prepare(*mask);
    return mask;
}

void LateMasks::follow(std::shared_ptr<const PreparedFrame> frame, ImageView<const float> opacity) {
    Recent recent;
    if (recent_.size() == kWindow) {
        recent.opacity = std::move(recent_.front().opacity);
        recent_.pop_front();
    }
    recent.frame = std::move(frame);
    halve(opacity, recent.opacity);
    recent_.push_back(std::move(recent));
    if (recent_.size() < kWindow) {
        return;
    }
    masks_.push_back(middle_without_contrast());
    if (masks_.size() > capacity_) {
        masks_.erase(masks_.begin());
    }
}

}  // namespace dsm
