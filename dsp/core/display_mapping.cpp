#include "dsp/core/display_mapping.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "dsp/core/viridis.h"

namespace dsm {
namespace {

std::uint32_t grey_of(int level) {
    return static_cast<std::uint32_t>(level) * 0x010101U;
}

std::uint32_t colour_of(double part) {
    const double at = part * (kViridisStops.size() - 1);
    const auto below = std::min(static_cast<std::size_t>(at), kViridisStops.size() - 2);
    const double rest = at - static_cast<double>(below);
    std::uint32_t word = 0;
    for (std::size_t channel = 0; channel < 3; ++channel) {
        const double value =
            (1.0 - rest) * kViridisStops[below][channel] + rest * kViridisStops[below + 1][channel];
        word = (word << 8U) | static_cast<std::uint32_t>(std::lround(value));
    }
    return word;
}

}  // namespace

std::uint32_t shown_as(double value, const DisplayMapping& mapping) {
    if (std::isnan(value)) {
        return grey_of(mapping.in_colours ? kUnknownAmongColours : kUnknownGrey);
    }
    const double low = mapping.window.center - 0.5 * mapping.window.width;
    const double part = std::clamp((value - low) / std::max(mapping.window.width, 1e-9), 0.0, 1.0);
    const double light = mapping.inverted ? 1.0 - part : part;
    return mapping.in_colours
               ? colour_of(light)
               : grey_of(static_cast<int>(std::lround(255.0 * kLightestGrey * light)));
}

}  // namespace dsm
