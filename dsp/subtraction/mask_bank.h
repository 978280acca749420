// Frames that hold no contrast, kept as masks over the breathing cycle.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "dsp/core/image.h"
#include "dsp/core/stage.h"
#include "dsp/core/units.h"
#include "dsp/motion/pyramid.h"

namespace dsm {

inline constexpr StageInfo kMaskBankStage{.name = "mask_bank",
                                          .purpose = "pre-contrast frames nearest in phase",
                                          .inputs = {"live_pyramid"},
                                          .outputs = {"masks"}};

// A linearised frame with what registration needs of it.
struct PreparedFrame {
    FrameIndex frame{0};
    Image<float> log_intensity;  // exposure drift removed
    Image<std::uint8_t> usable;
    Pyramid pyramid;
    Image<float> detail;  // quarter resolution, local mean removed: what phases are told apart by

    // To log intensity, in the picture and its pyramid.
    void add(float log_exposure);
};

// Fills pyramid and detail from log_intensity and usable.
void prepare(PreparedFrame& frame);

// What `frame` would be without `contrast`, which is given at half resolution: the pyramid and
// detail alone, for registration; or all of it, as a mask.
void prepare_bare(const PreparedFrame& frame, ImageView<const float> contrast, PreparedFrame& bare);
void prepare_mask(const PreparedFrame& frame, ImageView<const float> contrast, PreparedFrame& mask);

// Mean bounded absolute difference of detail; contrast, being bounded, does not decide it.
[[nodiscard]] double phase_distance(const PreparedFrame& a, const PreparedFrame& b);

using SharedFrames = std::vector<std::shared_ptr<const PreparedFrame>>;

// Nearest in phase first; at most `count`. A frame is never its own mask.
[[nodiscard]] SharedFrames nearest_in_phase(const SharedFrames& masks, const PreparedFrame& live,
                                            std::size_t count);

// Not thread-safe.
class MaskBank {
 public:
    explicit MaskBank(std::size_t capacity) : capacity_(capacity) {}

    // Beyond the capacity the mask that another resembles most makes room, so that the bank keeps
    // spanning the cycle.
    void admit(std::shared_ptr<const PreparedFrame> frame);
    [[nodiscard]] std::size_t capacity() const { return capacity_; }
    [[nodiscard]] bool empty() const { return masks_.empty(); }
    [[nodiscard]] const SharedFrames& masks() const { return masks_; }
    [[nodiscard]] std::vector<FrameIndex> frames() const;
    [[nodiscard]] SharedFrames nearest(const PreparedFrame& live, std::size_t count) const {
        return nearest_in_phase(masks_, live, count);
    }

 private:
    std::size_t capacity_;
    SharedFrames masks_;
};

}  // namespace dsm
