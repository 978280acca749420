#include "dsp/opacification/running_maps.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "dsp/core/lanes.h"
#include "dsp/core/parallel.h"

namespace dsm {

namespace {

struct RowInput {
    const float* value;
    const float* noise;       // may be null
    const std::uint8_t* use;  // may be null
};

struct RowState {
    float* mean;
    float* peak;
    float* arrival;
    std::uint8_t* run;
};

struct Step {
    bool first;
    float spread;   // of the running mean, in sigmas of a frame, at which opacity has come
    float arrived;  // the frame it came in, if this frame makes it certain
};

// Without branches, so that it is worked on many pixels at once.
DSM_HOT void follow_row(const RowInput& in, int width, const Step& step, const RowState& state) {
    float* __restrict mean = state.mean;
    float* __restrict peak = state.peak;
    float* __restrict arrival = state.arrival;
    std::uint8_t* __restrict run = state.run;
    for (int x = 0; x < width; ++x) {
        const float value = in.value[x];
        const bool finite = std::abs(value) <= std::numeric_limits<float>::max();
        const bool good = finite & (in.use == nullptr || in.use[x] != 0);
        const float now =
            step.first ? value : mean[x] + RunningMaps::kSmoothing * (value - mean[x]);
        const float top = step.first ? now : std::max(peak[x], now);
        mean[x] = good ? now : mean[x];
        peak[x] = good ? top : peak[x];
        const float noise = in.noise == nullptr ? 0.0F : step.spread * in.noise[x];
        const bool waiting = good & (arrival[x] < 0.0F);
        const bool above = now > std::max(RunningMaps::kArrivalFloor, noise);
        const int count = above ? run[x] + 1 : 0;
        run[x] = static_cast<std::uint8_t>(waiting ? count : run[x]);
        arrival[x] = (waiting & (count >= RunningMaps::kArrivalFrames)) ? step.arrived : arrival[x];
    }
}

}  // namespace

RunningMaps::RunningMaps(Extent extent)
    : mean_(extent, 0.0F), peak_(extent, 0.0F), arrival_(extent, -1.0F), run_(extent, 0) {}

void RunningMaps::follow(FrameIndex frame, ImageView<const float> opacity,
                         ImageView<const float> sigma, ImageView<const std::uint8_t> usable) {
    const int width = mean_.width();
    const Step step{!started_, kArrivalSigmas * std::sqrt(kSmoothing / (2.0F - kSmoothing)),
                    static_cast<float>(frame - kArrivalFrames + 1)};
    parallel_rows(mean_.height(), 32, [&](int from, int to) {
        for (int y = from; y < to; ++y) {
            const float* value = opacity.row(y);
            const float* noise = sigma.empty() ? nullptr : sigma.row(y);
            const std::uint8_t* use = usable.empty() ? nullptr : usable.row(y);
            float* mean = mean_.view().row(y);
            float* peak = peak_.view().row(y);
            float* arrival = arrival_.view().row(y);
            std::uint8_t* run = run_.view().row(y);
            follow_row({value, noise, use}, width, step, {mean, peak, arrival, run});
        }
    });
    started_ = true;
}

PeakGate::Decision PeakGate::judge(bool before_contrast, double artefact_ratio) {
    if (before_contrast) {
        return sound_ + poor_ == 0 ? Decision::follow : Decision::leave_out;
    }
    if (artefact_ratio > kSoundRatio) {
        ++poor_;
        return sound_ == 0 || poor_ > sound_ ? Decision::follow : Decision::leave_out;
    }
    return ++sound_ == 1 ? Decision::start_anew : Decision::follow;
}

}  // namespace dsm
