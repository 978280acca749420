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
#include "dsp/pipeline/mask_library.h"
#include "dsp/pipeline/mask_mixer.h"
#include "dsp/pipeline/pixel_backend.h"
#include "dsp/pipeline/process.h"
#include "dsp/subtraction/blocks.h"
#include "dsp/subtraction/contrast_memory.h"
#include "dsp/subtraction/first_contrast.h"
#include "dsp/subtraction/frame_pool.h"
#include "dsp/subtraction/late_masks.h"
#include "dsp/subtraction/linearise.h"
#include "dsp/subtraction/mask_bank.h"

namespace dsm {

// Not thread-safe; its stages use all cores.
class Chain {
 public:
    static constexpr FrameIndex kNoiseFrames = 6;  // pairs of frames the noise is learnt from

    // `backend` does the pixel stages; none: the processor. `run` outlives the chain; the times of
    // its frames may come to be known as they are processed.
    Chain(const RunInfo& run, const PipelineParams& params,
          std::shared_ptr<PixelBackend> backend = nullptr);
    Chain(RunInfo&&, const PipelineParams&, std::shared_ptr<PixelBackend> = nullptr) = delete;

    // Views in the output are valid until the next call; those of pictures that were left on the
    // graphics card are empty.
    [[nodiscard]] FrameOutput process(FrameIndex frame, ImageView<const std::uint16_t> words);
    // Brings these to memory, of the frame processed last.
    void bring_pictures(FrameOutput& out);
    // Takes what another chain learnt of the same run: masks, noise, first contrast. The bank is
    // then closed: `review` starts its second pass this way.
    void adopt(const Chain& other);
    // Masks from the whole run, for a chain that has adopted another.
    void use(std::shared_ptr<const MaskLibrary> library) { library_ = std::move(library); }

    [[nodiscard]] const MaskBank& bank() const { return bank_; }
    [[nodiscard]] std::vector<FrameIndex> mask_frames() const { return admitted_; }
    // Masks that were chosen and left out, because they hold contrast; and since when it shows.
    [[nodiscard]] const std::vector<FrameIndex>& masks_with_contrast() const {
        return with_contrast_;
    }
    [[nodiscard]] std::optional<FrameIndex> contrast_seen() const { return contrast_seen_; }
    [[nodiscard]] const NoiseModel& noise() const { return noise_; }
    [[nodiscard]] const Lineariser& lineariser() const { return lineariser_; }
    [[nodiscard]] std::optional<FrameIndex> first_contrast() const { return first_contrast_; }
    // Known to hold no contrast: a mask, or a frame before the first that holds some.
    [[nodiscard]] bool before_contrast(FrameIndex frame) const;
    // Nothing more can enter the bank.
    [[nodiscard]] bool bank_closed() const;
    // Nor is more learnt of the noise.
    [[nodiscard]] bool learnt() const;
    // What the library of `review` needs of the frame just processed; nothing where its contrast
    // was not followed.
    [[nodiscard]] std::optional<MaskLibrary::Measured> measured() const;

 private:
    using Prepared = std::shared_ptr<PreparedFrame>;
    static constexpr FrameIndex kMeanFrame = -1;  // no frame of the run
    // A frame's subtraction from masks without contrast, at half resolution.
    struct Subtracted {
        Prepared frame;
        Image<float> opacity, sigma;
    };

