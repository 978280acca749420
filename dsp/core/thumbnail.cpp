#include "dsp/core/thumbnail.h"

#include <algorithm>
#include <cmath>

#include "dsp/core/display_mapping.h"
#include "dsp/core/robust_range.h"

namespace dsm {

namespace {

// Of the values that lie in the range shown, as for a first window.
constexpr double kLowPart = 0.01;
constexpr double kHighPart = 0.99;

// Where pixel `at` of `small` ones begins among `large` ones.
int edge(int at, int small, int large) {
    return static_cast<int>(static_cast<std::int64_t>(at) * large / small);
}

double mean_of(ImageView<const std::uint16_t> words, int x0, int y0, int x1, int y1) {
    std::uint64_t sum = 0;
    for (int y = y0; y < y1; ++y) {
        for (int x = x0; x < x1; ++x) {
            sum += words(x, y);
        }
    }
    return static_cast<double>(sum) / (static_cast<double>(x1 - x0) * (y1 - y0));
}

}  // namespace

Image<std::uint8_t> thumbnail(ImageView<const std::uint16_t> words, const RunInfo& info,
                              int longest_px) {
    const auto range = robust_range(words, info.shutter, kLowPart, kHighPart);
    if (!range) {
        return {};
    }
    const int longest = std::max(words.width(), words.height());
    const double scale = std::min(1.0, static_cast<double>(std::max(longest_px, 1)) / longest);
    const auto side = [&](int px) {
        return std::clamp(static_cast<int>(std::lround(scale * px)), 1, px);
    };
    Image<std::uint8_t> small(Extent{side(words.width()), side(words.height())});
    const DisplayMapping mapping{
        {0.5 * (range->low + range->high), std::max(range->high - range->low, 1.0)},
        info.monochrome1};
    for (int y = 0; y < small.height(); ++y) {
        const int y0 = edge(y, small.height(), words.height());
        const int y1 = edge(y + 1, small.height(), words.height());
        for (int x = 0; x < small.width(); ++x) {
            const double mean = mean_of(words, edge(x, small.width(), words.width()), y0,
                                        edge(x + 1, small.width(), words.width()), y1);
            small(x, y) = static_cast<std::uint8_t>(shown_as(mean, mapping) & 0xFFU);
        }
    }
    return small;
}

}  // namespace dsm
