// Exposure drift: automatic exposure control and pulse-to-pulse changes add one number to the log
// intensity of a whole frame. It is found where there is no contrast: Tukey's biweight location of
// mask - live, limit 3 standard deviations, both started from the shortest interval that holds 40 %
// of the values (Rousseeuw and Leroy 1987: the shorth, here less than a half). Contrast widens no
// limit and has no weight there: slow contrast over a third of the picture keeps its opacity.
#pragma once

#include <cstdint>
#include <vector>

#include "dsp/core/image.h"
#include "dsp/core/stage.h"

namespace dsm {

inline constexpr StageInfo kExposureStage{.name = "exposure",
                                          .purpose = "gain of the frame against its mask",
                                          .inputs = {"log_intensity", "mask_registered"},
                                          .outputs = {"offset"},
                                          .parity = {.absolute = 1e-5F}};

// What to subtract from `mask` so that its background equals that of `live`; 0 without a usable
// pixel. All images have one extent; means over 8 x 8 px or so are the best input, because their
// noise is small against contrast.
[[nodiscard]] float exposure_offset(ImageView<const float> mask, ImageView<const float> live,
                                    ImageView<const std::uint8_t> usable);

// The same with memory that is kept between calls, and of a difference that is there already.
struct OffsetSample {
    std::vector<float> values;
    std::vector<std::uint32_t> keys, spare;
};
[[nodiscard]] float exposure_offset(ImageView<const float> mask, ImageView<const float> live,
                                    ImageView<const std::uint8_t> usable, OffsetSample& sample);
[[nodiscard]] float offset_of(ImageView<const float> difference,
                              ImageView<const std::uint8_t> usable, OffsetSample& sample);

}  // namespace dsm
