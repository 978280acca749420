// Registration's work on pixels on the graphics card: pyramids of the frame and of masks stay
// there, and of each step of the fit only the sums over cells come back, for the solver of
// dsp/motion.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "dsp/core/gpu_use.h"
#include "dsp/core/image.h"
#include "dsp/core/result.h"
#include "dsp/gpu/buffer.h"
#include "dsp/gpu/picture_stack.h"
#include "dsp/gpu/program.h"
#include "dsp/motion/level_pixels.h"

namespace dsm::gpu {

// Needs the context it was made in to be current. Results are those of PyramidPixels but for
// rounding, unless check_driver() says otherwise afterwards.
class RegistrationPixels : public LevelPixels {
 public:
    // Of frames of `extent`, and of so many masks. Errors name a shader.
    [[nodiscard]] static Result<std::unique_ptr<RegistrationPixels>> load(
        const std::filesystem::path& shaders, Extent extent, int masks);

    // Pyramid of a frame, to which `drift` is then added, and `added` at half resolution (empty:
    // nothing).
    void put_live(const PictureStack<float>& log_intensity,
                  const PictureStack<std::uint8_t>& usable, float drift,
                  ImageView<const float> added);
    // Pyramid of a mask, from its first level; there is one.
    void put_mask(int layer, const Pyramid::Level& half);
    // The mask that is laid on the frame from now on.
    void compare(int layer) { layer_ = layer; }

    // The first level, where it lies: there has to be one.
    struct Half {
        const PictureStack<float>& masks;
        const PictureStack<std::uint8_t>& masks_usable;
        const PictureStack<std::uint8_t>& live_usable;
        int pixel_px;
    };
    [[nodiscard]] Half half() const;

    [[nodiscard]] std::size_t levels() const override { return levels_.size(); }
    [[nodiscard]] Shape shape(std::size_t level) const override;
    [[nodiscard]] std::size_t usable(std::size_t level) override;
    void lay(std::size_t level, const Displacement& field) override;
    [[nodiscard]] double misfit(float noise) override;
    [[nodiscard]] float scale(float least) override;
    [[nodiscard]] Judged judge(float least) override;
    [[nodiscard]] float accumulate(float least, ImageView<const float> offset,
                                   CellSums& cells) override;

    // Since last asked: of pyramids, and of all else.
    struct Uses {
        GpuUse pyramids, registration;
    };
    [[nodiscard]] Uses take_uses();

 private:
    struct Level {
        Shape shape;
        PictureStack<float> live, masks, registered, in_both;
        PictureStack<std::uint8_t> live_usable, masks_usable;
    };
    struct Sum {
        double cost{0.0};
        double pixels{0.0};
    };
    struct Programs {
        Program halve, add, warp, scale, misfit, cells;
    };

    RegistrationPixels(Programs programs, Extent extent, int masks);
    void halve(const PictureStack<float>& finer, const PictureStack<std::uint8_t>& finer_usable,
               const PictureStack<float>& coarser, const PictureStack<std::uint8_t>& coarser_usable,
               int layer);
    void dispatch_scale(float least);
    [[nodiscard]] std::size_t dispatch_misfit(const Level& level, float inverse);
    [[nodiscard]] Sum sum_misfit(std::size_t words);
    void begin();
    void read_sums(std::size_t count);

    Programs programs_;
    std::vector<Level> levels_;
    PictureStack<float> added_;
    StorageBuffer fields_, offsets_, sums_;
    std::vector<float> values_;
    float drift_{0.0F};
    int layer_{0};
    Level* laid_{nullptr};
    // Around the commands since the last results came back; open from the first of them on.
    TimestampPair timer_, pyramid_timer_;
    bool timing_{false};
    Uses uses_;
};

}  // namespace dsm::gpu
