#include "dsp/subtraction/blocks.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "dsp/core/lanes.h"
#include "dsp/core/parallel.h"

namespace dsm {
namespace {

static_assert(kBlock_px == kLanes, "a row of a block is worked on at once");

struct BlockSums {
    float difference{0.0F}, live{0.0F}, count{0.0F};
};

// A whole block whose top left pixel the pointers show.
DSM_INLINE void sum_block(const float* mask, const float* live, const std::uint8_t* usable,
                          std::ptrdiff_t mask_stride, std::ptrdiff_t live_stride,
                          std::ptrdiff_t usable_stride, BlockSums& sums) {
    Lanes difference{};
    Lanes level{};
    Lanes count{};
    for (int y = 0; y < kBlock_px; ++y) {
        float good[kLanes];
        for (int i = 0; i < kLanes; ++i) {
            good[i] = static_cast<float>(usable[i]);
        }
        Lanes m;
        Lanes l;
        Lanes weight;
        load(mask, m);
        load(live, l);
        load(good, weight);
        difference += weight * (m - l);
        level += weight * l;
        count += weight;
        mask += mask_stride;
        live += live_stride;
        usable += usable_stride;
    }
    sums = {sum_of(difference), sum_of(level), sum_of(count)};
}

DSM_HOT void sum_row_of_blocks(ImageView<const float> mask, ImageView<const float> live,
                               ImageView<const std::uint8_t> usable, int y, int columns,
                               BlockSums* sums) {
    for (int column = 0; column < columns; ++column) {
        const int x = column * kBlock_px;
        sum_block(mask.row(y) + x, live.row(y) + x, usable.row(y) + x, mask.stride(), live.stride(),
                  usable.stride(), sums[column]);
    }
}

// The one block of a picture smaller than a block.
BlockSums sum_small(ImageView<const float> mask, ImageView<const float> live,
                    ImageView<const std::uint8_t> usable, int column, int row) {
    BlockSums sums;
    for (int y = row * kBlock_px; y < std::min(live.height(), (row + 1) * kBlock_px); ++y) {
        for (int x = column * kBlock_px; x < std::min(live.width(), (column + 1) * kBlock_px);
             ++x) {
            if (usable(x, y) != 0) {
                sums.difference += mask(x, y) - live(x, y);
                sums.live += live(x, y);
                sums.count += 1.0F;
            }
        }
    }
    return sums;
}

}  // namespace

void block_means(ImageView<const float> mask, ImageView<const float> live,
                 ImageView<const std::uint8_t> usable, Blocks& blocks) {
    const Extent extent = whole_blocks(live.extent());
    blocks.difference.resize(extent);
    blocks.live.resize(extent);
    blocks.usable.resize(extent);
    const bool whole = live.width() >= kBlock_px && live.height() >= kBlock_px;
    parallel_rows(extent.height, 4, [&](int first, int last) {
        std::vector<BlockSums> sums(static_cast<std::size_t>(extent.width));
        for (int row = first; row < last; ++row) {
            if (whole) {
                sum_row_of_blocks(mask, live, usable, row * kBlock_px, extent.width, sums.data());
            } else {
                for (int column = 0; column < extent.width; ++column) {
                    sums[static_cast<std::size_t>(column)] =
                        sum_small(mask, live, usable, column, row);
                }
            }
            for (int column = 0; column < extent.width; ++column) {
                const BlockSums& sum = sums[static_cast<std::size_t>(column)];
                const float share = sum.count > 0.0F ? 1.0F / sum.count : 0.0F;
                blocks.difference(column, row) = share * sum.difference;
                blocks.live(column, row) = share * sum.live;
                blocks.usable(column, row) =
                    2.0F * sum.count > static_cast<float>(kBlock_px * kBlock_px) ? 1 : 0;
            }
        }
    });
}

}  // namespace dsm
