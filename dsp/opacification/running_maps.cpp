#include "dsp/opacification/running_maps.h"

#include <algorithm>
#include <cmath>

#include "dsp/core/parallel.h"

namespace dsm {

RunningMaps::RunningMaps(Extent extent)
    : mean_(extent, 0.0F), peak_(extent, 0.0F), arrival_(extent, -1.0F), run_(extent, 0) {}

void RunningMaps::follow(FrameIndex frame, ImageView<const float> opacity,
                         ImageView<const float> sigma, ImageView<const std::uint8_t> usable) {
    const int width = mean_.width();
    const bool first = !started_;
    const float spread = kArrivalSigmas * std::sqrt(kSmoothing / (2.0F - kSmoothing));
    parallel_rows(mean_.height(), 32, [&](int from, int to) {
        for (int y = from; y < to; ++y) {
            const float* value = opacity.row(y);
            const float* noise = sigma.empty() ? nullptr : sigma.row(y);
            const std::uint8_t* use = usable.empty() ? nullptr : usable.row(y);
            float* mean = mean_.view().row(y);
            float* peak = peak_.view().row(y);
            float* arrival = arrival_.view().row(y);
            std::uint8_t* run = run_.view().row(y);
            for (int x = 0; x < width; ++x) {
                if ((use != nullptr && use[x] == 0) || !std::isfinite(value[x])) {
                    continue;
                }
                mean[x] = first ? value[x] : mean[x] + kSmoothing * (value[x] - mean[x]);
                peak[x] = first ? mean[x] : std::max(peak[x], mean[x]);
                const float limit =
                    std::max(kArrivalFloor, noise != nullptr ? spread * noise[x] : 0.0F);
                if (arrival[x] >= 0.0F) {
                    continue;
                }
                run[x] = mean[x] > limit ? static_cast<std::uint8_t>(run[x] + 1) : std::uint8_t{0};
                if (run[x] >= kArrivalFrames) {
                    arrival[x] = static_cast<float>(frame - kArrivalFrames + 1);
                }
            }
        }
    });
    started_ = true;
}

}  // namespace dsm
