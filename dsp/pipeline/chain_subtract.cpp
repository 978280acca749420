// What the chain subtracts from a frame: which masks, registered and mixed how.
#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "dsp/core/block_maps.h"
#include "dsp/motion/misfit.h"
#include "dsp/motion/normal_cells.h"
#include "dsp/motion/warp.h"
#include "dsp/pipeline/chain.h"
#include "dsp/subtraction/half_resolution.h"
#include "dsp/subtraction/subtract.h"

namespace dsm {
namespace {

constexpr std::size_t kFromBank = 2;
constexpr std::size_t kFromBankAlone = 3;  // where no other masks follow
constexpr std::size_t kLate = 3;
constexpr std::size_t kFromLibrary = 4;
constexpr double kNoiseShown = 0.55;
constexpr double kUsualInterval_s = 0.5;  // where the run does not say
// Finest pixels a mesh is fitted on. Where masks of all phases follow, layers that slide are theirs
// to explain, and a finer mesh would only follow residue and contrast.
constexpr int kFine_px = 2;
constexpr int kCoarse_px = 4;

}  // namespace

double Chain::seconds_of(FrameIndex frame) const {
    return time_of(run_, frame).value_or(kUsualInterval_s * frame);
}

double Chain::seconds_since_followed(FrameIndex frame) const {
    if (followed_) {
        return std::max(0.0, seconds_of(frame) - seconds_of(*followed_));
    }
    return frame > 0 ? std::max(0.0, seconds_of(frame) - seconds_of(frame - 1)) : kUsualInterval_s;
}

void Chain::take_mean(const PreparedFrame& live, FrameMotion& motion) {
    const PartTimer timer(part_ms_, FramePart::masks);
    Displacement field(run_.extent);
    field.add(params_.manual_shift_px);
    full_.resize(run_.extent);
    warp(mean_->log_intensity.view(), field, full_.mask.view());
    copy_pixels(live.usable.cview(), full_.usable.view());
    keep_covered(field, mean_->usable.view(), full_.usable.view());
    full_.share.fill(1.0F / static_cast<float>(bank_.masks().size()));
    motion.masks = bank_.frames();
    motion.mean_px = params_.manual_shift_px;
    motion.max_px = length(params_.manual_shift_px);
    motion.used = RegistrationMethod::none;
    block_means(full_.mask.view(), live.log_intensity.view(), full_.usable.view(), blocks_);
    remove_ground(find_ground(blocks_, offset_sample_), full_.mask.view());
}

void Chain::take_mix(const PreparedFrame& live) {
    backend_->mix_subtract({&mixer_, &live, drift_, &noise_, &part_ms_, late_used_, params_.find},
                           {full_, opacity_.view(), sigma_.view()});
    subtracted_ = true;
}

// Registers `masks` and hands them to the mixer; the first of all leads `motion`. `put_back` is the
// contrast that `live` is without, if it is.
void Chain::register_masks(const SharedFrames& masks, const PreparedFrame& live,
                           ImageView<const float> put_back, RegistrationMethod method,
                           FrameMotion& motion) {
    const PartTimer timer(part_ms_, FramePart::registration);
    RegistrationParams params;
    params.method = method;
    params.noise = std::sqrt(2.0F) * frame_noise(live);
    params.finest_px = mix_follows(live) ? kCoarse_px : kFine_px;
    for (const auto& mask : masks) {
        params.start = fields_.find(mask->frame);
        Registration found =
            backend_->register_mask({&live, drift_, put_back, mask, run_.extent, params});
        params.trust_start = found.followed;  // a jerk of the patient is one for all masks
        fields_.keep(mask->frame, found.field);
        found.field.add(params_.manual_shift_px);
        if (mixer_.count() == 0) {
            motion.mean_px = found.field.mean_px();
            motion.max_px = found.field.max_px();
            motion.used = found.used;
            motion.reason = found.reason;
        }
        motion.masks.push_back(mask->frame);
        mixer_.add(mask, std::move(found.field));
    }
}

// Masks from after the arrival of contrast are there too.
bool Chain::mix_follows(const PreparedFrame& live) const {
    return library_serves(live) || (following() && !late_.masks().empty());
}

bool Chain::library_serves(const PreparedFrame& live) const {
    return library_ && library_->spans(live.frame) &&
           live.pyramid.levels.size() >= MaskMixer::kLevels;
}

void Chain::weigh(const PreparedFrame& live, std::size_t certain, ImageView<const float> contrast) {
    const PartTimer timer(part_ms_, FramePart::masks);
    mixer_.weigh({certain, contrast, &noise_, frame_noise(live), watching()});
}

// By how much the misfit of the mix of registered masks is below that of the mean of the bank as it
// lies; at half resolution, where a pixel's noise matters less and interpolation hardly lowers it.
double Chain::gain_over_still(const PreparedFrame& live) {
    const PartTimer timer(part_ms_, FramePart::masks);
    const Pyramid::Level& level = live.pyramid.levels.front();
    const Pyramid::Level& mean = mean_->pyramid.levels.front();
    ImageView<const float> still = mean.value.view();
    Image<float> shifted;
    if (params_.manual_shift_px != Point{}) {
        Displacement field(run_.extent);
        field.add(params_.manual_shift_px);
        shifted.resize(mean.value.extent());
        Image<float> covered(mean.value.extent());
        warp_level({still, mean.usable.view(), half_.usable.view(), shifted.view(), covered.view()},
                   field, level.pixel_px);
        still = shifted.view();
    }
    judged_.resize(half_.usable.extent());
    for (std::size_t i = 0; i < judged_.pixels().size(); ++i) {
        judged_.pixels()[i] = half_.usable.pixels()[i] & mean.usable.pixels()[i];
    }
    const float noise =
        std::max(std::sqrt(2.0F) * frame_noise(live) / static_cast<float>(level.pixel_px),
                 residual_scale(still, level.value.view(), judged_.view()));
    const auto misfit = [&](ImageView<const float> mask) {
        return robust_misfit(mask, level.value.view(), judged_.view(), noise);
    };
    const auto pixels = static_cast<double>(count_usable(judged_.view()));
    // The mean has the less noise; that is no sign that nothing has moved. Of that difference the
    // robust misfit shows a part, and weights fitted to the frame have hidden some of the rest.
    const double quantum =
        static_cast<double>(frame_noise(live)) / static_cast<double>(level.pixel_px);
    const double noisier =
        kNoiseShown * (mean_of(half_.share) - 1.0 / static_cast<double>(bank_.masks().size())) *
        std::pow(quantum / static_cast<double>(noise), 2.0);
    return misfit(still) - misfit(half_.mask.view()) + noisier - chance_gain(2.0, pixels);
}

// From masks without contrast. The ladder's lowest rung is the mean of the bank as it lies; it
// stays, and `full_` is then done, unless registration gains more than chance would.
bool Chain::subtract_bank(const PreparedFrame& live, RegistrationMethod method,
                          FrameMotion& motion) {
    motion = FrameMotion{};
    motion.frame = live.frame;
    const bool large_enough =
        live.pyramid.levels.size() >= MaskMixer::kLevels &&
        std::min(run_.extent.width, run_.extent.height) >= kSmallestRegistered_px;
    if (method != RegistrationMethod::none && large_enough) {
        mixer_.begin(live);
        register_masks(bank_.nearest(live, mix_follows(live) ? kFromBank : kFromBankAlone), live,
                       {}, method, motion);
        weigh(live, mixer_.count(), known_.empty() ? ImageView<const float>{} : known_.view());
        backend_->mix_half(mixer_, half_);
        if (gain_over_still(live) > 0.0) {
            remove_ground(mixer_.ground(), half_.mask.view());
            blocks_.assign(mixer_.blocks());
            return true;
        }
    }
    motion = FrameMotion{};
    motion.frame = live.frame;
    take_mean(live, motion);
    if (method != RegistrationMethod::none) {
        motion.reason = large_enough
                            ? "still: no gain beyond noise from " + std::string(to_string(method))
                            : "still: picture too small to register";
    }
    halve(full_.mask.view(), half_.mask);
    halve(full_.share.view(), half_.share);
    half_.usable.resize(half_.mask.extent());
    if (!live.pyramid.levels.empty()) {
        const Pyramid::Level& level = live.pyramid.levels.front();
        const auto mean = mean_->pyramid.levels.front().usable.pixels();
        for (std::size_t i = 0; i < mean.size(); ++i) {
            half_.usable.pixels()[i] = level.usable.pixels()[i] & mean[i];
        }
    }
    return false;
}

// The opacity against masks without contrast at half resolution, and its noise.
void Chain::subtract_half(const PreparedFrame& live) {
    const PartTimer timer(part_ms_, FramePart::subtraction);
    if (live.pyramid.levels.empty()) {
        return;
    }
    const Pyramid::Level& level = live.pyramid.levels.front();
    certain_.frame = live_;
    certain_.opacity.resize(level.value.extent());
    certain_.sigma.resize(level.value.extent());
    subtract({level.value.view(), half_.mask.view(), half_.share.view()}, noise_,
             certain_.opacity.view(), certain_.sigma.view());
    bound_unusable(half_.usable, field_, certain_.opacity);
}

// Masks of before contrast tell how much contrast there is; late ones, mixed in after that is
// known, match the background better where layers have drifted apart.
void Chain::add_late_masks(const PreparedFrame& live, FrameMotion& motion) {
    memory_.expect(
        {certain_.opacity.view(), {}, certain_.sigma.view(), seconds_since_followed(live.frame)},
        known_);
    const SharedFrames masks = nearest_in_phase(late_.masks(), live, kLate);
    if (masks.empty()) {
        return;
    }
    const std::size_t certain = mixer_.count();
    register_masks(masks, live, {}, params_.registration, motion);
    weigh(live, certain, known_.view());
    late_used_ = true;
}

void Chain::subtract_masks(const PreparedFrame& live, FrameMotion& motion) {
    const RegistrationMethod method = params_.registration;
    // Contrast is found in the best picture there is, so that the masks, and with them the
    // comparison between methods, do not depend on the method.
    if (watching() && method != RegistrationMethod::mesh) {
        FrameMotion unused;
        static_cast<void>(subtract_bank(live, RegistrationMethod::mesh, unused));
        watched_.assign(blocks_);
    }
    const bool moved = subtract_bank(live, method, motion);
    if (watching() && method == RegistrationMethod::mesh) {
        watched_.assign(blocks_);
    }
    subtract_half(live);
    if (moved) {
        if (following() && shows_enough(live)) {
            add_late_masks(live, motion);
        }
        take_mix(live);
    }
}

// The frame without its contrast is what masks are chosen and registered for: contrast can neither
// drag them nor be absorbed.
void Chain::subtract_library(const PreparedFrame& live, FrameMotion& motion) {
    library_->contrast_at(live.frame, known_);
    prepare_bare(live, known_.view(), bare_);
    motion = FrameMotion{};
    motion.frame = live.frame;
    mixer_.begin(live);
    register_masks(bank_.nearest(bare_, kFromBank), bare_, known_.view(), params_.registration,
                   motion);
    weigh(live, mixer_.count(), known_.view());
    backend_->mix_half(mixer_, half_);
    if (gain_over_still(live) <= 0.0) {
        motion = FrameMotion{};
        motion.frame = live.frame;
        take_mean(live, motion);
        motion.reason =
            "still: no gain beyond noise from " + std::string(to_string(params_.registration));
        return;
    }
    const std::size_t certain = mixer_.count();
    register_masks(library_->nearest(bare_, kFromLibrary), bare_, known_.view(),
                   params_.registration, motion);
    weigh(live, certain, known_.view());
    take_mix(live);
}

}  // namespace dsm
