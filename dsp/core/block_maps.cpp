#include "dsp/core/block_maps.h"

#include <algorithm>

#include "dsp/core/lanes.h"
#include "dsp/core/parallel.h"

namespace dsm {
namespace {

DSM_HOT void add_squares(const float* row, int width, int columns, float* __restrict sums) {
    for (int c = 0; c < columns; ++c) {
        const int first = c * kMapBlock;
        const int last = std::min(width, first + kMapBlock);
        float sum = 0.0F;
        for (int x = first; x < last; ++x) {
            sum += row[x] * row[x];
        }
        sums[c] += sum;
    }
}

// Between two rows of a map and along it.
DSM_HOT void spread(const float* above, const float* below, float part, int columns, int block_px,
                    int width, float* __restrict blocks, float* __restrict pixels) {
    for (int c = 0; c < columns; ++c) {
        blocks[c] = above[c] + part * (below[c] - above[c]);
    }
    const int half = block_px / 2;
    std::fill_n(pixels, std::min(half, width), blocks[0]);
    const float step = 1.0F / static_cast<float>(block_px);
    for (int c = 0; c + 1 < columns; ++c) {
        const float slope = (blocks[c + 1] - blocks[c]) * step;
        float* to = pixels + c * block_px + half;
        for (int i = 0; i < block_px; ++i) {
            to[i] = blocks[c] + (static_cast<float>(i) + 0.5F) * slope;
        }
    }
    const int end = std::min(width, (columns - 1) * block_px + half);
    std::fill(pixels + end, pixels + width, blocks[columns - 1]);
}

}  // namespace

void to_means(float* sums, int width, int rows, int columns) {
    for (int c = 0; c < columns; ++c) {
        const int columns_of_block = std::min(width, (c + 1) * kMapBlock) - c * kMapBlock;
        sums[c] /= static_cast<float>(columns_of_block * rows);
    }
}

void block_means_of_squares(ImageView<const float> picture, Image<float>& map) {
    const Extent blocks = blocks_of(picture.extent());
    map.resize(blocks);
    parallel_rows(blocks.height, 2, [&](int first, int last) {
        for (int row = first; row < last; ++row) {
            float* sums = map.view().row(row);
            std::fill_n(sums, blocks.width, 0.0F);
            const Stretch rows = rows_of_block(row, picture.height());
            for (int y = rows.first; y < rows.last; ++y) {
                add_squares(picture.row(y), picture.width(), blocks.width, sums);
            }
            to_means(sums, picture.width(), rows.last - rows.first, blocks.width);
        }
    });
}

void box_mean(ImageView<const float> map, int side, Image<float>& mean) {
    const int reach = side / 2;
    const Extent extent = map.extent();
    mean.resize(extent);
    std::vector<float> down(static_cast<std::size_t>(extent.width));
    for (int y = 0; y < extent.height; ++y) {
        const int above = std::max(0, y - reach);
        const int below = std::min(extent.height - 1, y + reach);
        std::fill(down.begin(), down.end(), 0.0F);
        for (int row = above; row <= below; ++row) {
            const float* from = map.row(row);
            for (std::size_t x = 0; x < down.size(); ++x) {
                down[x] += from[x];
            }
        }
        float* to = mean.view().row(y);
        for (int x = 0; x < extent.width; ++x) {
            const int left = std::max(0, x - reach);
            const int right = std::min(extent.width - 1, x + reach);
            float sum = 0.0F;
            for (int i = left; i <= right; ++i) {
                sum += down[static_cast<std::size_t>(i)];
            }
            to[x] = sum / static_cast<float>((right - left + 1) * (below - above + 1));
        }
    }
}

double mean_of(const Image<float>& map) {
    double sum = 0.0;
    for (const float value : map.pixels()) {
        sum += static_cast<double>(value);
    }
    return sum / static_cast<double>(map.extent().pixels());
}

MapRow::MapRow(int width, int block_px) : width_(width), block_px_(block_px) {
    const int columns = (width + block_px - 1) / block_px;
    blocks_.resize(static_cast<std::size_t>(columns));
    // The last block may reach beyond the picture.
    pixels_.resize(static_cast<std::size_t>(columns * block_px));
}

const float* MapRow::at(ImageView<const float> map, int y) {
    const float at =
        std::clamp((static_cast<float>(y) + 0.5F) / static_cast<float>(block_px_) - 0.5F, 0.0F,
                   static_cast<float>(map.height() - 1));
    const int above = static_cast<int>(at);
    const int below = std::min(above + 1, map.height() - 1);
    spread(map.row(above), map.row(below), at - static_cast<float>(above), map.width(), block_px_,
           width_, blocks_.data(), pixels_.data());
    return pixels_.data();
}

}  // namespace dsm
