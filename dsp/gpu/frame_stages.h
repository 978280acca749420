// The stages that look at every pixel of a frame, as compute shaders: stored words to log
// intensity; registration's work on pixels; masks warped, mixed and subtracted; sums of the
// subtracted frame; running maps of the opacity; line filters. Pictures stay on the card until they
// are asked for. Same results as the CPU's to rounding: log intensity to the bit,
// displacements within 1e-3 px, opacity within 1e-4, noise within 1e-3 of itself (tests/parity).
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "dsp/core/gpu_use.h"
#include "dsp/core/image.h"
#include "dsp/core/noise.h"
#include "dsp/core/result.h"
#include "dsp/core/run_info.h"
#include "dsp/core/units.h"
#include "dsp/gpu/frame_sums_shader.h"
#include "dsp/gpu/picture_stack.h"
#include "dsp/motion/displacement.h"
#include "dsp/motion/level_pixels.h"
#include "dsp/opacification/line_filter.h"
#include "dsp/opacification/running_maps.h"
#include "dsp/subtraction/ground.h"
#include "dsp/subtraction/linearise.h"
#include "dsp/subtraction/mask_weights.h"

namespace dsm::gpu {

// A mask that was put into a layer, and how it takes part in the mix.
struct LayerInMix {
    int layer{0};
    const Displacement* field{nullptr};
    ImageView<const float> weight;  // by blocks, all masks alike; see dsp/core/block_maps.h
};

struct MixAndSubtract {
    std::span<const LayerInMix> masks;  // 1 to kMostMasks
    int block_px{8};
    Ground ground;      // taken off the mix
    float drift{0.0F};  // added to the frame linearised last
    const NoiseModel* noise{nullptr};
};

// All of the extent of the frame.
struct Subtracted {
    ImageView<float> mix;            // log intensity, ground taken off
    ImageView<std::uint8_t> usable;  // as WeightedSum::usable
    ImageView<float> opacity, sigma;
};

// Of half that extent, rounded down; as MaskMixer::mix_half(), shares within 5e-4 of themselves.
struct MixedHalf {
    ImageView<float> mix, share;
    ImageView<std::uint8_t> usable;
};

// Needs a context that is current, on one thread. Calls with outputs return when these are in
// memory, unless they say otherwise.
class FrameStages {
 public:
    static constexpr int kLayers = 12;

    // `field` is where the detector was exposed: outside it no pixel is usable.
    [[nodiscard]] static Result<FrameStages> create(const std::filesystem::path& shaders,
                                                    const RunInfo& run, PixelRect field);
    ~FrameStages();
    FrameStages(FrameStages&&) noexcept;
    FrameStages& operator=(FrameStages&&) noexcept;
    FrameStages(const FrameStages&) = delete;
    FrameStages& operator=(const FrameStages&) = delete;

    // Errors, here and below: what the driver says went wrong; outputs are then undefined.
    [[nodiscard]] Result<void> linearise(ImageView<const std::uint16_t> words);
    // What that became. Waits for it.
    [[nodiscard]] Result<void> read_linearised(ImageView<float> log_intensity,
                                               ImageView<std::uint8_t> usable);
    void put_mask(int layer, ImageView<const float> log_intensity,
                  ImageView<const std::uint8_t> usable);

    // What masks are registered to from now on: the frame linearised last, to which `drift` is
    // added, and `added` at half resolution (empty: nothing).
    void begin_registration(float drift, ImageView<const float> added);
    // The first level of the pyramid of the mask in that layer.
    void put_mask_half(int layer, const Pyramid::Level& half);
    // For a Registrar, and that mask; valid until the next call. What went wrong is told by
    // check_driver().
    [[nodiscard]] LevelPixels& against(int layer);

    // As MaskWeights::weigh(). Waits for it.
    [[nodiscard]] Result<void> weigh(const WeighInput& input, std::vector<Image<float>>& maps);
    // Of the masks' halves and the frame that registration was begun with.
    [[nodiscard]] Result<void> mix_half(std::span<const LayerInMix> masks, int block_px,
                                        const MixedHalf& to);
    // Of the frame that was linearised last. Does not wait.
    [[nodiscard]] Result<void> mix_subtract(const MixAndSubtract& work);
    // Pictures of the frame that was subtracted last. Waits for them.
    [[nodiscard]] Result<void> read_subtracted(const Subtracted& to);
    // What is summed of them. Waits for it.
    [[nodiscard]] Result<void> sum_subtracted(const SumsAsked& asked, SubtractedSums& out);
    // Its mask on the coarse grid. Waits for it.
    [[nodiscard]] Result<void> bin_mask(WorkFrame& out);

    // Of the frame subtracted, or put, last, where it lies: for display without a way through the
    // computer's memory. One layer.
    [[nodiscard]] const PictureStack<float>& opacity() const;

    // Opacity, noise and usable pixels that were computed elsewhere, for the maps.
    void put_subtracted(ImageView<const float> opacity, ImageView<const float> sigma,
                        ImageView<const std::uint8_t> usable);
    // Of the frame that was subtracted, or put, last; see RunningMaps::follow.
    [[nodiscard]] Result<void> follow_maps(FrameIndex frame);
    // Forgets the maps so far.
    [[nodiscard]] Result<void> begin_maps();
    // The maps as they are now are on their way back; receive_maps() waits for them.
    [[nodiscard]] Result<void> send_maps();
    [[nodiscard]] Result<void> receive_maps(const RunningMapsState& to);

    // As line_response(). Waits for it.
    [[nodiscard]] Result<void> respond_to_lines(ImageView<const float> image,
                                                const LineScale& scale, LineResponse& out);

    // What the stages were asked for since the last linearise() began, that one included.
    // Waits for the stages.
    [[nodiscard]] GpuUses uses();

 private:
    struct Parts;
    struct State;
    explicit FrameStages(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace dsm::gpu
