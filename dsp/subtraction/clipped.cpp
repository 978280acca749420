#include "dsp/subtraction/clipped.h"

#include <algorithm>
#include <vector>

#include "dsp/core/lanes.h"
#include "dsp/core/parallel.h"

namespace dsm {
namespace {

constexpr int kReach = kClippedWindow_px / 2;

// Words between these are measurements.
struct Scale {
    std::uint16_t lowest, highest;
};

DSM_HOT bool any_clipped(const std::uint16_t* words, int width, const Scale& scale) {
    unsigned clipped = 0;
    for (int x = 0; x < width; ++x) {
        clipped |= words[x] <= scale.lowest || words[x] >= scale.highest ? 1U : 0U;
    }
    return clipped != 0;
}

DSM_HOT void count_row(const std::uint16_t* words, int width, const Scale& scale,
                       std::uint8_t* __restrict counts) {
    for (int x = 0; x < width; ++x) {
        const bool measured = words[x] > scale.lowest && words[x] < scale.highest;
        counts[x] = static_cast<std::uint8_t>(counts[x] + (measured ? 1 : 0));
    }
}

// `columns` has kReach values more at each end.
DSM_HOT void sum_across(const std::uint8_t* columns, int width, std::uint8_t* __restrict sums) {
    for (int x = 0; x < width; ++x) {
        unsigned sum = 0;
        for (int i = 0; i < kClippedWindow_px; ++i) {
            sum += columns[x + i];
        }
        sums[x] = static_cast<std::uint8_t>(sum);
    }
}

// Measurements in the window around each pixel of row `y`; beyond the border the edge repeats.
void count_around(ImageView<const std::uint16_t> words, int y, const Scale& scale,
                  std::vector<std::uint8_t>& columns, std::uint8_t* sums) {
    const int width = words.width();
    std::uint8_t* middle = columns.data() + kReach;
    std::fill_n(middle, width, std::uint8_t{0});
    for (int dy = -kReach; dy <= kReach; ++dy) {
        count_row(words.row(std::clamp(y + dy, 0, words.height() - 1)), width, scale, middle);
    }
    std::fill_n(columns.data(), kReach, middle[0]);
    std::fill_n(middle + width, kReach, middle[width - 1]);
    sum_across(columns.data(), width, sums);
}

}  // namespace

ImageView<const std::uint16_t> without_stray(ImageView<const std::uint16_t> words,
                                             const Lineariser& lineariser,
                                             Image<std::uint16_t>& copy) {
    const Scale scale{lineariser.lowest(), lineariser.highest()};
    bool whole = true;
    for (int y = 0; y < words.height() && whole; ++y) {
        whole = !any_clipped(words.row(y), words.width(), scale);
    }
    if (whole || words.empty()) {
        return words;
    }
    constexpr int kHalf = kClippedWindow_px * kClippedWindow_px / 2;
    copy.resize(words.extent());
    parallel_rows(words.height(), 32, [&](int first, int last) {
        const auto width = static_cast<std::size_t>(std::max(1, words.width()));
        std::vector<std::uint8_t> columns(width + 2 * kReach);
        std::vector<std::uint8_t> sums(width);
        for (int y = first; y < last; ++y) {
            count_around(words, y, scale, columns, sums.data());
            const std::uint16_t* from = words.row(y);
            std::uint16_t* to = copy.view().row(y);
            for (std::size_t x = 0; x < width; ++x) {
                to[x] = sums[x] > kHalf ? from[x] : lineariser.clipped_like(from[x]);
            }
        }
    });
    return copy.view();
}

}  // namespace dsm
