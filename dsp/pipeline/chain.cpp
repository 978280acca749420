#include "dsp/pipeline/chain.h"

#include <algorithm>
#include <cmath>

#include "dsp/core/parallel.h"
#include "dsp/motion/misfit.h"
#include "dsp/motion/normal_cells.h"
#include "dsp/motion/warp.h"
#include "dsp/pipeline/mask_library.h"
#include "dsp/subtraction/combine.h"
#include "dsp/subtraction/exposure.h"
#include "dsp/subtraction/noise_estimate.h"
#include "dsp/subtraction/shading.h"
#include "dsp/subtraction/subtract.h"

namespace dsm {
namespace {

constexpr std::size_t kBankCapacity = 8;
constexpr std::size_t kMasksRegistered = 2;
constexpr std::size_t kLateMasksRegistered = 2;
constexpr std::size_t kLateMasksKept = 10;
constexpr float kUnknownNoise = 0.01F;  // of log intensity, where a run is too small to measure it
// Artefact ratio up to which a frame is good, fair and poor.
constexpr double kGood = 1.25;
constexpr double kFair = 1.8;
constexpr double kPoor = 5.0;  // beyond it the frame has failed

PixelRect field_of(const RunInfo& run) {
    return run.shutter.value_or(PixelRect{0, 0, run.extent.width, run.extent.height});
}

void clear_outside(const PixelRect& field, ImageView<std::uint8_t> usable) {
    const int left = std::clamp(field.x, 0, usable.width());
    const int right = std::clamp(field.x + field.width, left, usable.width());
    for (int y = 0; y < usable.height(); ++y) {
        std::uint8_t* row = usable.row(y);
        const bool inside = y >= field.y && y < field.y + field.height;
        std::fill(row, row + (inside ? left : usable.width()), std::uint8_t{0});
        std::fill(row + (inside ? right : usable.width()), row + usable.width(), std::uint8_t{0});
    }
}

void add_to(std::span<float> pixels, float offset) {
    for (float& value : pixels) {
        value += offset;
    }
}

const Pyramid::Level* coarse_level(const PreparedFrame& frame) {
    const auto& levels = frame.pyramid.levels;
    return levels.empty() ? nullptr : &levels[std::min<std::size_t>(2, levels.size() - 1)];
}

}  // namespace

Chain::Chain(const RunInfo& run, const PipelineParams& params)
    : params_(params),
      lineariser_(run),
      field_(field_of(run)),
      wanted_masks_(masks_asked_for(run, params)),
      bank_(std::max(kBankCapacity, wanted_masks_.size())),
      late_(kLateMasksKept),
      mean_mask_(run.extent),
      mask_registered_(run.extent),
      share_(run.extent),
      opacity_(run.extent),
      sigma_(run.extent),
      usable_(run.extent) {}

void Chain::adopt(const Chain& other) {
    bank_ = other.bank_;
    admitted_ = other.admitted_;
    first_contrast_ = other.first_contrast();
    noise_ = other.noise_;
    mean_mask_ = other.mean_mask_.clone();
    halve_mean();
    adopted_ = true;
}

Chain::Prepared Chain::take_in(FrameIndex frame, ImageView<const std::uint16_t> words) {
    const Prepared live = pool_.take();
    live->frame = frame;
    live->log_intensity.resize(words.extent());
    live->usable.resize(words.extent());
    lineariser_.apply(words, live->log_intensity.view(), live->usable.view());
    clear_outside(field_, live->usable.view());
    prepare(*live);
    return live;
}

void Chain::learn_noise(const PreparedFrame& live) {
    if (adopted_ || !previous_ || live.frame > kNoiseFrames) {
        return;
    }
    noise_ = quieter_of(noise_, estimate_noise(previous_->log_intensity.view(),
                                               live.log_intensity.view(), live.usable.view()));
}

float Chain::frame_noise(const PreparedFrame& live) const {
    const Pyramid::Level* level = coarse_level(live);
    if (!noise_.known() || level == nullptr) {
        return kUnknownNoise;
    }
    double sum = 0.0;
    for (const float value : level->value.pixels()) {
        sum += static_cast<double>(noise_.variance(value));
    }
    return static_cast<float>(std::sqrt(sum / static_cast<double>(level->value.extent().pixels())));
}

void Chain::remove_drift(PreparedFrame& live) const {
    const Pyramid::Level* level = coarse_level(live);
    if (bank_.empty() || level == nullptr) {
        return;
    }
    const auto nearest = bank_.nearest(live, 1);
    if (nearest.empty()) {
        return;
    }
    const float offset = exposure_offset(coarse_level(*nearest.front())->value.view(),
                                         level->value.view(), level->usable.view());
    add_to(live.log_intensity.pixels(), offset);
    for (Pyramid::Level& each : live.pyramid.levels) {
        add_to(each.value.pixels(), offset);
    }
}

void Chain::take_mean(const PreparedFrame& live, FrameMotion& motion) {
    Displacement field(mean_mask_.extent());
    field.add(params_.manual_shift_px);
    warp(mean_mask_.view(), field, mask_registered_.view());
    copy_pixels(live.usable.view(), usable_.view());
    if (!field.is_zero()) {
        keep_covered(field, live.usable.view(), usable_.view());
    }
    share_.fill(1.0F / static_cast<float>(bank_.masks().size()));
    motion.masks = bank_.frames();
    motion.mean_px = params_.manual_shift_px;
    motion.max_px = length(params_.manual_shift_px);
    motion.used = RegistrationMethod::none;
}

void Chain::register_masks(const SharedFrames& masks, const PreparedFrame& live, std::size_t first,
                           RegistrationMethod method, FrameMotion& motion) {
    RegistrationParams params;
    params.method = method;
    params.noise = std::sqrt(2.0F) * frame_noise(live);
    registered_.resize(std::max(registered_.size(), first + masks.size()));
    for (std::size_t i = 0; i < masks.size(); ++i) {
        params.start = fields_.find(masks[i]->frame);
        Registration found =
            registrar_.estimate(live.pyramid, masks[i]->pyramid, mean_mask_.extent(), params);
        fields_.keep(masks[i]->frame, found.field);
        found.field.add(params_.manual_shift_px);
        Image<float>& registered = registered_[first + i];
        registered.resize(mean_mask_.extent());
        warp(masks[i]->log_intensity.view(), found.field, registered.view());
        keep_covered(found.field, masks[i]->usable.view(), usable_.view());
        if (first + i == 0) {
            motion.mean_px = found.field.mean_px();
            motion.max_px = found.field.max_px();
            motion.used = found.used;
            motion.reason = found.reason;
        }
        motion.masks.push_back(masks[i]->frame);
    }
}

void Chain::mix_registered(std::size_t count, const PreparedFrame& live) {
    std::vector<ImageView<const float>> views;
    for (std::size_t i = 0; i < count; ++i) {
        views.push_back(registered_[i].view());
    }
    combine_masks(views, live.log_intensity.view(), mask_registered_.view(), share_.view());
}

// By how much the misfit of the mix of registered masks is below that of the mean of the bank as it
// lies; at half resolution, where a pixel's noise matters less and interpolation hardly lowers it.
double Chain::gain_over_still(const PreparedFrame& live) {
    const Pyramid::Level& level = live.pyramid.levels.front();
    build_pyramid(mask_registered_.view(), usable_.view(), 1, mix_half_);
    const Pyramid::Level& mix = mix_half_.levels.front();
    const Pyramid::Level& mean = mean_half_.levels.front();
    ImageView<const float> still = mean.value.view();
    Image<float> shifted;
    if (params_.manual_shift_px != Point{}) {
        Displacement field(mean_mask_.extent());
        field.add(params_.manual_shift_px);
        shifted.resize(mean.value.extent());
        Image<float> covered(mean.value.extent());
        warp_level({still, mean.usable.view(), mix.usable.view(), shifted.view(), covered.view()},
                   field, level.pixel_px);
        still = shifted.view();
    }
    const float noise =
        std::max(std::sqrt(2.0F) * frame_noise(live) / static_cast<float>(level.pixel_px),
                 residual_scale(still, level.value.view(), mix.usable.view()));
    const auto misfit = [&](ImageView<const float> mask) {
        return robust_misfit(mask, level.value.view(), mix.usable.view(), noise);
    };
    const auto pixels = static_cast<double>(count_usable(mix.usable.view()));
    return misfit(still) - misfit(mix.value.view()) - chance_gain(2.0, pixels);
}

// The ladder's lowest rung is the mean of the bank as it lies; it stays unless registration gains
// more than chance would.
bool Chain::better_than_still(const PreparedFrame& live, RegistrationMethod method,
                              FrameMotion& motion) {
    motion = FrameMotion{};
    motion.frame = live.frame;
    copy_pixels(live.usable.view(), usable_.view());
    const SharedFrames masks = bank_.nearest(live, kMasksRegistered);
    register_masks(masks, live, 0, method, motion);
    mix_registered(masks.size(), live);
    if (!live.pyramid.levels.empty() && gain_over_still(live) > 0.0) {
        return true;
    }
    motion = FrameMotion{};
    motion.frame = live.frame;
    take_mean(live, motion);
    motion.reason = "still: no gain beyond noise from " + std::string(to_string(method));
    return false;
}

void Chain::remove_offset(const PreparedFrame& live) {
    block_means(mask_registered_.view(), live.log_intensity.view(), usable_.view(), blocks_);
    const Image<float> zero(blocks_.difference.extent());
    const float offset =
        exposure_offset(blocks_.difference.view(), zero.view(), blocks_.usable.view());
    add_to(mask_registered_.pixels(), -offset);
    add_to(blocks_.difference.pixels(), -offset);
    if (const auto shading = find_shading(blocks_)) {
        remove_shading(*shading, mask_registered_.view());
        remove_shading(*shading, blocks_.difference.view());
    }
}

// Early masks tell how much contrast there is; late ones, mixed in after that is known, match the
// background better where layers have drifted apart.
void Chain::add_late_masks(const PreparedFrame& live, FrameMotion& motion) {
    subtract(live.log_intensity.view(), mask_registered_.view(), opacity_.view());
    const std::size_t early = motion.masks.size();
    const SharedFrames masks = nearest_in_phase(late_.masks(), live, kLateMasksRegistered);
    register_masks(masks, live, early, params_.registration, motion);
    late_.follow(live_, opacity_.view());
    if (masks.empty()) {
        return;
    }
    mix_registered(early + masks.size(), live);
    remove_offset(live);
}

void Chain::subtract_masks(const PreparedFrame& live, FrameMotion& motion) {
    const RegistrationMethod method = params_.registration;
    // Contrast is found in the best picture there is, so that the masks, and with them the
    // comparison between methods, do not depend on the method.
    if (watching() && method != RegistrationMethod::mesh) {
        FrameMotion unused;
        static_cast<void>(better_than_still(live, RegistrationMethod::mesh, unused));
        remove_offset(live);
        watched_ = blocks_.clone();
    }
    const bool moved =
        method != RegistrationMethod::none && better_than_still(live, method, motion);
    if (method == RegistrationMethod::none) {
        take_mean(live, motion);
    }
    remove_offset(live);
    if (watching() && method == RegistrationMethod::mesh) {
        watched_ = blocks_.clone();
    }
    if (moved && late_wanted_ && first_contrast_) {
        add_late_masks(live, motion);
    }
}

void Chain::measure(const PreparedFrame& live, FrameMotion& motion) {
    subtract({live.log_intensity.view(), mask_registered_.view(), share_.view()}, noise_,
             opacity_.view(), sigma_.view());
    motion.artefact_ratio = artefact_ratio(opacity_.view(), sigma_.view(), usable_.view());
    if (motion.artefact_ratio) {
        motion.quality = *motion.artefact_ratio <= kGood   ? Quality::good
                         : *motion.artefact_ratio <= kFair ? Quality::fair
                         : *motion.artefact_ratio <= kPoor ? Quality::poor
                                                           : Quality::failed;
    } else {
        motion.quality = Quality::failed;
    }
    if (motion.quality == Quality::failed) {
        motion.reason += motion.reason.empty() ? "" : "; ";
        motion.reason += motion.artefact_ratio ? "residue of motion is over five times the noise"
                                               : "too few pixels can be judged";
    }
}

FrameOutput Chain::process(FrameIndex frame, ImageView<const std::uint16_t> words) {
    live_ = take_in(frame, words);
    learn_noise(*live_);
    previous_ = nullptr;
    remove_drift(*live_);

    FrameOutput out;
    out.frame = frame;
    out.motion.frame = frame;
    const bool alone =
        bank_.empty() || (bank_.masks().size() == 1 && bank_.masks().front()->frame == frame);
    if (alone) {
        opacity_.fill(0.0F);
        sigma_.fill(0.0F);
        copy_pixels(live_->usable.cview(), usable_.view());
    } else {
        if (library_ && library_->spans(frame)) {
            subtract_library(*live_, out.motion);
        } else {
            subtract_masks(*live_, out.motion);
        }
        measure(*live_, out.motion);
        out.mask_registered = mask_registered_.view();
    }
    out.log_intensity = live_->log_intensity.view();
    out.usable = usable_.view();
    out.opacity = opacity_.view();
    out.sigma = sigma_.view();
    learn_mask(live_);
    previous_ = live_;
    return out;
}

}  // namespace dsm