    [[nodiscard]] Prepared take_in(FrameIndex frame, ImageView<const std::uint16_t> words);
    void learn_noise(const PreparedFrame& live);
    void remove_drift(PreparedFrame& live);
    void subtract_masks(const PreparedFrame& live, FrameMotion& motion);
    [[nodiscard]] bool subtract_bank(const PreparedFrame& live, RegistrationMethod method,
                                     FrameMotion& motion);
    void add_late_masks(const PreparedFrame& live, FrameMotion& motion);
    void subtract_library(const PreparedFrame& live, FrameMotion& motion);
    void register_masks(const SharedFrames& masks, const PreparedFrame& live,
                        ImageView<const float> put_back, RegistrationMethod method,
                        FrameMotion& motion);
    [[nodiscard]] bool mix_follows(const PreparedFrame& live) const;
    [[nodiscard]] bool library_serves(const PreparedFrame& live) const;
    void weigh(const PreparedFrame& live, std::size_t certain, ImageView<const float> contrast);
    void take_mean(const PreparedFrame& live, FrameMotion& motion);
    void take_mix(const PreparedFrame& live);
    [[nodiscard]] double gain_over_still(const PreparedFrame& live);
    void subtract_half(const PreparedFrame& live);
    [[nodiscard]] bool watching() const;
    [[nodiscard]] bool shows_enough(const PreparedFrame& live) const;
    [[nodiscard]] bool following() const;
    [[nodiscard]] float frame_noise(const PreparedFrame& live);
    [[nodiscard]] double seconds_of(FrameIndex frame) const;
    [[nodiscard]] double seconds_since_followed(FrameIndex frame) const;
    void measure(const PreparedFrame& live, FrameMotion& motion);
    void follow_contrast();
    void keep_candidate();
    void learn_mask();
    void learn_chosen_mask();
    void admit(const Prepared& frame);
    void begin_bank_again();
    void begin_late_masks();
    void find_mean();

    const RunInfo& run_;
    PipelineParams params_;
    std::shared_ptr<PixelBackend> backend_;
    Lineariser lineariser_;
    PixelRect field_;
    std::vector<FrameIndex> wanted_masks_;  // empty: found automatically
    MaskBank bank_;
    std::vector<FrameIndex> admitted_, with_contrast_;
    bool adopted_{false};
    FirstContrast contrast_;
    std::optional<FrameIndex> contrast_seen_;  // where masks were chosen
    std::optional<FrameIndex> first_contrast_;
    NoiseModel noise_;
    FieldMemory fields_;
    FramePool pool_;
    Prepared live_, previous_;
    const PreparedFrame* noise_of_{nullptr};  // the frame whose noise is known
    float noise_of_frame_{0.0F};
    float drift_{0.0F};                  // log exposure of the bank over that of the live frame
    Subtracted spare_candidate_;         // memory of one that has become a mask
    std::deque<Subtracted> candidates_;  // frames that become masks unless contrast shows soon

    MaskMixer mixer_;
    MaskMix half_, full_;
    bool subtracted_{false};  // the live frame from full_, in opacity_ and sigma_
    Prepared mean_;           // of the bank, as it lies; null while that is empty
    Blocks blocks_;
    OffsetSample offset_sample_;
    // What first contrast is looked for in: registered by mesh whatever the output is.
    Blocks watched_;

    LateMasks late_;
    ContrastMemory memory_;
    // Of the live frame at half resolution: its subtraction from the bank, from all masks, and the
    // noise of both; and the contrast it is thought to hold.
    Subtracted certain_;
    Image<float> mixed_, known_;
    Image<std::uint8_t> judged_;  // at half resolution, where still and mix are compared
    bool late_used_{false};
    std::optional<FrameIndex> followed_;  // the frame last taken into the memory

    Image<float> opacity_, sigma_;
    Image<std::uint16_t> unstrayed_;
    FramePartTimes_ms part_ms_{};
    std::shared_ptr<const MaskLibrary> library_;
    PreparedFrame bare_;  // the live frame without its contrast
};

// The first item of the file's mask module that averages masks; none: nullptr.
[[nodiscard]] const MaskSubtraction* averaged_masks(const RunInfo& run);

// The masks to use: those asked for, else the file's mask module, else none (found on the way).
[[nodiscard]] std::vector<FrameIndex> masks_asked_for(const RunInfo& run,
                                                      const PipelineParams& params);

}  // namespace dsm
