#include "dsp/core/robust_range.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace dsm {

namespace {

constexpr int kStep = 4;

PixelRect clipped(const std::optional<PixelRect>& within, Extent extent) {
    const PixelRect asked = within.value_or(PixelRect{0, 0, extent.width, extent.height});
    const int x = std::clamp(asked.x, 0, extent.width);
    const int y = std::clamp(asked.y, 0, extent.height);
    return {x, y, std::clamp(asked.width, 0, extent.width - x),
            std::clamp(asked.height, 0, extent.height - y)};
}

double quantile(std::vector<double>& values, double part) {
    const auto last = static_cast<double>(values.size() - 1);
    const auto at = static_cast<std::ptrdiff_t>(std::lround(std::clamp(part, 0.0, 1.0) * last));
    std::nth_element(values.begin(), values.begin() + at, values.end());
    return values[static_cast<std::size_t>(at)];
}

template <class T>
std::optional<ValueRange> range_of(ImageView<const T> picture,
                                   const std::optional<PixelRect>& within, double low,
                                   double high) {
    const auto area = clipped(within, picture.extent());
    std::vector<double> values;
    for (int y = area.y; y < area.y + area.height; y += kStep) {
        for (int x = area.x; x < area.x + area.width; x += kStep) {
            const auto value = static_cast<double>(picture(x, y));
            if (!std::isnan(value)) {
                values.push_back(value);
            }
        }
    }
    if (values.empty()) {
        return std::nullopt;
    }
    const double lower = quantile(values, low);
    return ValueRange{lower, quantile(values, high)};
}

}  // namespace

std::optional<ValueRange> robust_range(ImageView<const std::uint16_t> picture,
                                       const std::optional<PixelRect>& within, double low,
                                       double high) {
    return range_of(picture, within, low, high);
}

std::optional<ValueRange> robust_range(ImageView<const float> picture,
                                       const std::optional<PixelRect>& within, double low,
                                       double high) {
    return range_of(picture, within, low, high);
}

}  // namespace dsm
