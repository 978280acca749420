#include "dsp/pipeline/mask_library.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "dsp/core/parallel.h"
#include "dsp/subtraction/lasting_contrast.h"

namespace dsm {
namespace {

cv::Mat matrix_of(ImageView<const float> view) {
    return {view.height(), view.width(), CV_32F, const_cast<float*>(view.data()),
            static_cast<std::size_t>(view.stride()) * sizeof(float)};
}

Image<float> halved(ImageView<const float> full) {
    Image<float> half({std::max(1, full.width() / 2), std::max(1, full.height() / 2)});
    parallel_rows(half.height(), 32, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            const float* a = full.row(std::min(2 * y, full.height() - 1));
            const float* b = full.row(std::min(2 * y + 1, full.height() - 1));
            float* to = half.view().row(y);
            for (int x = 0; x < half.width(); ++x) {
                const int right = std::min(2 * x + 1, full.width() - 1);
                to[x] = 0.25F * (a[2 * x] + a[right] + b[2 * x] + b[right]);
            }
        }
    });
    return half;
}

void doubled(ImageView<const float> half, ImageView<float> full) {
    cv::Mat out = matrix_of(full);
    cv::resize(matrix_of(half), out, out.size(), 0, 0, cv::INTER_LINEAR);
}

}  // namespace

void MaskLibrary::add(FrameIndex frame, ImageView<const float> log_intensity,
                      ImageView<const std::uint8_t> usable, ImageView<const float> opacity) {
    Entry entry;
    entry.frame = std::make_shared<PreparedFrame>();
    entry.frame->frame = frame;
    entry.frame->log_intensity.resize(log_intensity.extent());
    copy_pixels(log_intensity, entry.frame->log_intensity.view());
    entry.frame->usable.resize(usable.extent());
    copy_pixels(usable, entry.frame->usable.view());
    entry.contrast = halved(opacity);
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
        doubled(entry.contrast.view(), full.view());
        cv::Mat sum = matrix_of(entry.frame->log_intensity.view());
        sum += matrix_of(full.view());
        prepare(*entry.frame);
        masks_.push_back(entry.frame);
    }
}

void MaskLibrary::contrast_at(FrameIndex frame, ImageView<float> contrast) const {
    const auto after = std::find_if(entries_.begin(), entries_.end(),
                                    [&](const Entry& e) { return e.frame->frame >= frame; });
    if (entries_.empty() || (after == entries_.begin() && after->frame->frame > frame)) {
        matrix_of(contrast).setTo(0.0);
        return;
    }
    if (after == entries_.end() || after->frame->frame == frame) {
        doubled((after == entries_.end() ? entries_.back() : *after).contrast.view(), contrast);
        return;
    }
    const Entry& before = *(after - 1);
    const double part = static_cast<double>(frame - before.frame->frame) /
                        static_cast<double>(after->frame->frame - before.frame->frame);
    Image<float> mixed(before.contrast.extent());
    cv::Mat out = matrix_of(mixed.view());
    cv::addWeighted(matrix_of(before.contrast.view()), 1.0 - part,
                    matrix_of(after->contrast.view()), part, 0.0, out);
    doubled(mixed.view(), contrast);
}

}  // namespace dsm
