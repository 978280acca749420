// Which frames become the chain's masks.
#include <algorithm>

#include "dsp/pipeline/chain.h"

namespace dsm {

const MaskSubtraction* averaged_masks(const RunInfo& run) {
    const auto item =
        std::find_if(run.masks.begin(), run.masks.end(), [](const MaskSubtraction& each) {
            return each.operation == MaskSubtraction::Operation::average;
        });
    return item == run.masks.end() ? nullptr : &*item;
}

std::vector<FrameIndex> masks_asked_for(const RunInfo& run, const PipelineParams& params) {
    if (!params.masks.empty()) {
        return params.masks;
    }
    const MaskSubtraction* item = averaged_masks(run);
    if (item == nullptr) {
        return {};
    }
    std::vector<FrameIndex> frames = item->mask_frames;
    std::erase_if(frames, [&](FrameIndex k) { return k < 0 || k >= run.frames; });
    return frames;
}

bool Chain::bank_closed() const {
    return wanted_masks_.empty() ? first_contrast_.has_value()
                                 : admitted_.size() >= wanted_masks_.size();
}

bool Chain::learnt() const {
    return bank_closed() && live_ && live_->frame >= kNoiseFrames;
}

bool Chain::before_contrast(FrameIndex frame) const {
    return first_contrast_
               ? frame < *first_contrast_
               : std::find(admitted_.begin(), admitted_.end(), frame) != admitted_.end();
}

bool Chain::watching() const {
    return !adopted_ && wanted_masks_.empty() && !first_contrast_;
}

void Chain::admit(const Prepared& frame) {
    bank_.admit(frame);
    admitted_.push_back(frame->frame);
    mean_mask_.fill(0.0F);
    const float share = 1.0F / static_cast<float>(bank_.masks().size());
    for (const auto& mask : bank_.masks()) {
        const auto from = mask->log_intensity.pixels();
        const auto to = mean_mask_.pixels();
        for (std::size_t i = 0; i < to.size(); ++i) {
            to[i] += share * from[i];
        }
    }
    halve_mean();
}

void Chain::halve_mean() {
    const Image<std::uint8_t> all(mean_mask_.extent(), 1);
    build_pyramid(mean_mask_.view(), all.view(), 1, mean_half_);
}

void Chain::learn_mask(const Prepared& live) {
    if (adopted_) {
        return;
    }
    if (!wanted_masks_.empty()) {
        if (std::find(wanted_masks_.begin(), wanted_masks_.end(), live->frame) !=
            wanted_masks_.end()) {
            admit(live);
        }
        return;
    }
    if (bank_.empty()) {
        admit(live);
        return;
    }
    // A frame becomes a mask late: contrast is declared some frames after its first trace.
    if (contrast_.look(live->frame, watched_, noise_)) {
        first_contrast_ = contrast_.frame();
        for (const Prepared& candidate : candidates_) {
            if (candidate->frame < *first_contrast_) {
                admit(candidate);
            }
        }
        candidates_.clear();
        return;
    }
    candidates_.push_back(live);
    if (candidates_.size() > static_cast<std::size_t>(FirstContrast::kHeld)) {
        admit(candidates_.front());
        candidates_.pop_front();
    }
}

}  // namespace dsm
