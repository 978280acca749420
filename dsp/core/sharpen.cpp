#include "dsp/core/sharpen.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace dsm {

namespace {

constexpr std::array<float, 5> kBinomial{1.0F / 16.0F, 4.0F / 16.0F, 6.0F / 16.0F, 4.0F / 16.0F,
                                         1.0F / 16.0F};
constexpr int kReach = 2;

// Of the values at `at` - 2 to `at` + 2 of `size`, as `value_at` gives them.
template <class ValueAt>
float mean_around(int at, int size, const ValueAt& value_at) {
    const float middle = value_at(at);
    float sum = 0.0F;
    for (int k = -kReach; k <= kReach; ++k) {
        const float value = value_at(std::clamp(at + k, 0, size - 1));
        sum +=
            kBinomial[static_cast<std::size_t>(k + kReach)] * (std::isnan(value) ? middle : value);
    }
    return sum;
}

}  // namespace

Image<float> sharpened(ImageView<const float> values) {
    const int width = values.width();
    const int height = values.height();
    Image<float> along(values.extent());
    for (int y = 0; y < height; ++y) {
        const float* row = values.row(y);
        for (int x = 0; x < width; ++x) {
            along(x, y) = mean_around(x, width, [&](int at) { return row[at]; });
        }
    }
    Image<float> out(values.extent());
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const float mean = mean_around(y, height, [&](int at) { return along(x, at); });
            out(x, y) = values(x, y) + (values(x, y) - mean);
        }
    }
    return out;
}

}  // namespace dsm
