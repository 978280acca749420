// The measuring half of the chain, one frame after the other: linearise, noise, masks, register,
// subtract. Causal: what a frame becomes depends on it, on earlier frames, and on the bank the
// chain was started with.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "dsp/core/image.h"
#include "dsp/core/noise.h"
#include "dsp/motion/field_memory.h"
#include "dsp/motion/register.h"
#include "dsp/pipeline/process.h"
#include "dsp/subtraction/blocks.h"
#include "dsp/subtraction/first_contrast.h"
#include "dsp/subtraction/frame_pool.h"
#include "dsp/subtraction/late_masks.h"
#include "dsp/subtraction/linearise.h"
#include "dsp/subtraction/mask_bank.h"

namespace dsm {

class MaskLibrary;

// Not thread-safe; its stages use all cores.
class Chain {
 public:
    static constexpr FrameIndex kNoiseFrames = 6;  // pairs of frames the noise is learnt from

    Chain(const RunInfo& run, const PipelineParams& params);

    // Views in the output are valid until the next call.
    [[nodiscard]] FrameOutput process(FrameIndex frame, ImageView<const std::uint16_t> words);
    // Takes what another chain learnt of the same run: masks, noise, first contrast. The bank is
    // then closed: `review` starts its second pass this way.
    void adopt(const Chain& other);
    // Subtracts from masks of before contrast alone, as the first pass of `review` does.
    void leave_late_masks() { late_wanted_ = false; }
    // Masks from the whole run, for a chain that has adopted another.
    void use(std::shared_ptr<const MaskLibrary> library);

    [[nodiscard]] const MaskBank& bank() const { return bank_; }
    [[nodiscard]] std::vector<FrameIndex> mask_frames() const { return admitted_; }
    [[nodiscard]] const NoiseModel& noise() const { return noise_; }
    [[nodiscard]] const Lineariser& lineariser() const { return lineariser_; }
    [[nodiscard]] std::optional<FrameIndex> first_contrast() const { return first_contrast_; }
    // Known to hold no contrast: a mask, or a frame before the first that holds some.
    [[nodiscard]] bool before_contrast(FrameIndex frame) const;
    // Nothing more can enter the bank.
    [[nodiscard]] bool bank_closed() const;
    // Nor is more learnt of the noise.
    [[nodiscard]] bool learnt() const;

 private:
    using Prepared = std::shared_ptr<PreparedFrame>;

    [[nodiscard]] Prepared take_in(FrameIndex frame, ImageView<const std::uint16_t> words);
    void learn_noise(const PreparedFrame& live);
    void remove_drift(PreparedFrame& live) const;
    void subtract_masks(const PreparedFrame& live, FrameMotion& motion);
    // Registers `masks` into registered_ from place `first` on; the first of all leads `motion`.
    void register_masks(const SharedFrames& masks, const PreparedFrame& live, std::size_t first,
                        RegistrationMethod method, FrameMotion& motion);
    void mix_registered(std::size_t count, const PreparedFrame& live);
    [[nodiscard]] double gain_over_still(const PreparedFrame& live);
    bool better_than_still(const PreparedFrame& live, RegistrationMethod method,
                           FrameMotion& motion);
    [[nodiscard]] bool watching() const;
    void remove_offset(const PreparedFrame& live);
    void add_late_masks(const PreparedFrame& live, FrameMotion& motion);
    void take_mean(const PreparedFrame& live, FrameMotion& motion);
    [[nodiscard]] float frame_noise(const PreparedFrame& live) const;
    // Of the mix of masks against `live` at half resolution.
    [[nodiscard]] double misfit_of_mix(const PreparedFrame& live);
    void subtract_library(const PreparedFrame& live, FrameMotion& motion);
    void mix_library(const PreparedFrame& live, FrameMotion& motion);
    void measure(const PreparedFrame& live, FrameMotion& motion);
    void learn_mask(const Prepared& live);
    void admit(const Prepared& frame);
    void halve_mean();

    PipelineParams params_;
    Lineariser lineariser_;
    PixelRect field_;
    std::vector<FrameIndex> wanted_masks_;  // empty: found automatically
    MaskBank bank_;
    LateMasks late_;
    std::vector<FrameIndex> admitted_;
    bool adopted_{false};
    bool late_wanted_{true};
    FirstContrast contrast_;
    std::optional<FrameIndex> first_contrast_;
    NoiseModel noise_;
    Registrar registrar_;
    FieldMemory fields_;
    Pyramid mean_half_, mix_half_;
    FramePool pool_;
    Prepared live_, previous_;
    std::deque<Prepared> candidates_;  // frames that become masks unless contrast shows soon
    Image<float> mean_mask_, mask_registered_, share_, opacity_, sigma_;
    Image<std::uint8_t> usable_;
    Blocks blocks_;
    // What first contrast is looked for in: registered by mesh whatever the output is.
    Blocks watched_;
    std::vector<Image<float>> registered_;
    std::shared_ptr<const MaskLibrary> library_;
    PreparedFrame bare_;  // the live frame without its contrast
    Image<float> other_mask_, other_share_;
    Image<std::uint8_t> other_usable_;
};

// The first item of the file's mask module that averages masks; none: nullptr.
[[nodiscard]] const MaskSubtraction* averaged_masks(const RunInfo& run);

// The masks to use: those asked for, else the file's mask module, else none (found on the way).
[[nodiscard]] std::vector<FrameIndex> masks_asked_for(const RunInfo& run,
                                                      const PipelineParams& params);

}  // namespace dsm
