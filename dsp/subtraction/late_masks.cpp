#include "dsp/subtraction/late_masks.h"

#include <cmath>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "dsp/core/parallel.h"

namespace dsm {
namespace {

constexpr std::size_t kWindow = 5;  // frames
constexpr double kCoarse_px = 2.5;
constexpr float kStep = 0.04F;  // opacity; beyond it a step is contrast, not residue of motion

}  // namespace

void keep_coarse(ImageView<float> opacity) {
    cv::Mat fine(opacity.height(), opacity.width(), CV_32F, opacity.data(),
                 static_cast<std::size_t>(opacity.stride()) * sizeof(float));
    cv::Mat coarse;
    cv::GaussianBlur(fine, coarse, {0, 0}, kCoarse_px);
    parallel_rows(opacity.height(), 32, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            float* out = opacity.row(y);
            const float* smooth = coarse.ptr<float>(y);
            for (int x = 0; x < opacity.width(); ++x) {
                const float detail = out[x] - smooth[x];
                const float square = detail * detail / (kStep * kStep);
                // 0 for small detail, 1 for large, half way at the step.
                const float sharp = square * square / (1.0F + square * square);
                out[x] = smooth[x] + sharp * detail;
            }
        }
    });
}

std::shared_ptr<const PreparedFrame> LateMasks::middle_without_contrast() const {
    const PreparedFrame& middle = *recent_[kWindow / 2].frame;
    auto mask = std::make_shared<PreparedFrame>();
    mask->frame = middle.frame;
    mask->usable = middle.usable.clone();
    mask->log_intensity = Image<float>(middle.log_intensity.extent());
    const ImageView<float> contrast = mask->log_intensity.view();
    const float share = 1.0F / static_cast<float>(kWindow);
    for (const Recent& recent : recent_) {
        const auto from = recent.opacity.pixels();
        const auto to = mask->log_intensity.pixels();
        for (std::size_t i = 0; i < to.size(); ++i) {
            to[i] += share * from[i];
        }
    }
    keep_coarse(contrast);
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
    recent.opacity.resize(opacity.extent());
    copy_pixels(opacity, recent.opacity.view());
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
