// Which frames become the chain's masks.
#include <algorithm>

#include "dsp/core/parallel.h"
#include "dsp/motion/misfit.h"
#include "dsp/pipeline/chain.h"
#include "dsp/subtraction/half_resolution.h"

namespace dsm {
namespace {

constexpr double kLeastUsable = 0.2;    // of the field
constexpr float kOtherExposure = 1.5F;  // log exposure: a factor of 4.5

}  // namespace

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
                                 : admitted_.size() + with_contrast_.size() >= wanted_masks_.size();
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

// A blank or dark frame tells nothing: it is neither mask nor measurement.
bool Chain::shows_enough(const PreparedFrame& live) const {
    const double field = static_cast<double>(field_.width) * field_.height;
    return drift_ < kOtherExposure &&
           static_cast<double>(count_usable(live.usable.view())) >= kLeastUsable * field;
}

void Chain::admit(const Prepared& frame) {
    bank_.admit(frame);
    admitted_.push_back(frame->frame);
    find_mean();
}

// The frames so far were dark: the exposure was still coming up.
void Chain::begin_bank_again() {
    bank_ = MaskBank(bank_.capacity());
    admitted_.clear();
    candidates_.clear();
    contrast_ = FirstContrast();
    mean_ = nullptr;
    live_->add(-drift_);
}

void Chain::find_mean() {
    // The one before may still be in use by a chain that has adopted it.
    mean_ = pool_.take();
    mean_->frame = kMeanFrame;
    mean_->log_intensity.resize(run_.extent);
    mean_->log_intensity.fill(0.0F);
    mean_->usable.resize(run_.extent);
    mean_->usable.fill(1);
    const SharedFrames& masks = bank_.masks();
    const float share = 1.0F / static_cast<float>(masks.size());
    parallel_rows(run_.extent.height, 16, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            const auto to = mean_->log_intensity.view().row_span(y);
            const auto usable = mean_->usable.view().row_span(y);
            for (const auto& mask : masks) {
                const auto from = mask->log_intensity.view().row_span(y);
                const auto good = mask->usable.view().row_span(y);
                for (std::size_t x = 0; x < to.size(); ++x) {
                    to[x] += share * from[x];
                }
                for (std::size_t x = 0; x < to.size(); ++x) {
                    usable[x] &= good[x];
                }
            }
        }
    });
    build_pyramid(mean_->log_intensity.view(), mean_->usable.view(), 1, mean_->pyramid);
}

// Contrast is followed from its arrival on, where masks were not chosen by hand.
bool Chain::following() const {
    return !adopted_ && wanted_masks_.empty() && first_contrast_.has_value() &&
           params_.registration != RegistrationMethod::none;
}

void Chain::follow_contrast() {
    const PartTimer timer(part_ms_, FramePart::memory);
    if (!following() || !certain_.frame || !shows_enough(*live_)) {
        return;
    }
    if (late_used_) {
        if (const gpu::SubtractedSums* there = backend_->sums()) {
            mixed_.resize(there->half_opacity.extent());
            copy_pixels(there->half_opacity.cview(), mixed_.view());
        } else {
            halve(opacity_.view(), mixed_);
        }
        bound_unusable(half_.usable, field_, mixed_);
    }
    memory_.follow({certain_.opacity.view(),
                    late_used_ ? ImageView<const float>(mixed_.view()) : ImageView<const float>{},
                    certain_.sigma.view(), seconds_since_followed(live_->frame)},
                   known_);
    late_.add(*live_, known_.view(), seconds_of(live_->frame));
    followed_ = live_->frame;
}

std::optional<MaskLibrary::Measured> Chain::measured() const {
    if (followed_ != live_->frame) {
        return std::nullopt;
    }
    return MaskLibrary::Measured{certain_.opacity.clone(),
                                 late_used_ ? mixed_.clone() : Image<float>{},
                                 certain_.sigma.clone(), seconds_of(live_->frame)};
}

// Contrast is declared some frames after its first trace: those frames wait among the candidates.
void Chain::begin_late_masks() {
    for (Subtracted& candidate : candidates_) {
        if (candidate.frame->frame < *first_contrast_) {
            admit(candidate.frame);
        } else if (following() && !candidate.opacity.empty()) {
            const FrameIndex frame = candidate.frame->frame;
            memory_.follow({candidate.opacity.view(),
                            {},
                            candidate.sigma.view(),
                            seconds_since_followed(frame)},
                           known_);
            late_.add(*candidate.frame, known_.view(), seconds_of(frame));
            followed_ = frame;
        }
    }
    candidates_.clear();
}

// Contrast that a mask holds is lost wherever that mask explains the frame best. So of masks that
// were chosen, those from after its arrival are left out where others serve.
void Chain::learn_chosen_mask() {
    if (!bank_.empty() && params_.registration == RegistrationMethod::mesh &&
        shows_enough(*live_) && !contrast_seen_ && contrast_.look(live_->frame, blocks_, noise_)) {
        contrast_seen_ = contrast_.frame();
    }
    if (std::find(wanted_masks_.begin(), wanted_masks_.end(), live_->frame) ==
        wanted_masks_.end()) {
        return;
    }
    if (contrast_seen_ && live_->frame >= *contrast_seen_) {
        with_contrast_.push_back(live_->frame);
    } else {
        admit(live_);
    }
}

void Chain::keep_candidate() {
    Subtracted& kept = candidates_.emplace_back(std::move(spare_candidate_));
    spare_candidate_ = {};
    kept.frame = live_;
    for (auto [from, to] :
         {std::pair{&certain_.opacity, &kept.opacity}, std::pair{&certain_.sigma, &kept.sigma}}) {
        to->resize(from->extent());
        copy_pixels(from->cview(), to->view());
    }
}

void Chain::learn_mask() {
    const PartTimer timer(part_ms_, FramePart::memory);
    if (adopted_ || (wanted_masks_.empty() && first_contrast_)) {
        return;
    }
    if (!wanted_masks_.empty()) {
        learn_chosen_mask();
        return;
    }
    if (!shows_enough(*live_)) {
        return;
    }
    if (drift_ < -kOtherExposure) {
        begin_bank_again();
    }
    if (bank_.empty()) {
        admit(live_);
        return;
    }
    keep_candidate();
    if (contrast_.look(live_->frame, watched_, noise_)) {
        first_contrast_ = contrast_.frame();
        begin_late_masks();
        return;
    }
    // A frame becomes a mask late.
    if (candidates_.size() > static_cast<std::size_t>(FirstContrast::kHeld)) {
        admit(candidates_.front().frame);
        spare_candidate_ = std::move(candidates_.front());
        spare_candidate_.frame = nullptr;
        candidates_.pop_front();
    }
}

}  // namespace dsm
