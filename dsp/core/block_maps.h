// Maps by blocks of 8 x 8 pixels, for what varies slowly over a picture: means of squares, weights.
// The last blocks of a row or column may be smaller. Values lie at the centres of blocks; between
// them maps are bilinear, beyond them constant.
#pragma once

#include <vector>

#include "dsp/core/image.h"

namespace dsm {

inline constexpr int kMapBlock = 8;

[[nodiscard]] inline Extent blocks_of(Extent picture, int block_px = kMapBlock) {
    return {(picture.width + block_px - 1) / block_px, (picture.height + block_px - 1) / block_px};
}

struct Stretch {
    int first, last;  // last excluded
};
[[nodiscard]] inline Stretch rows_of_block(int row, int height) {
    return {row * kMapBlock, std::min(height, (row + 1) * kMapBlock)};
}

// Sums over blocks of one row of them, `rows` pixels high, to means.
void to_means(float* sums, int width, int rows, int columns);

// Both thread-safe; the first runs on all cores.
void block_means_of_squares(ImageView<const float> picture, Image<float>& map);
// Mean over `side` x `side` blocks (odd) around each, fewer at the border.
void box_mean(ImageView<const float> map, int side, Image<float>& mean);

[[nodiscard]] double mean_of(const Image<float>& map);

// A map along one row of pixels.
class MapRow {
 public:
    explicit MapRow(int width, int block_px = kMapBlock);
    // Valid until the next call.
    [[nodiscard]] const float* at(ImageView<const float> map, int y);

 private:
    int width_, block_px_;
    std::vector<float> blocks_, pixels_;
};

}  // namespace dsm
