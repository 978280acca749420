#include "dsp/motion/warp.h"

#include <algorithm>

#include "dsp/core/block_maps.h"
#include "dsp/core/parallel.h"
#include "dsp/motion/warp_rows.h"

namespace dsm {
namespace {

constexpr int kBand = 16;

}  // namespace

void warp(ImageView<const float> mask, const Displacement& displacement,
          ImageView<float> registered) {
    if (displacement.is_zero()) {
        copy_pixels(mask, registered);
        return;
    }
    const FieldView field{displacement.dx_px.view(), displacement.dy_px.view(),
                          displacement.spacing_px};
    parallel_rows(mask.height(), kBand, [&](int first, int last) {
        warp_rows(field, {mask, registered}, first, last);
    });
}

void keep_covered(const Displacement& displacement, ImageView<const std::uint8_t> mask_usable,
                  ImageView<std::uint8_t> usable) {
    const FieldView field{displacement.dx_px.view(), displacement.dy_px.view(),
                          displacement.spacing_px};
    parallel_rows(usable.height(), kBand, [&](int first, int last) {
        cover_rows(field, {mask_usable, usable, usable}, first, last);
    });
}

void warp_level(const LevelWarp& level, const Displacement& displacement, int pixel_px) {
    const FieldView field{displacement.dx_px.view(), displacement.dy_px.view(),
                          std::max(1, displacement.spacing_px / pixel_px),
                          1.0F / static_cast<float>(pixel_px)};
    parallel_rows(level.mask.height(), kBand, [&](int first, int last) {
        warp_and_cover_rows(field, {level.mask, level.registered},
                            {level.mask_usable, level.live_usable, level.weight}, first, last);
    });
}

void warp_weighted(const std::vector<WeightedMask>& masks, int pixel_px, int block_px,
                   const WeightedSum& to) {
    const int width = to.sum.width();
    parallel_rows(to.sum.height(), kBand, [&](int first, int last) {
        MapRow weights(width, std::max(1, block_px / pixel_px));
        for (int y = first; y < last; ++y) {
            std::fill_n(to.sum.row(y), width, 0.0F);
            std::fill_n(to.squares.row(y), width, 0.0F);
        }
        for (const WeightedMask& mask : masks) {
            const FieldView field{mask.field->dx_px.view(), mask.field->dy_px.view(),
                                  std::max(1, mask.field->spacing_px / pixel_px),
                                  1.0F / static_cast<float>(pixel_px)};
            for (int y = first; y < last; ++y) {
                add_warped_row(field,
                               {mask.mask, mask.usable, weights.at(mask.weight, y), to.sum.row(y),
                                to.squares.row(y), to.usable},
                               y);
            }
        }
    });
}

}  // namespace dsm
