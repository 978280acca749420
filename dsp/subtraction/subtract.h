// Opacity: natural-log attenuation added since the mask, ln(mask / live), and its noise.
#pragma once

#include <cstdint>
#include <optional>

#include "dsp/core/image.h"
#include "dsp/core/noise.h"
#include "dsp/core/stage.h"

namespace dsm {

inline constexpr StageInfo kSubtractStage{.name = "subtract",
                                          .purpose = "registered mask minus live, in logarithms",
                                          .inputs = {"log_intensity", "mask_registered"},
                                          .outputs = {"opacity", "sigma"},
                                          .shader = "stages/mix_subtract.comp",
                                          .parity = {.absolute = 1e-4F}};

struct SubtractInput {
    ImageView<const float> live;  // log intensity
    ImageView<const float> mask;  // log intensity, registered
    // Variance of the mask over that of one frame: 1 for a single mask, 1/n for a mean of n.
    ImageView<const float> mask_variance_share;
};

// opacity = mask - live; sigma^2 = (1 + share) var(ln I) at the mask's intensity.
// All images have one extent. Thread-safe; runs on all cores.
void subtract(const SubtractInput& input, const NoiseModel& noise, ImageView<float> opacity,
              ImageView<float> sigma);

// The opacity alone.
void subtract(ImageView<const float> live, ImageView<const float> mask, ImageView<float> opacity);

// Root mean square of the subtraction away from contrast over the noise expected there. Contrast
// makes opacity positive, so the negative side alone is counted: it is the mirror image of what
// noise and motion do above zero. Nothing where fewer than 256 pixels can be judged.
[[nodiscard]] std::optional<double> artefact_ratio(ImageView<const float> opacity,
                                                   ImageView<const float> sigma,
                                                   ImageView<const std::uint8_t> usable);

// The same of the picture and of its worst patch: a streak that the whole picture hides.
struct Artefact {
    double ratio{0.0};
    std::optional<double> worst_ratio;  // of patches of kPatch_px squared with enough to judge
};
inline constexpr int kPatch_px = 64;
// Over the pixels of a patch that are usable and have negative opacity.
struct PatchSums {
    double square{0.0};    // of opacity
    double variance{0.0};  // of its noise
    double count{0.0};
};
[[nodiscard]] Extent patches_of(Extent picture);
// From sums made elsewhere.
[[nodiscard]] std::optional<Artefact> artefact_of(ImageView<const PatchSums> patches);
[[nodiscard]] std::optional<Artefact> find_artefact(ImageView<const float> opacity,
                                                    ImageView<const float> sigma,
                                                    ImageView<const std::uint8_t> usable);

}  // namespace dsm
