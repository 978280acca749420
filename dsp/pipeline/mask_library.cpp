#include "dsp/pipeline/mask_library.h"

#include <algorithm>
#include <cassert>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "dsp/subtraction/half_resolution.h"
#include "dsp/subtraction/lasting_contrast.h"

namespace dsm {
namespace {

cv::Mat matrix_of(ImageView<const float> view) {
    return {view.height(), view.width(), CV_32F, const_cast<float*>(view.data()),
            static_cast<std::size_t>(view.stride()) * sizeof(float)};
}

}  // namespace

FrameIndex MaskLibrary::step_for(const RunInfo& run) {
    // Log intensity, its pyramid, the flags and the contrast of one frame.
    constexpr std::size_t kBytesPerPixel = 9;
    const std::size_t each = std::max<std::size_t>(1, run.extent.pixels() * kBytesPerPixel);
    const auto most = static_cast<FrameIndex>(
        std::clamp<std::size_t>(kMostBytes / each, 1, static_cast<std::size_t>(kMostFrames)));
    return std::max<FrameIndex>(1, (run.frames + most - 1) / most);
}

bool MaskLibrary::spans(FrameIndex frame) const {
    return !entries_.empty() && frame >= entries_.front().frame->frame &&
           frame <= entries_.back().frame->frame;
}

void MaskLibrary::add(FrameIndex frame, ImageView<const float> log_intensity,
                      ImageView<const std::uint8_t> usable, ImageView<const float> opacity) {
    Entry entry;
    entry.frame = std::make_shared<PreparedFrame>();
    entry.frame->frame = frame;
    entry.frame->log_intensity.resize(log_intensity.extent());
    copy_pixels(log_intensity, entry.frame->log_intensity.view());
    entry.frame->usable.resize(usable.extent());
    copy_pixels(usable, entry.frame->usable.view());
    halve(opacity, entry.contrast);
    entries_.push_back(std::move(entry));
}

void MaskLibrary::settle(const SharedFrames& before_contrast) {
    std::vector<ImageView<const float>> opacity;
    for (const Entry& entry : entries_) {
        opacity.push_back(entry.contrast.view());
    }
    std::vector<Image<float>> contrast = lasting_contrast(opacity);
    masks_ = before_contrast;
    Image<float> full;
    for (std::size_t k = 0; k < entries_.size(); ++k) {
        Entry& entry = entries_[k];
        entry.contrast = std::move(contrast[k]);
        full.resize(entry.frame->log_intensity.extent());
        double_size(entry.contrast.view(), full.view());
        cv::Mat sum = matrix_of(entry.frame->log_intensity.view());
        sum += matrix_of(full.view());
        prepare(*entry.frame);
        masks_.push_back(entry.frame);
    }
}

void MaskLibrary::contrast_at(FrameIndex frame, ImageView<float> contrast) const {
    assert(spans(frame));
    const auto after = std::find_if(entries_.begin(), entries_.end(),
                                    [&](const Entry& e) { return e.frame->frame >= frame; });
    if (after->frame->frame == frame) {
        double_size(after->contrast.view(), contrast);
        return;
    }
    const Entry& before = *(after - 1);
    const double part = static_cast<double>(frame - before.frame->frame) /
                        static_cast<double>(after->frame->frame - before.frame->frame);
    Image<float> mixed(before.contrast.extent());
    cv::Mat out = matrix_of(mixed.view());
    cv::addWeighted(matrix_of(before.contrast.view()), 1.0 - part,
                    matrix_of(after->contrast.view()), part, 0.0, out);
    double_size(mixed.view(), contrast);
}

}  // namespace dsm
