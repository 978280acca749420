#include "dsp/subtraction/display_filter.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "dsp/core/parallel.h"
#include "dsp/subtraction/fill_unusable.h"

namespace dsm {
namespace {

constexpr int kGrain = 16;
constexpr int kSampleStep = 7;
constexpr float kDeviationOfMedian = 1.4826F;
// The comparison is made in pictures smoothed twice by the spline: white noise of deviation 1 keeps
// this much (the root of the sum of the 9 x 9 taps' squares), and twice that variance in a
// difference.
constexpr float kNoiseOfDifference = 0.196F * 1.41421356F;
// A difference of up to so many deviations is noise; from so many on it is a change.
constexpr float kNoise = 1.0F;
constexpr float kChange = 2.5F;
constexpr float kLeastSigma = 1e-6F;

// Noise of a picture whose noise nobody knows, from its finest details.
float deviation_of_details(ImageView<const float> picture, ImageView<const std::uint8_t> usable) {
    std::vector<float> sample;
    for (int y = 1; y + 1 < picture.height(); y += kSampleStep) {
        for (int x = 1; x + 1 < picture.width(); x += kSampleStep) {
            if (usable(x, y) != 0) {
                sample.push_back(std::abs(picture(x, y) -
                                          0.25F * (picture(x - 1, y - 1) + picture(x + 1, y - 1) +
                                                   picture(x - 1, y + 1) + picture(x + 1, y + 1))));
            }
        }
    }
    if (sample.empty()) {
        return kLeastSigma;
    }
    const auto middle = sample.begin() + static_cast<std::ptrdiff_t>(sample.size() / 2);
    std::nth_element(sample.begin(), middle, sample.end());
    return std::max(kLeastSigma, kDeviationOfMedian * *middle / std::sqrt(1.25F));
}

// A row of another frame, and of the one it is compared with.
struct Comparison {
    const float* opacity;
    const float* smooth;
    const std::uint8_t* usable;
    const float* own_smooth;
    const float* inverse_sigma;
    float inverse_noise;
    std::size_t width;
};

// The rows do not overlap, which the compiler must know to work on several pixels at once.
void weigh_row(const Comparison& row, float* __restrict sum, float* __restrict weights,
               float* __restrict squares) {
    const Comparison r = row;
    constexpr float kSlope = 1.0F / (kChange - kNoise);
    for (std::size_t x = 0; x < r.width; ++x) {
        const float change =
            std::abs(r.smooth[x] - r.own_smooth[x]) * (r.inverse_noise * r.inverse_sigma[x]);
        const float like = std::min(1.0F, std::max(0.0F, (kChange - change) * kSlope));
        const float usable = static_cast<float>(static_cast<int>(r.usable[x]));
        const float weight = like * like * (3.0F - 2.0F * like) * usable;
        sum[x] += weight * r.opacity[x];
        weights[x] += weight;
        squares[x] += weight * weight;
    }
}

}  // namespace

DisplayFilter::DisplayFilter(Extent extent, DisplayFilterParams params)
    : extent_(extent),
      params_(params),
      averaged_(extent),
      sigma_(extent),
      rows_(extent),
      filtered_(extent) {}

DisplayFilter::Held DisplayFilter::take(const DisplayInput& input) {
    Held held = std::move(spare_);
    held.frame = input.frame;
    held.subtracted = input.subtracted;
    held.opacity.resize(extent_);
    held.smooth.resize(extent_);
    held.sigma.resize(extent_);
    held.usable.resize(extent_);
    parallel_rows(extent_.height, kGrain, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            for (int x = 0; x < extent_.width; ++x) {
                const float value = input.opacity(x, y);
                const float deviation = input.sigma(x, y);
                const bool finite = std::isfinite(value) && std::isfinite(deviation);
                held.opacity(x, y) = finite ? value : 0.0F;
                held.sigma(x, y) = finite ? deviation : 0.0F;
                held.usable(x, y) = finite && input.usable(x, y) != 0 ? 1 : 0;
            }
        }
    });
    return held;
}

