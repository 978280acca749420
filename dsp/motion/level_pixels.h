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
    // Both: the scale, and the misfit in units of it.
    struct Judged {
        float scale{0.0F};
        double misfit{0.0};
    };
    [[nodiscard]] virtual Judged judge(float least);
    // As accumulate_cells() with the residuals' scale, which is returned and likewise not below
    // `least`. `offset` and `cells` have the extent of the field laid last.
    [[nodiscard]] virtual float accumulate(float least, ImageView<const float> offset,
                                           CellSums& cells) = 0;
};

// Fine levels elsewhere, those from `first_coarse` on by the processor, which has done with them
// sooner than it could ask for them.
class CoarseByProcessor : public LevelPixels {
 public:
    // Both are of one pair of pyramids, and outlive the use.
    CoarseByProcessor(LevelPixels& fine, LevelPixels& coarse, std::size_t first_coarse)
        : fine_(fine), coarse_(coarse), first_coarse_(first_coarse), laid_(&coarse) {}

    [[nodiscard]] std::size_t levels() const override { return coarse_.levels(); }
    [[nodiscard]] Shape shape(std::size_t level) const override { return coarse_.shape(level); }
    [[nodiscard]] std::size_t usable(std::size_t level) override { return coarse_.usable(level); }
    void lay(std::size_t level, const Displacement& field) override;
    [[nodiscard]] double misfit(float noise) override { return laid_->misfit(noise); }
    [[nodiscard]] float scale(float least) override { return laid_->scale(least); }
    [[nodiscard]] Judged judge(float least) override { return laid_->judge(least); }
    [[nodiscard]] float accumulate(float least, ImageView<const float> offset,
                                   CellSums& cells) override {
        return laid_->accumulate(least, offset, cells);
    }

 private:
    LevelPixels& fine_;
    LevelPixels& coarse_;
    std::size_t first_coarse_;
    LevelPixels* laid_;
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
