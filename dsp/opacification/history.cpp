#include "dsp/opacification/history.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "dsp/core/lanes.h"

namespace dsm {

History::History(Extent extent)
    : extent_(extent),
      store_(std::make_unique_for_overwrite<std::int16_t[]>((kSlots + 1) * extent.pixels())),
      sigma_(extent, 0.0F),
      valid_(extent, 0),
      previous_(extent, 0.0F) {
    slots_.reserve(kSlots);
    for (std::size_t i = kSlots + 1; i-- > 0;) {
        free_.push_back(store_.get() + i * extent.pixels());
    }
}

namespace {

// To the nearest step, halves away from zero.
DSM_HOT void quantise(std::span<const float> opacity, std::int16_t* __restrict to) {
    for (std::size_t i = 0; i < opacity.size(); ++i) {
        const float steps = std::max(-32000.0F, std::min(32000.0F, opacity[i] / History::kStep));
        const int whole = static_cast<int>(steps);
        const float rest = steps - static_cast<float>(whole);
        to[i] = static_cast<std::int16_t>(whole + (rest >= 0.5F ? 1 : 0) - (rest <= -0.5F ? 1 : 0));
    }
}

void average_into(History::Slot& into, const History::Slot& other, std::size_t pixels) {
    const int both = into.frames + other.frames;
    for (std::size_t i = 0; i < pixels; ++i) {
        const int sum = into.opacity[i] * into.frames + other.opacity[i] * other.frames;
        into.opacity[i] = static_cast<std::int16_t>(sum / both);
    }
    const double a = static_cast<double>(into.frames) / both;
    into.time_s = a * into.time_s + (1.0 - a) * other.time_s;
    into.moved_px = a * into.moved_px + (1.0 - a) * other.moved_px;
    into.artefact_ratio = std::max(into.artefact_ratio, other.artefact_ratio);
    into.before_contrast = into.before_contrast && other.before_contrast;
    into.last = other.last;
    into.frames = both;
}

}  // namespace

void History::add(const WorkFrame& work, Slot slot) {
    follow_noise(work);
    slot.opacity = free_.back();
    quantise(work.opacity.pixels(), slot.opacity);
    if (!slots_.empty() && slots_.back().frames < frames_per_slot_) {
        average_into(slots_.back(), slot, extent_.pixels());
        return;
    }
    free_.pop_back();
    if (size() == kSlots) {
        halve();
    }
    slots_.push_back(slot);
}

void History::halve() {
    for (std::size_t i = 0; 2 * i + 1 < slots_.size(); ++i) {
        average_into(slots_[2 * i], slots_[2 * i + 1], extent_.pixels());
        free_.push_back(slots_[2 * i + 1].opacity);
        slots_[i] = slots_[2 * i];
    }
    slots_.resize(slots_.size() / 2);
    frames_per_slot_ *= 2;
}

// The median of |o_k - o_(k-1)| is 0.6745 sqrt(2) sigma for noise alone; contrast and residue touch
// few pixels in one frame, so the median hardly sees them.
void History::follow_noise(const WorkFrame& work) {
    std::vector<float>& ratio = ratio_;
    std::vector<float>& sigmas = sigmas_;
    ratio.clear();
    sigmas.clear();
    const bool unknown = std::all_of(work.variance.pixels().begin(), work.variance.pixels().end(),
                                     [](float v) { return v <= 0.0F; });
    const float keep = frames_seen_ == 0 ? 0.0F : 0.8F;
    const auto variance = work.variance.pixels();
    const auto value = work.opacity.pixels();
    for (std::size_t i = 0; i < value.size(); ++i) {
        const float sigma = unknown ? 1.0F : std::sqrt(variance[i]);
        float& mean = sigma_.pixels()[i];
        mean = mean <= 0.0F ? sigma : keep * mean + (1.0F - keep) * sigma;
        if (i % 13 == 0 && work.valid.pixels()[i] != 0 && sigma > 0.0F) {
            ratio.push_back(std::abs(value[i] - previous_.pixels()[i]) / sigma);
            sigmas.push_back(sigma);
        }
        previous_.pixels()[i] = value[i];
        valid_.pixels()[i] = work.valid.pixels()[i];
    }
    ++frames_seen_;
    if (ratio.size() < 100) {
        return;
    }
    const auto middle = static_cast<std::ptrdiff_t>(ratio.size() / 2);
    std::nth_element(ratio.begin(), ratio.begin() + middle, ratio.end());
    std::nth_element(sigmas.begin(), sigmas.begin() + middle, sigmas.end());
    typical_ = sigmas[static_cast<std::size_t>(middle)];
    if (frames_seen_ < 2) {
        return;
    }
    const float seen = ratio[static_cast<std::size_t>(middle)] / (0.6745F * std::sqrt(2.0F));
    const float scale = unknown ? seen : std::clamp(seen, 0.7F, 4.0F);
    noise_scale_ = frames_seen_ == 2 ? scale : 0.85F * noise_scale_ + 0.15F * scale;
}

void History::mean_row(int from, int to, int y, int x_from, int x_to, float* out) const {
    const int width = x_to - x_from;
    std::fill(out, out + width, 0.0F);
    float weights = 0.0F;
    for (int i = from; i < to; ++i) {
        const std::int16_t* row = slot(i).opacity + index(x_from, y);
        const float share = weight(i);
        for (int x = 0; x < width; ++x) {
            out[x] += share * static_cast<float>(row[x]);
        }
        weights += share;
    }
    const float scale = weights > 0.0F ? kStep / weights : 0.0F;
    for (int x = 0; x < width; ++x) {
        out[x] *= scale;
    }
}

float History::weight(int i) const {
    const Slot& one = slot(i);
    const float ratio = std::clamp(one.artefact_ratio, 1.0F, 30.0F);
    return static_cast<float>(one.frames) / (ratio * ratio);
}

float History::effective_frames(int from, int to) const {
    float sum = 0.0F;
    float squares = 0.0F;
    for (int i = std::max(0, from); i < std::min(to, size()); ++i) {
        const float w = weight(i);
        sum += w;
        squares += w * w / static_cast<float>(slot(i).frames);
    }
    return squares > 0.0F ? sum * sum / squares : 0.0F;
}

int History::frames_in(int from, int to) const {
    int frames = 0;
    for (int i = std::max(0, from); i < std::min(to, size()); ++i) {
        frames += slot(i).frames;
    }
    return frames;
}

int History::slot_of(FrameIndex frame) const {
    const auto found = std::find_if(slots_.begin(), slots_.end(),
                                    [&](const Slot& one) { return one.last >= frame; });
    return static_cast<int>(found - slots_.begin());
}

}  // namespace dsm
