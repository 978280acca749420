// The mask-free view: how much each pixel varies over the run beyond what quanta explain (after
// digital variance angiography: Szigeti et al., "Kinetic imaging", Br J Radiol 2019). It needs no
// mask and no registration; whatever moves varies too.
#pragma once

#include <cstdint>

#include "dsp/core/image.h"
#include "dsp/core/noise.h"
#include "dsp/core/stage.h"

namespace dsm {

inline constexpr StageInfo kTemporalVarianceStage{
    .name = "temporal variance",
    .purpose = "variance of each pixel over time, for the view without a mask",
    .inputs = {"log_intensity", "usable"},
    .outputs = {"variance"},
    .parity = {.absolute = 1e-6F, .relative = 1e-4F}};

// Running statistics (Welford, Technometrics 1962) in 12 bytes a pixel, however long the run: after
// frame k they know frames 0 to k alone. Not thread-safe; runs on all cores.
class TemporalVariance {
 public:
    explicit TemporalVariance(Extent extent);

    // A global change of exposure against the mean so far is taken out first.
    void add(ImageView<const float> log_intensity, ImageView<const std::uint8_t> usable);
    [[nodiscard]] int frames() const { return frames_; }

    // Unbiased variance of ln I over time less that of the quanta at the pixel's mean: 0 on average
    // where nothing happens, and of either sign there. 0 where fewer than half of the frames, or
    // fewer than two, are usable. With an unknown noise model nothing is taken off.
    [[nodiscard]] Image<float> excess(const NoiseModel& noise) const;

 private:
    Image<float> mean_, squares_, count_;
    int frames_{0};
};

// Standard deviation of log intensity for the eye, in units of opacity: the root of the excess
// averaged over some 3 px, 0 where that is negative.
[[nodiscard]] Image<float> deviation_for_display(ImageView<const float> excess);

}  // namespace dsm
