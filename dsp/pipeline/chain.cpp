#include "dsp/pipeline/chain.h"

#include <algorithm>
#include <cmath>

#include "dsp/motion/warp.h"
#include "dsp/subtraction/noise_estimate.h"
#include "dsp/subtraction/subtract.h"

namespace dsm {
namespace {

constexpr FrameIndex kNoiseFrames = 6;  // pairs of frames the noise is learnt from

PixelRect field_of(const RunInfo& run) {
    return run.shutter.value_or(PixelRect{0, 0, run.extent.width, run.extent.height});
}

void clear_outside(const PixelRect& field, ImageView<std::uint8_t> usable) {
    for (int y = 0; y < usable.height(); ++y) {
        const bool inside_row = y >= field.y && y < field.y + field.height;
        for (int x = 0; x < usable.width(); ++x) {
            if (!inside_row || x < field.x || x >= field.x + field.width) {
                usable(x, y) = 0;
            }
        }
    }
}

}  // namespace

std::vector<FrameIndex> masks_asked_for(const RunInfo& run, const PipelineParams& params) {
    if (!params.masks.empty()) {
        return params.masks;
    }
    for (const MaskSubtraction& item : run.masks) {
        if (item.operation == MaskSubtraction::Operation::average) {
            std::vector<FrameIndex> frames = item.mask_frames;
            std::erase_if(frames, [&](FrameIndex k) { return k < 0 || k >= run.frames; });
            return frames;
        }
    }
    return {};
}

Chain::Chain(const RunInfo& run, const PipelineParams& params)
    : params_(params),
      lineariser_(run),
      field_(field_of(run)),
      wanted_masks_(masks_asked_for(run, params)),
      live_(run.extent),
      previous_(run.extent),
      mask_(run.extent),
      mask_registered_(run.extent),
      opacity_(run.extent),
      sigma_(run.extent),
      usable_(run.extent) {
    if (wanted_masks_.empty()) {
        wanted_masks_ = {0};
    }
}

void Chain::learn_noise(FrameIndex frame) {
    if (frame > 0 && frame <= kNoiseFrames) {
        noise_ = quieter_of(noise_, estimate_noise(previous_.view(), live_.view(), usable_.view()));
    }
    copy_pixels(live_.cview(), previous_.view());
}

void Chain::learn_mask(FrameIndex frame) {
    if (std::find(wanted_masks_.begin(), wanted_masks_.end(), frame) == wanted_masks_.end()) {
        return;
    }
    mask_frames_.push_back(frame);
    const float share = 1.0F / static_cast<float>(mask_frames_.size());
    const auto live = live_.cview().data();
    auto mean = mask_.pixels();
    for (std::size_t i = 0; i < mean.size(); ++i) {
        mean[i] += share * (live[i] - mean[i]);
    }
}

FrameOutput Chain::process(FrameIndex frame, ImageView<const std::uint16_t> words) {
    lineariser_.apply(words, live_.view(), usable_.view());
    clear_outside(field_, usable_.view());
    learn_noise(frame);

    FrameOutput out;
    out.frame = frame;
    out.motion.frame = frame;
    out.log_intensity = live_.view();
    out.usable = usable_.view();
    if (mask_frames_.empty()) {
        opacity_.fill(0.0F);
        sigma_.fill(0.0F);
    } else {
        warp_shift(mask_.view(), params_.manual_shift_px, mask_registered_.view());
        const float share = 1.0F / static_cast<float>(mask_frames_.size());
        subtract({live_.view(), mask_registered_.view(), share}, noise_, opacity_.view(),
                 sigma_.view());
        out.mask_registered = mask_registered_.view();
        out.motion.masks = mask_frames_;
        out.motion.mean_px = params_.manual_shift_px;
        out.motion.max_px = length(params_.manual_shift_px);
        out.motion.quality = Quality::fair;
    }
    out.opacity = opacity_.view();
    out.sigma = sigma_.view();
    learn_mask(frame);
    return out;
}

}  // namespace dsm
