// The chain's second pass in `review`: masks from the whole run.
#include <utility>

#include "dsp/motion/misfit.h"
#include "dsp/pipeline/chain.h"
#include "dsp/pipeline/mask_library.h"

namespace dsm {
namespace {

constexpr std::size_t kMasksRegistered = 4;
constexpr float kScale = 3.0F;  // of the noise; larger residue counts less and less

}  // namespace

void Chain::use(std::shared_ptr<const MaskLibrary> library) {
    library_ = std::move(library);
}

double Chain::misfit_of_mix(const PreparedFrame& live) {
    const Pyramid::Level& level = live.pyramid.levels.front();
    build_pyramid(mask_registered_.view(), usable_.view(), 1, mix_half_);
    const Pyramid::Level& mix = mix_half_.levels.front();
    const float noise = kScale * frame_noise(live) / static_cast<float>(level.pixel_px);
    return robust_misfit(mix.value.view(), level.value.view(), mix.usable.view(), noise);
}

// The masks of `live` mode stay where they explain the frame better; contrast, which is in both
// subtractions, does not decide that.
void Chain::subtract_library(const PreparedFrame& live, FrameMotion& motion) {
    subtract_masks(live, motion);
    if (live.pyramid.levels.empty()) {
        return;
    }
    const double misfit = misfit_of_mix(live);
    const FrameMotion other = motion;
    std::swap(other_mask_, mask_registered_);
    std::swap(other_share_, share_);
    std::swap(other_usable_, usable_);
    mask_registered_.resize(live.log_intensity.extent());
    share_.resize(live.log_intensity.extent());
    usable_.resize(live.usable.extent());
    mix_library(live, motion);
    if (misfit_of_mix(live) > misfit) {
        std::swap(other_mask_, mask_registered_);
        std::swap(other_share_, share_);
        std::swap(other_usable_, usable_);
        motion = other;
    }
}

// The frame without its contrast is what masks are chosen, registered and mixed for: contrast can
// neither drag them nor be absorbed.
void Chain::mix_library(const PreparedFrame& live, FrameMotion& motion) {
    motion = FrameMotion{};
    motion.frame = live.frame;
    bare_.frame = live.frame;
    bare_.log_intensity.resize(live.log_intensity.extent());
    bare_.usable.resize(live.usable.extent());
    copy_pixels(live.usable.view(), bare_.usable.view());
    copy_pixels(live.usable.view(), usable_.view());
    library_->contrast_at(live.frame, bare_.log_intensity.view());
    const auto from = live.log_intensity.pixels();
    const auto to = bare_.log_intensity.pixels();
    for (std::size_t i = 0; i < to.size(); ++i) {
        to[i] += from[i];
    }
    prepare(bare_);
    const SharedFrames masks = library_->nearest(bare_, kMasksRegistered);
    register_masks(masks, bare_, 0, params_.registration, motion);
    mix_registered(masks.size(), bare_);
    remove_offset(bare_);
}

}  // namespace dsm
