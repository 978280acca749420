#include "dsp/opacification/arrival_picture.h"

#include <limits>

namespace dsm {

Image<float> arrival_for_display(ImageView<const float> arrival_frame,
                                 std::span<const double> frame_time_s) {
    Image<float> shown(arrival_frame.extent());
    for (int y = 0; y < arrival_frame.extent().height; ++y) {
        const auto from = arrival_frame.row_span(y);
        const auto to = shown.view().row_span(y);
        for (std::size_t x = 0; x < from.size(); ++x) {
            if (!(from[x] >= 0.0F)) {
                to[x] = std::numeric_limits<float>::quiet_NaN();
                continue;
            }
            const auto frame = static_cast<std::size_t>(from[x]);
            to[x] = frame < frame_time_s.size() ? static_cast<float>(frame_time_s[frame])
                                                : from[x] + 1.0F;
        }
    }
    return shown;
}

}  // namespace dsm
