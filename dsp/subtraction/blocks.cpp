#include "dsp/subtraction/blocks.h"

#include <algorithm>

#include "dsp/core/parallel.h"

namespace dsm {

void block_means(ImageView<const float> mask, ImageView<const float> live,
                 ImageView<const std::uint8_t> usable, Blocks& blocks) {
    const Extent extent{std::max(1, live.width() / kBlock_px),
                        std::max(1, live.height() / kBlock_px)};
    blocks.difference.resize(extent);
    blocks.live.resize(extent);
    blocks.usable.resize(extent);
    parallel_rows(extent.height, 4, [&](int first, int last) {
        for (int row = first; row < last; ++row) {
            const int bottom = std::min(live.height(), (row + 1) * kBlock_px);
            for (int column = 0; column < extent.width; ++column) {
                const int right = std::min(live.width(), (column + 1) * kBlock_px);
                float difference = 0.0F;
                float level = 0.0F;
                int count = 0;
                for (int y = row * kBlock_px; y < bottom; ++y) {
                    for (int x = column * kBlock_px; x < right; ++x) {
                        if (usable(x, y) != 0) {
                            difference += mask(x, y) - live(x, y);
                            level += live(x, y);
                            ++count;
                        }
                    }
                }
                const float share = count > 0 ? 1.0F / static_cast<float>(count) : 0.0F;
                blocks.difference(column, row) = share * difference;
                blocks.live(column, row) = share * level;
                blocks.usable(column, row) = 2 * count > kBlock_px * kBlock_px ? 1 : 0;
            }
        }
    });
}

}  // namespace dsm
