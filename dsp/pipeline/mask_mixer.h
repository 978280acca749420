// The masks of one frame, registered, weighed and mixed. What to do is decided at a quarter of the
// resolution; a full-resolution mask is resampled only where it has a weight.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "dsp/core/image.h"
#include "dsp/core/noise.h"
#include "dsp/motion/displacement.h"
#include "dsp/motion/warp.h"
#include "dsp/subtraction/blocks.h"
#include "dsp/subtraction/ground.h"
#include "dsp/subtraction/mask_bank.h"
#include "dsp/subtraction/mask_weights.h"

namespace dsm {

struct Weighing {
    std::size_t certain{0};                // the first so many masks hold no contrast
    ImageView<const float> contrast_half;  // thought to be in the live frame, at half resolution
    const NoiseModel* noise{nullptr};
    float unknown_noise{0.01F};
    bool convex{false};  // see WeighInput
};

// A mix of masks: log intensity, the variance of the mix over that of one frame, and where it can
// be relied on.
struct MaskMix {
    Image<float> mask, share;
    Image<std::uint8_t> usable;

    void resize(Extent extent);
};

// Not thread-safe (it keeps its working memory); runs on all cores.
class MaskMixer {
 public:
    // Frames need that much for a mix.
    static constexpr std::size_t kLevels = 2;

    // Forgets the masks of the frame before. `live` must outlive the mixing; it has kLevels levels.
    void begin(const PreparedFrame& live);
    void add(std::shared_ptr<const PreparedFrame> mask, Displacement field);
    [[nodiscard]] std::size_t count() const { return count_; }

    // Who finds the weights: fills the maps of the second; none: the processor.
    using Weigher = std::function<void(const WeighInput&, MaskWeights&)>;
    void weigh_by(Weigher weigher) { weigher_ = std::move(weigher); }

    // Weighs all masks added so far.
    void weigh(const Weighing& weighing);
    // Mix less live frame by blocks; ground() is taken off.
    [[nodiscard]] const Blocks& blocks() const { return blocks_; }
    [[nodiscard]] const Ground& ground() const { return ground_; }

    // What is mixed, and how: valid until the next begin(), add() or weigh().
    struct Part {
        std::shared_ptr<const PreparedFrame> mask;
        const Displacement* field{nullptr};
        ImageView<const float> weight;  // by blocks of kWeightBlock_px
    };
    [[nodiscard]] std::vector<Part> parts() const;

    // The mix at half and at full resolution, ground not taken off.
    void mix_half(MaskMix& to) const;
    void mix_full(MaskMix& to) const;

 private:
    struct Registered {
        std::shared_ptr<const PreparedFrame> mask;
        Displacement field;
        Image<float> quarter, usable, blocks;
    };
    // A frame at one resolution.
    struct Sheet {
        ImageView<const float> value;
        ImageView<const std::uint8_t> usable;
        int pixel_px{1};
    };
    void mix(Sheet (*sheet_of)(const PreparedFrame&), MaskMix& mix) const;
    void find_blocks();

    const PreparedFrame* live_{nullptr};
    std::vector<Registered> masks_;
    std::size_t count_{0};
    std::size_t weighed_{0};  // of those, since begin()
    Weigher weigher_;
    MaskWeights weights_;
    Image<float> contrast_, live_blocks_;
    Blocks blocks_;
    Ground ground_;
    OffsetSample offset_sample_;
};

}  // namespace dsm
