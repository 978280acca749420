// Slow shading: what a frame has gained or lost against its mask smoothly over the picture.
//
// A jerk of a few millimetres moves anatomy against fixed filters and collimators, scatter follows
// the anatomy, and automatic exposure follows both. In log intensity that is a smooth field of 1 to
// 3 %; here a polynomial of second order over the picture (six coefficients), fitted to block means
// of mask - live by iterated least squares under Tukey weights whose limit falls from 6 % to 2.5
// standard deviations of a block; until then the positive limit is half of the negative one, since
// contrast is positive only.
//
// The prior is that there is none. Contrast can darken, never brighten: a field is taken off only
// where at least three of 4 x 4 tiles of the picture have a median below zero by more than 0.2 %
// and one standard deviation of a block, and where the field takes away three quarters of the
// squares of negative medians. Contrast alone, whatever its shape, leaves the negative side to
// noise as long as the offset was found rightly (exposure.h), and is then left exactly as it is. So
// is a static scene. Where there is shading and contrast at once, soft contrast over a third of the
// picture keeps 0.97 of itself, contrast with borders more.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "dsp/core/image.h"
#include "dsp/core/stage.h"
#include "dsp/subtraction/blocks.h"

namespace dsm {

inline constexpr StageInfo kShadingStage{.name = "shading",
                                         .purpose = "smooth gain of the frame against its mask",
                                         .inputs = {"blocks"},
                                         .outputs = {"shading"},
                                         .parity = {.absolute = 1e-5F}};

// c0 + c1 u + c2 v + c3 u^2 + c4 u v + c5 v^2; u and v run from -1 to 1 across the picture.
struct Shading {
    std::array<float, 6> c{};

    [[nodiscard]] float at(float u, float v) const {
        return c[0] + u * (c[1] + c[3] * u + c[4] * v) + v * (c[2] + c[5] * v);
    }
};

// From blocks whose offset has been taken off; nothing where there is no shading beyond noise.
// `values` is memory to work in, kept between calls.
[[nodiscard]] std::optional<Shading> find_shading(const Blocks& blocks, std::vector<float>& values);

// Takes the field off `image`, a picture of any size.
void remove_shading(const Shading& shading, ImageView<float> image);

}  // namespace dsm
