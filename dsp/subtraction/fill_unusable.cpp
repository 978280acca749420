#include "dsp/subtraction/fill_unusable.h"

#include <algorithm>
#include <vector>

#include "dsp/core/block_maps.h"
#include "dsp/core/parallel.h"

namespace dsm {
namespace {

constexpr int kBlock_px = 8;

struct Sums {
    Image<float> value;
    Image<float> count;
};

Sums sums_of_blocks(ImageView<const float> picture, ImageView<const std::uint8_t> usable) {
    const Extent extent = blocks_of(picture.extent(), kBlock_px);
    Sums sums{Image<float>(extent), Image<float>(extent)};
    parallel_rows(extent.height, 4, [&](int first, int last) {
        for (int y = first * kBlock_px; y < std::min(picture.height(), last * kBlock_px); ++y) {
            for (int x = 0; x < picture.width(); ++x) {
                if (usable(x, y) != 0) {
                    sums.value(x / kBlock_px, y / kBlock_px) += picture(x, y);
                    sums.count(x / kBlock_px, y / kBlock_px) += 1.0F;
                }
            }
        }
    });
    return sums;
}

Sums halved(const Sums& fine) {
    const Extent extent{(fine.value.width() + 1) / 2, (fine.value.height() + 1) / 2};
    Sums coarse{Image<float>(extent), Image<float>(extent)};
    for (int y = 0; y < fine.value.height(); ++y) {
        for (int x = 0; x < fine.value.width(); ++x) {
            coarse.value(x / 2, y / 2) += fine.value(x, y);
            coarse.count(x / 2, y / 2) += fine.count(x, y);
        }
    }
    return coarse;
}

// Means; blocks without a usable pixel take that of the block above them in the pyramid.
Image<float> means_of(const Sums& sums) {
    Image<float> means(sums.value.extent());
    const bool smallest = means.width() == 1 && means.height() == 1;
    const Image<float> coarse = smallest ? Image<float>({1, 1}) : means_of(halved(sums));
    for (int y = 0; y < means.height(); ++y) {
        for (int x = 0; x < means.width(); ++x) {
            means(x, y) = sums.count(x, y) > 0.0F
                              ? sums.value(x, y) / sums.count(x, y)
                              : coarse(smallest ? 0 : x / 2, smallest ? 0 : y / 2);
        }
    }
    return means;
}

}  // namespace

void fill_unusable(ImageView<float> picture, ImageView<const std::uint8_t> usable) {
    if (picture.empty()) {
        return;
    }
    const Image<float> means = means_of(sums_of_blocks(picture, usable));
    parallel_rows(picture.height(), 16, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            for (int x = 0; x < picture.width(); ++x) {
                if (usable(x, y) == 0) {
                    picture(x, y) = means(x / kBlock_px, y / kBlock_px);
                }
            }
        }
    });
}

}  // namespace dsm
