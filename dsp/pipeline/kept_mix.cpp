#include "dsp/pipeline/kept_mix.h"

#include <algorithm>

#include "dsp/motion/warp.h"
#include "dsp/subtraction/subtract.h"

namespace dsm {

void KeptMix::keep(const MixWork& work, ImageView<const std::uint16_t> words) {
    words_.resize(words.extent());
    copy_pixels(words, words_.view());
    const std::vector<MaskMixer::Part> parts = work.mixer->parts();
    count_ = parts.size();
    parts_.resize(std::max(parts_.size(), count_));
    for (std::size_t i = 0; i < parts_.size(); ++i) {
        parts_[i].mask = i < count_ ? parts[i].mask : nullptr;
        if (i < count_) {
            parts_[i].field.assign(*parts[i].field);
            parts_[i].weight.resize(parts[i].weight.extent());
            copy_pixels(parts[i].weight, parts_[i].weight.view());
        }
    }
    ground_ = work.mixer->ground();
    drift_ = work.drift;
    noise_ = *work.noise;
}

KeptMix::Pictures KeptMix::make_again(PixelStages& processor) const {
    const Extent extent = words_.extent();
    PreparedFrame live;
    live.log_intensity.resize(extent);
    live.usable.resize(extent);
    static_cast<void>(processor.linearise(words_.view(), live));  // it has no way to fail
    live.add(drift_);
    std::vector<WeightedMask> masks;
    for (std::size_t i = 0; i < count_; ++i) {
        const Part& part = parts_[i];
        masks.push_back({part.mask->log_intensity.view(), part.mask->usable.view(), &part.field,
                         part.weight.view()});
    }
    MaskMix mix;
    mix.resize(extent);
    copy_pixels(live.usable.cview(), mix.usable.view());
    warp_weighted(masks, 1, kWeightBlock_px,
                  {mix.mask.view(), mix.share.view(), mix.usable.view()});
    remove_ground(ground_, mix.mask.view());
    Pictures made{Image<float>(extent), Image<float>(extent), std::move(mix.usable)};
    subtract({live.log_intensity.view(), mix.mask.view(), mix.share.view()}, noise_,
             made.opacity.view(), made.sigma.view());
    return made;
}

}  // namespace dsm
