#include "dsp/pipeline/chain.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "dsp/subtraction/clipped.h"
#include "dsp/subtraction/exposure.h"
#include "dsp/subtraction/noise_estimate.h"
#include "dsp/subtraction/subtract.h"

namespace dsm {
namespace {

constexpr std::size_t kBankCapacity = 8;
constexpr std::size_t kLateCapacity = 12;
constexpr float kUnknownNoise = 0.01F;  // of log intensity, where a run is too small to measure it
// Artefact ratio up to which a frame is good, fair and poor.
constexpr double kGood = 1.25;
constexpr double kFair = 1.8;
constexpr double kGoodEverywhere = 2.5;  // of its worst patch, for a good frame
constexpr double kPoor = 5.0;            // beyond it the frame has failed

const Pyramid::Level* coarse_level(const PreparedFrame& frame) {
    const auto& levels = frame.pyramid.levels;
    return levels.empty() ? nullptr : &levels[std::min<std::size_t>(2, levels.size() - 1)];
}

}  // namespace

Chain::Chain(const RunInfo& run, const PipelineParams& params,
             std::shared_ptr<PixelBackend> backend)
    : run_(run),
      params_(params),
      backend_(backend ? std::move(backend) : PixelBackend::cpu(run)),
      lineariser_(run),
      field_(exposed_field(run)),
      wanted_masks_(masks_asked_for(run, params)),
      bank_(std::max(kBankCapacity, wanted_masks_.size())),
      late_(kLateCapacity),
      opacity_(run.extent),
      sigma_(run.extent) {
    full_.resize(run.extent);
    mixer_.weigh_by([&on = *backend_](const WeighInput& input, MaskWeights& weights) {
        on.weigh(input, weights);
    });
}

void Chain::adopt(const Chain& other) {
    bank_ = other.bank_;
    admitted_ = other.admitted_;
    with_contrast_ = other.with_contrast_;
    contrast_seen_ = other.contrast_seen_;
    first_contrast_ = other.first_contrast();
    noise_ = other.noise_;
    mean_ = other.mean_;
    adopted_ = true;
}

Chain::Prepared Chain::take_in(FrameIndex frame, ImageView<const std::uint16_t> words) {
    const Prepared live = pool_.take();
    live->frame = frame;
    live->log_intensity.resize(words.extent());
    live->usable.resize(words.extent());
    backend_->linearise(without_stray(words, lineariser_, unstrayed_), *live);
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

float Chain::frame_noise(const PreparedFrame& live) {
    const Pyramid::Level* level = coarse_level(live);
    if (!noise_.known() || level == nullptr) {
        return kUnknownNoise;
    }
    if (noise_of_ == &live) {
        return noise_of_frame_;
    }
    double sum = 0.0;
    for (const float value : level->value.pixels()) {
        sum += static_cast<double>(noise_.variance(value));
    }
    noise_of_ = &live;
    noise_of_frame_ =
        static_cast<float>(std::sqrt(sum / static_cast<double>(level->value.extent().pixels())));
    return noise_of_frame_;
}

void Chain::remove_drift(PreparedFrame& live) {
    drift_ = 0.0F;
    const Pyramid::Level* level = coarse_level(live);
    if (bank_.empty() || level == nullptr) {
        return;
    }
    const auto nearest = bank_.nearest(live, 1);
    if (nearest.empty()) {
        return;
    }
    drift_ = exposure_offset(coarse_level(*nearest.front())->value.view(), level->value.view(),
                             level->usable.view(), offset_sample_);
    live.add(drift_);
}

void Chain::measure(const PreparedFrame& live, FrameMotion& motion) {
    const PartTimer timer(part_ms_, FramePart::subtraction);
    if (!subtracted_) {
        subtract({live.log_intensity.view(), full_.mask.view(), full_.share.view()}, noise_,
                 opacity_.view(), sigma_.view());
    }
    const gpu::SubtractedSums* there = backend_->sums();
    if (const auto found =
            there != nullptr ? artefact_of(there->patches.view())
                             : find_artefact(opacity_.view(), sigma_.view(), full_.usable.view())) {
        motion.artefact_ratio = found->ratio;
        motion.worst_artefact_ratio = found->worst_ratio;
        const bool even = found->worst_ratio.value_or(0.0) <= kGoodEverywhere;
        motion.quality = *motion.artefact_ratio <= kGood && even ? Quality::good
                         : *motion.artefact_ratio <= kFair       ? Quality::fair
                         : *motion.artefact_ratio <= kPoor       ? Quality::poor
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

void Chain::bring_pictures(FrameOutput& out) {
    if (out.sums == nullptr) {
        return;
    }
    backend_->bring_pictures();
    out.mask_registered = full_.mask.view();
    out.opacity = opacity_.view();
    out.sigma = sigma_.view();
}

FrameOutput Chain::process(FrameIndex frame, ImageView<const std::uint16_t> words) {
    part_ms_ = {};
    {
        const PartTimer timer(part_ms_, FramePart::linearise);
        live_ = take_in(frame, words);
        learn_noise(*live_);
        previous_ = nullptr;
        remove_drift(*live_);
    }

    FrameOutput out;
    out.frame = frame;
    out.motion.frame = frame;
    const bool alone =
        bank_.empty() || (bank_.masks().size() == 1 && bank_.masks().front()->frame == frame);
    certain_.frame = nullptr;
    noise_of_ = nullptr;
    late_used_ = false;
    subtracted_ = false;
    if (alone) {
        opacity_.fill(0.0F);
        sigma_.fill(0.0F);
        copy_pixels(live_->usable.cview(), full_.usable.view());
    } else {
        if (library_serves(*live_)) {
            subtract_library(*live_, out.motion);
        } else {
            subtract_masks(*live_, out.motion);
        }
        measure(*live_, out.motion);
        follow_contrast();
        out.mask_registered = full_.mask.view();
    }
    out.log_intensity = live_->log_intensity.view();
    out.usable = full_.usable.view();
    out.opacity = opacity_.view();
    out.sigma = sigma_.view();
    if (const gpu::SubtractedSums* there = backend_->sums()) {
        out.sums = &there->sums;
        out.bin_mask = [this](WorkFrame& bins) { backend_->bin_mask(bins); };
        out.mask_registered = {};
        out.opacity = {};
        out.sigma = {};
    }
    learn_mask();
    previous_ = live_;
    out.part_ms = part_ms_;
    return out;
}

}  // namespace dsm