Result<void> DisplayFilter::push(const DisplayInput& input, const Sink& sink) {
    const auto longest = static_cast<std::size_t>(params_.frames_before + params_.frames_after + 1);
    if (window_.size() == longest) {
        spare_ = std::move(window_.front());
        window_.pop_front();
        next_ -= 1;
    }
    window_.push_back(take(input));
    Held& newest = window_.back();
    if (newest.subtracted) {
        copy_pixels(newest.opacity.cview(), filtered_.view());
        fill_unusable(filtered_.view(), newest.usable.cview());
        const float unknown = deviation_of_details(filtered_.cview(), newest.usable.cview());
        for (float& deviation : newest.sigma.pixels()) {
            deviation = deviation > 0.0F ? std::max(deviation, kLeastSigma) : unknown;
        }
        spline_smooth(filtered_.cview(), 1, rows_.view(), newest.smooth.view());
        spline_smooth(newest.smooth.cview(), 1, rows_.view(), newest.smooth.view());
    }
    if (window_.size() > next_ + static_cast<std::size_t>(params_.frames_after)) {
        return hand_out(next_++, sink);
    }
    return {};
}

Result<void> DisplayFilter::finish(const Sink& sink) {
    while (next_ < window_.size()) {
        if (auto taken = hand_out(next_++, sink); !taken) {
            return taken;
        }
    }
    return {};
}

// How many of its deviations the noise of a smoothed difference is: white noise's, or more where
// the difference of the two frames says so all over the picture.
float DisplayFilter::inverse_noise_of_difference(const Held& a, const Held& b) const {
    std::vector<float> sample;
    for (int y = kSampleStep / 2; y < extent_.height; y += kSampleStep) {
        for (int x = kSampleStep / 2; x < extent_.width; x += kSampleStep) {
            if (a.usable(x, y) != 0 && b.usable(x, y) != 0) {
                sample.push_back(std::abs(a.smooth(x, y) - b.smooth(x, y)) / a.sigma(x, y));
            }
        }
    }
    float noise = kNoiseOfDifference;
    if (sample.size() >= 64) {
        const auto middle = sample.begin() + static_cast<std::ptrdiff_t>(sample.size() / 2);
        std::nth_element(sample.begin(), middle, sample.end());
        noise = std::clamp(kDeviationOfMedian * *middle, 0.7F * noise, 1.25F * noise);
    }
    return 1.0F / noise;
}

void DisplayFilter::average(std::size_t at) {
    const Held& held = window_[at];
    const auto before = static_cast<std::size_t>(params_.frames_before);
    std::vector<std::pair<const Held*, float>> others;
    for (std::size_t i = at - std::min(at, before); i < window_.size(); ++i) {
        if (i != at && window_[i].subtracted) {
            others.emplace_back(&window_[i], inverse_noise_of_difference(held, window_[i]));
        }
    }
    parallel_rows(extent_.height, kGrain, [&](int first, int last) {
        const auto width = static_cast<std::size_t>(extent_.width);
        std::vector<float> weights(width);
        std::vector<float> squares(width);
        std::vector<float> inverse(width);
        for (int y = first; y < last; ++y) {
            const float* opacity = held.opacity.view().row(y);
            const float* smooth = held.smooth.view().row(y);
            const float* sigma = held.sigma.view().row(y);
            float* sum = averaged_.view().row(y);
            float* deviation = sigma_.view().row(y);
            std::copy_n(opacity, width, sum);
            for (std::size_t x = 0; x < width; ++x) {
                inverse[x] = 1.0F / sigma[x];
            }
            std::fill(weights.begin(), weights.end(), 1.0F);
            std::fill(squares.begin(), squares.end(), 1.0F);
            for (const auto& other : others) {
                const float* their_opacity = other.first->opacity.view().row(y);
                const float* their_smooth = other.first->smooth.view().row(y);
                const std::uint8_t* theirs_usable = other.first->usable.view().row(y);
                weigh_row({their_opacity, their_smooth, theirs_usable, smooth, inverse.data(),
                           other.second, width},
                          sum, weights.data(), squares.data());
            }
            for (std::size_t x = 0; x < width; ++x) {
                sum[x] /= weights[x];
                deviation[x] = sigma[x] * std::sqrt(squares[x]) / weights[x];
            }
        }
    });
}

Result<void> DisplayFilter::hand_out(std::size_t at, const Sink& sink) {
    const Held& held = window_[at];
    if (!held.subtracted) {
        return sink(held.frame, held.opacity.cview());
    }
    average(at);
    fill_unusable(averaged_.view(), held.usable.cview());
    shrink_.apply(averaged_.cview(), sigma_.cview(), held.usable.cview(), params_.shrink,
                  filtered_.view());
    for (int y = 0; y < extent_.height; ++y) {
        for (int x = 0; x < extent_.width; ++x) {
            if (held.usable(x, y) == 0) {
                filtered_(x, y) = held.opacity(x, y);
            }
        }
    }
    return sink(held.frame, filtered_.cview());
}

}  // namespace dsm
