#include "dsp/evaluation/match.h"

#include "dsp/motion/warp.h"
#include "dsp/subtraction/exposure.h"

namespace dsm::evaluation {
namespace {

constexpr int kBlock_px = 8;

Image<float> block_means(ImageView<const float> image) {
    Image<float> means({image.width() / kBlock_px, image.height() / kBlock_px});
    for (int row = 0; row < means.height(); ++row) {
        for (int column = 0; column < means.width(); ++column) {
            float sum = 0.0F;
            for (int y = row * kBlock_px; y < (row + 1) * kBlock_px; ++y) {
                for (int x = column * kBlock_px; x < (column + 1) * kBlock_px; ++x) {
                    sum += image(x, y);
                }
            }
            means(column, row) = sum / static_cast<float>(kBlock_px * kBlock_px);
        }
    }
    return means;
}

}  // namespace

Image<float> registered(const Match& match, const std::vector<ImageView<const float>>& masks) {
    const Extent extent = masks.front().extent();
    Image<float> chosen(extent);
    if (match.mask_of.empty()) {
        copy_pixels(masks[match.mask], chosen.view());
    } else {
        for (int y = 0; y < extent.height; ++y) {
            for (int x = 0; x < extent.width; ++x) {
                chosen(x, y) = masks[match.mask_of(x, y)](x, y);
            }
        }
    }
    if (!match.field) {
        return chosen;
    }
    Image<float> warped(extent);
    warp(chosen.view(), *match.field, warped.view());
    return warped;
}

float background_offset(ImageView<const float> mask_registered, ImageView<const float> live) {
    const Image<float> mask_means = block_means(mask_registered);
    const Image<float> live_means = block_means(live);
    const Image<std::uint8_t> usable(mask_means.extent(), 1);
    return exposure_offset(mask_means.view(), live_means.view(), usable.view());
}

}  // namespace dsm::evaluation
