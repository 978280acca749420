// What registration asks of every pixel of a frame and of a mask, level by level of their pyramids:
// on the processor here, on the graphics card in dsp/gpu. All else it does on control points.
#pragma once

#include <cstddef>
#include <vector>

#include "dsp/core/image.h"
#include "dsp/motion/displacement.h"
#include "dsp/motion/normal_cells.h"
#include "dsp/motion/pyramid.h"

namespace dsm {

// Not thread-safe.
class LevelPixels {
 public:
    struct Shape {
        Extent extent{};
        int pixel_px{2};
    };

    LevelPixels() = default;
    virtual ~LevelPixels() = default;
    LevelPixels(const LevelPixels&) = delete;
    LevelPixels& operator=(const LevelPixels&) = delete;
    LevelPixels(LevelPixels&&) = delete;
    LevelPixels& operator=(LevelPixels&&) = delete;

    // As in Pyramid; the same for frame and mask.
    [[nodiscard]] virtual std::size_t levels() const = 0;
    [[nodiscard]] virtual Shape shape(std::size_t level) const = 0;
    // Pixels of the frame that are usable.
    [[nodiscard]] virtual std::size_t usable(std::size_t level) = 0;

    // Shows the mask through a field, as warp_level(); what follows is of that picture.
    virtual void lay(std::size_t level, const Displacement& field) = 0;
    // As robust_misfit(), over the frame's usable pixels.
    [[nodiscard]] virtual double misfit(float noise) = 0;
    // As residual_scale() over what is usable in both, not below `least`.
    [[nodiscard]] virtual float scale(float least) = 0;
    // As accumulate_cells() with the residuals' scale, which is returned and likewise not below
    // `least`. `offset` and `cells` have the extent of the field laid last.
    [[nodiscard]] virtual float accumulate(float least, ImageView<const float> offset,
                                           CellSums& cells) = 0;
};

// On the processor, on all cores.
class PyramidPixels : public LevelPixels {
 public:
    // Both outlive the use, and have as many levels.
    void compare(const Pyramid& live, const Pyramid& mask);

    [[nodiscard]] std::size_t levels() const override { return live_->levels.size(); }
    [[nodiscard]] Shape shape(std::size_t level) const override;
    [[nodiscard]] std::size_t usable(std::size_t level) override;
    void lay(std::size_t level, const Displacement& field) override;
    [[nodiscard]] double misfit(float noise) override;
    [[nodiscard]] float scale(float least) override;
    [[nodiscard]] float accumulate(float least, ImageView<const float> offset,
                                   CellSums& cells) override;

 private:
    const Pyramid* live_{nullptr};
    const Pyramid* mask_{nullptr};
    const Pyramid::Level* laid_{nullptr};  // of the frame
    Image<float> warped_, covered_;
    std::vector<float> sample_;
};

}  // namespace dsm
