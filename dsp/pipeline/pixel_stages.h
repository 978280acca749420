// What the chain does with every pixel of a frame, on the processor or on the graphics card. All
// else (solving for displacements, contrast memory, findings) is the processor's.
#pragma once

#include <cstdint>
#include <memory>

#include "dsp/core/gpu_use.h"
#include "dsp/core/image.h"
#include "dsp/core/noise.h"
#include "dsp/core/result.h"
#include "dsp/core/run_info.h"
#include "dsp/core/stage_times.h"
#include "dsp/gpu/subtracted_sums.h"
#include "dsp/motion/register.h"
#include "dsp/opacification/line_filter.h"
#include "dsp/opacification/running_maps.h"
#include "dsp/pipeline/mask_mixer.h"
#include "dsp/subtraction/linearise.h"

namespace dsm {

struct RegisterWork {
    const PreparedFrame* live{nullptr};  // the frame linearised last, or that without its contrast
    float drift{0.0F};                   // that was added to it since
    ImageView<const float> contrast;     // that was put back, at half resolution; empty: none
    std::shared_ptr<const PreparedFrame> mask;
    Extent extent{};
    RegistrationParams params;
};

struct MixWork {
    const MaskMixer* mixer{nullptr};  // weighed
    const PreparedFrame* live{nullptr};
    float drift{0.0F};  // that was added to `live` since it was linearised
    const NoiseModel* noise{nullptr};
    FramePartTimes_ms* part_ms{nullptr};
    // What will be asked for of a frame whose pictures stay on the card: opacity at half
    // resolution; what findings are made from.
    bool half_opacity{false};
    bool findings{true};
};

struct MixResult {
    MaskMix& mix;  // ground taken off; `share` may be left as it was
    ImageView<float> opacity, sigma;
};

// As RunningMaps::follow takes it.
struct MapsFrame {
    FrameIndex frame{0};
    ImageView<const float> opacity, sigma;
    ImageView<const std::uint8_t> usable;
};

// Not thread-safe; used on the thread that made it. After an error the outputs are undefined, and
// the object is of no more use.
class PixelStages {
 public:
    PixelStages() = default;
    virtual ~PixelStages() = default;
    PixelStages(const PixelStages&) = delete;
    PixelStages& operator=(const PixelStages&) = delete;
    PixelStages(PixelStages&&) = delete;
    PixelStages& operator=(PixelStages&&) = delete;

    // Fills log_intensity and usable of `live`, which have the extent of `words`; on the graphics
    // card there alone, since a table is sooner looked up twice than a picture brought back.
    [[nodiscard]] virtual Result<void> linearise(ImageView<const std::uint16_t> words,
                                                 PreparedFrame& live) = 0;
    // As Registrar::estimate().
    [[nodiscard]] virtual Result<Registration> register_mask(const RegisterWork& work) = 0;
    // As MaskWeights::weigh().
    [[nodiscard]] virtual Result<void> weigh(const WeighInput& input, MaskWeights& weights) = 0;
    // As MaskMixer::mix_half(), of masks that register_mask() has been given for this frame.
    [[nodiscard]] virtual Result<void> mix_half(const MaskMixer& mixer, MaskMix& to) = 0;
    // Of the frame linearised last. On the graphics card the pictures stay there; of them come
    // `sums`, which the processor leaves alone, and what is asked for by the two calls after this.
    [[nodiscard]] virtual Result<void> mix_subtract(const MixWork& work, const MixResult& to,
                                                    gpu::SubtractedSums& sums) = 0;
    [[nodiscard]] virtual Result<void> bring_pictures(const MixResult&) { return {}; }
    [[nodiscard]] virtual Result<void> bin_mask(WorkFrame&) { return {}; }
    // Opacification followed by one frame more: on the processor in `maps`; on the graphics card
    // there, until settle_maps() brings `maps` up to where it was at begin_settling(), which does
    // not wait.
    [[nodiscard]] virtual Result<void> follow_maps(const MapsFrame& frame, RunningMaps& maps) = 0;
    [[nodiscard]] virtual Result<void> begin_settling() = 0;
    [[nodiscard]] virtual Result<void> settle_maps(RunningMaps& maps) = 0;
    // Forgets what was followed, where that is kept here.
    [[nodiscard]] virtual Result<void> begin_maps() = 0;
    // As line_response().
    [[nodiscard]] virtual Result<void> respond_to_lines(ImageView<const float> image,
                                                        const LineScale& scale,
                                                        LineResponse& out) = 0;
    // Since the last linearise() began.
    [[nodiscard]] virtual GpuUses uses() { return {}; }
};

// The part of the detector that was exposed.
[[nodiscard]] PixelRect exposed_field(const RunInfo& run);

[[nodiscard]] std::unique_ptr<PixelStages> make_cpu_stages(const RunInfo& run);

struct GpuStages {
    std::unique_ptr<PixelStages> stages;
    std::string device;  // as the driver names it
    bool software{false};
};
// Errors: no driver, or one whose results are not the processor's (tried on a small picture).
[[nodiscard]] Result<GpuStages> make_gpu_stages(const RunInfo& run);

}  // namespace dsm
