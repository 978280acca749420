#include "dsp/motion/level_pixels.h"

#include <algorithm>

#include "dsp/motion/misfit.h"
#include "dsp/motion/warp.h"

namespace dsm {

LevelPixels::Judged LevelPixels::judge(float least) {
    const float found = scale(least);
    return {found, misfit(found)};
}

void CoarseByProcessor::lay(std::size_t level, const Displacement& field) {
    laid_ = level < first_coarse_ ? &fine_ : &coarse_;
    laid_->lay(level, field);
}

void PyramidPixels::compare(const Pyramid& live, const Pyramid& mask) {
    live_ = &live;
    mask_ = &mask;
    laid_ = nullptr;
}

LevelPixels::Shape PyramidPixels::shape(std::size_t level) const {
    return {live_->levels[level].value.extent(), live_->levels[level].pixel_px};
}

std::size_t PyramidPixels::usable(std::size_t level) {
    return count_usable(live_->levels[level].usable.view());
}

void PyramidPixels::lay(std::size_t level, const Displacement& field) {
    laid_ = &live_->levels[level];
    const Pyramid::Level& mask = mask_->levels[level];
    warped_.resize(laid_->value.extent());
    covered_.resize(laid_->value.extent());
    warp_level({mask.value.view(), mask.usable.view(), laid_->usable.view(), warped_.view(),
                covered_.view()},
               field, laid_->pixel_px);
}

double PyramidPixels::misfit(float noise) {
    return robust_misfit(warped_.view(), laid_->value.view(), laid_->usable.view(), noise);
}

float PyramidPixels::scale(float least) {
    return std::max(least,
                    residual_scale(warped_.view(), laid_->value.view(), covered_.view(), sample_));
}

float PyramidPixels::accumulate(float least, ImageView<const float> offset, CellSums& cells) {
    CellInput input;
    input.mask_registered = warped_.view();
    input.live = laid_->value.view();
    input.usable = covered_.view();
    input.offset = offset;
    input.scale = scale(least);
    accumulate_cells(input, cells);
    return input.scale;
}

}  // namespace dsm
