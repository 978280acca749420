// What each neighbourhood of the picture says about its displacement: the normal equations of a
// weighted least-squares fit (Lucas and Kanade, IJCAI 1981) of du, dv and a local offset c,
//     r + gx du + gy dv + c = 0,   r = mask_registered - live,   g = its gradient.
//
// Contrast lowers the live frame alone, so it makes r large and positive: Tukey's biweight with a
// tighter limit on that side, and the local offset, keep it from pulling the fit. Noise in the
// gradient passes for structure; its expected share is taken off the diagonal.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "dsp/core/image.h"

namespace dsm {

// Sums over a cell, one plane each, with weights w: w gx gx, w gx gy, w gy gy, w gx, w gy,
// w r gx, w r gy, w r, w.
struct CellSums {
    enum Plane { xx, xy, yy, x, y, rx, ry, r, w, kPlanes };
    std::array<Image<float>, kPlanes> plane;

    void resize(Extent nodes);
};

// The same with the local offset eliminated, in units of the residual's variance: information
// about (du, dv) in 1/px^2 of full resolution, and the step it asks for.
struct Evidence {
    Image<float> xx, xy, yy;
    Image<float> bx, by;

    void resize(Extent nodes);
    [[nodiscard]] Extent nodes() const { return xx.extent(); }
};

struct CellInput {
    ImageView<const float> mask_registered;
    ImageView<const float> live;
    ImageView<const float> usable;  // 1 or 0
    ImageView<const float> offset;  // per control point, from the last iteration
    float noise{0.01F};  // standard deviation of r expected from quanta, at this resolution
    float scale{0.01F};  // of r as found, not smaller than `noise`
};

// Where the weights of residuals of `scale` end, as 1 / limit^2.
struct TukeyLimits {
    float contrast;  // for positive residuals
    float other;
};
[[nodiscard]] TukeyLimits tukey_limits(float scale);

inline constexpr int kCell = 8;  // pixels of the level between control points

// One cell per control point, of kCell x kCell pixels around it. `cells` has the grid's extent.
void accumulate_cells(const CellInput& input, CellSums& cells);

// Cells summed over 3 x 3 neighbours (1/2 1 1/2 each way; 1/4 1 1/4 where pixels are of 2 px),
// local offset eliminated. `pixel_px` is the size of the level's pixels. `offset` receives the
// local offset for the next iteration.
void weigh_evidence(const CellSums& cells, const CellInput& input, int pixel_px, Evidence& evidence,
                    ImageView<float> offset);

// 1.4826 times the median absolute residual over a sample of usable pixels: about 1000 for weights,
// with the memory kept in `sample`, and about 4000.
[[nodiscard]] float residual_scale(ImageView<const float> mask_registered,
                                   ImageView<const float> live, ImageView<const float> usable,
                                   std::vector<float>& sample);
[[nodiscard]] float residual_scale(ImageView<const float> mask_registered,
                                   ImageView<const float> live,
                                   ImageView<const std::uint8_t> usable);
// Pixels between the samples of the first, each way; the first lies half as far in.
[[nodiscard]] int sample_stride(Extent extent);

}  // namespace dsm
