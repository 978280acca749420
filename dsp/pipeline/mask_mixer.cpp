#include "dsp/pipeline/mask_mixer.h"

#include <algorithm>
#include <cassert>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "dsp/subtraction/half_resolution.h"

namespace dsm {
namespace {

const Pyramid::Level& quarter_of(const PreparedFrame& frame) {
    return frame.pyramid.levels[1];
}

// The interpolation that registered a pixel has looked at its neighbours.
void erode(Image<float>& usable) {
    cv::Mat matrix(usable.height(), usable.width(), CV_32F, usable.pixels().data());
    cv::erode(matrix, matrix, cv::Mat());
}

}  // namespace

void MaskMix::resize(Extent extent) {
    mask.resize(extent);
    share.resize(extent);
    usable.resize(extent);
}

void MaskMixer::begin(const PreparedFrame& live) {
    assert(live.pyramid.levels.size() >= kLevels);
    live_ = &live;
    for (Registered& each : masks_) {
        each.mask.reset();
    }
    count_ = 0;
    weighed_ = 0;
    quarter_blocks(quarter_of(live).value.view(), live_blocks_);
}

void MaskMixer::add(std::shared_ptr<const PreparedFrame> mask, Displacement field) {
    assert(count_ < kMostMasks);
    masks_.resize(std::max(masks_.size(), count_ + 1));
    Registered& to = masks_[count_++];
    to.mask = std::move(mask);
    to.field = std::move(field);
    const Pyramid::Level& level = quarter_of(*to.mask);
    to.quarter.resize(level.value.extent());
    to.usable.resize(level.value.extent());
    warp_level({level.value.view(), level.usable.view(), quarter_of(*live_).usable.view(),
                to.quarter.view(), to.usable.view()},
               to.field, level.pixel_px);
    erode(to.usable);
    quarter_blocks(to.quarter.view(), to.blocks);
}

void MaskMixer::weigh(const Weighing& weighing) {
    WeighInput input;
    for (std::size_t i = 0; i < count_; ++i) {
        input.masks.push_back(masks_[i].quarter.view());
        input.usable.push_back(masks_[i].usable.view());
    }
    input.unchanged = std::exchange(weighed_, count_);
    input.certain = weighing.certain;
    input.live = quarter_of(*live_).value.view();
    input.noise = weighing.noise;
    input.unknown_noise = weighing.unknown_noise;
    input.convex = weighing.convex;
    if (!weighing.contrast_half.empty()) {
        halve(weighing.contrast_half, contrast_);
        input.contrast = contrast_.view();
    }
    if (weigher_) {
        weigher_(input, weights_);
    } else {
        weights_.weigh(input);
    }
    find_blocks();
    ground_ = find_ground(blocks_, offset_sample_);
}

// On the grid of block_means(): whole blocks alone. One is usable where all of it is.
void MaskMixer::find_blocks() {
    const Extent extent = whole_blocks(live_->log_intensity.extent());
    blocks_.difference.resize(extent);
    blocks_.live.resize(extent);
    blocks_.usable.resize(extent);
    for (int y = 0; y < extent.height; ++y) {
        for (int x = 0; x < extent.width; ++x) {
            float mix = 0.0F;
            bool usable = true;
            for (std::size_t i = 0; i < count_; ++i) {
                const float weight = weights_.maps()[i](x, y);
                mix += weight * masks_[i].blocks(x, y);
                usable = usable && (weight == 0.0F || weights_.usable()[i](x, y) == 1.0F);
            }
            blocks_.live(x, y) = live_blocks_(x, y);
            blocks_.difference(x, y) = mix - live_blocks_(x, y);
            blocks_.usable(x, y) = usable ? 1 : 0;
        }
    }
}

std::vector<MaskMixer::Part> MaskMixer::parts() const {
    std::vector<Part> parts;
    for (std::size_t i = 0; i < count_; ++i) {
        parts.push_back({masks_[i].mask, &masks_[i].field, weights_.maps()[i].view()});
    }
    return parts;
}

void MaskMixer::mix(Sheet (*sheet_of)(const PreparedFrame&), MaskMix& mix) const {
    std::vector<WeightedMask> masks;
    for (std::size_t i = 0; i < count_; ++i) {
        const Sheet sheet = sheet_of(*masks_[i].mask);
        masks.push_back({sheet.value, sheet.usable, &masks_[i].field, weights_.maps()[i].view()});
    }
    const Sheet live = sheet_of(*live_);
    mix.resize(live.value.extent());
    copy_pixels(live.usable, mix.usable.view());
    warp_weighted(masks, live.pixel_px, kWeightBlock_px,
                  {mix.mask.view(), mix.share.view(), mix.usable.view()});
}

void MaskMixer::mix_half(MaskMix& to) const {
    mix(
        [](const PreparedFrame& frame) {
            const Pyramid::Level& half = frame.pyramid.levels[0];
            return Sheet{half.value.view(), half.usable.view(), half.pixel_px};
        },
        to);
}

void MaskMixer::mix_full(MaskMix& to) const {
    mix(
        [](const PreparedFrame& frame) {
            return Sheet{frame.log_intensity.view(), frame.usable.view(), 1};
        },
        to);
}

}  // namespace dsm
