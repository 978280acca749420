// The subtraction made easier on the eye; nothing is ever measured in it. First in time: each pixel
// is averaged with those frames around it from which it differs, over a small neighbourhood, by no
// more than noise explains, so that a vein that appears and a rib that slips are not smeared.
// Then in space: see wavelet_shrink.h.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>

#include "dsp/core/image.h"
#include "dsp/core/result.h"
#include "dsp/core/stage.h"
#include "dsp/core/units.h"
#include "dsp/subtraction/wavelet_shrink.h"

namespace dsm {

struct DisplayFilterParams {
    int frames_before{5};
    int frames_after{0};  // the delay, in frames
    ShrinkParams shrink{};
};
// Causal and without delay.
inline constexpr DisplayFilterParams kLiveDisplay{};
// Both sides in time; the better average lets more of fine detail through.
inline constexpr DisplayFilterParams kReviewDisplay{
    .frames_before = 5, .frames_after = 5, .shrink = {.noise_energy = 1.7F, .signal_energy = 3.8F}};

inline constexpr StageInfo kDisplayFilterStage{
    .name = "display filter",
    .purpose = "averages in time and smooths in space, for the eye alone",
    .inputs = {"opacity", "sigma", "usable"},
    .outputs = {"filtered"},
    .halo_px = 28,
    .history_frames = kLiveDisplay.frames_before,
    .parity = {.absolute = 1e-4F}};

struct DisplayInput {
    FrameIndex frame{0};
    bool subtracted{true};  // false: there is no opacity; the frame passes as it is, alone
    ImageView<const float> opacity;
    ImageView<const float> sigma;  // its noise; 0 where unknown
    ImageView<const std::uint8_t> usable;
};

// Memory: 13 bytes a pixel for each frame of the window, and 36 more, whatever the run's length.
// Not thread-safe; runs on all cores.
class DisplayFilter {
 public:
    // Gets each frame once, in order, frames_after later than it came. The view is valid during the
    // call. An error stops the filter and comes back.
    using Sink = std::function<Result<void>(FrameIndex, ImageView<const float> filtered)>;

    DisplayFilter(Extent extent, DisplayFilterParams params);

    // Frames come in order and have the filter's extent. Unusable pixels and values that are not
    // finite have no influence on others; they come out as they went in, or 0 if not finite.
    [[nodiscard]] Result<void> push(const DisplayInput& input, const Sink& sink);
    // The run is over: hands out what is still held.
    [[nodiscard]] Result<void> finish(const Sink& sink);

 private:
    struct Held {
        FrameIndex frame{0};
        bool subtracted{false};
        Image<float> opacity;  // unusable places filled from around
        Image<float> smooth;   // over a neighbourhood, for comparison
        Image<float> sigma;
        Image<std::uint8_t> usable;
    };
    [[nodiscard]] Held take(const DisplayInput& input);
    [[nodiscard]] Result<void> hand_out(std::size_t at, const Sink& sink);
    void average(std::size_t at);
    [[nodiscard]] float inverse_noise_of_difference(const Held& a, const Held& b) const;

    Extent extent_;
    DisplayFilterParams params_;
    std::deque<Held> window_;
    std::size_t next_{0};  // place in the window of the next frame to hand out
    Held spare_;
    Image<float> averaged_, sigma_, rows_, filtered_;
    WaveletShrink shrink_;
};

}  // namespace dsm
