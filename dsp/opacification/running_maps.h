// Per-pixel running statistics of a run at full resolution, in fixed memory: peak opacity and the
// frame in which each pixel opacified. They feed the overview picture and the arrival-time map.
#pragma once

#include <cstdint>

#include "dsp/core/image.h"
#include "dsp/core/units.h"

namespace dsm {

// All it knows; the views have its extent.
struct RunningMapsState {
    ImageView<float> mean, peak, arrival;
    ImageView<std::uint8_t> run;
};

// Opacity is smoothed by an exponential mean of weight kSmoothing (two-sided noise bandwidth
// a / (2 - a), so its standard deviation is sigma * sqrt(a / (2 - a))); the peak is the running
// maximum of that mean. A pixel has arrived in the first frame of kArrivalFrames consecutive ones
// in which the mean exceeds kArrivalSigmas of its own standard deviation and kArrivalFloor.
// Not thread-safe; works on all cores inside one call.
class RunningMaps {
 public:
    static constexpr float kSmoothing = 0.4F;
    static constexpr float kArrivalSigmas = 5.0F;
    static constexpr float kArrivalFloor = 0.01F;  // below it a colour would show residue
    static constexpr int kArrivalFrames = 3;

    explicit RunningMaps(Extent extent);

    // All views have the extent given to the constructor; `sigma` may be empty (unknown noise,
    // the floor alone then decides). Pixels with usable 0 keep what they had.
    void follow(FrameIndex frame, ImageView<const float> opacity, ImageView<const float> sigma,
                ImageView<const std::uint8_t> usable);

    // To be filled with what was followed elsewhere: follow() goes on from there.
    [[nodiscard]] RunningMapsState resume() {
        started_ = true;
        return {mean_.view(), peak_.view(), arrival_.view(), run_.view()};
    }

    [[nodiscard]] bool empty() const { return !started_; }
    [[nodiscard]] ImageView<const float> peak() const { return peak_.view(); }
    [[nodiscard]] ImageView<const float> arrival() const { return arrival_.view(); }
    [[nodiscard]] ImageView<const float> smoothed() const { return mean_.view(); }

 private:
    Image<float> mean_;
    Image<float> peak_;
    Image<float> arrival_;     // frame index, -1: never
    Image<std::uint8_t> run_;  // consecutive frames above the arrival threshold
    bool started_{false};
};

// Which frames the maps of a run are made of. Residue of motion in a few poor frames would stay in
// a peak for good, so they are left out once there are better ones; where most frames are poor,
// they are all there is. Frames before contrast hold none. Causal; not thread-safe.
class PeakGate {
 public:
    enum class Decision : std::uint8_t { follow, leave_out, start_anew };
    static constexpr double kSoundRatio = 1.8;  // artefact ratio up to which a frame is not poor

    // `start_anew`: this is the first sound frame; what was followed before is to be dropped.
    [[nodiscard]] Decision judge(bool before_contrast, double artefact_ratio);

 private:
    int sound_{0}, poor_{0};
};

}  // namespace dsm
