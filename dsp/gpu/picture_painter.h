// Values shown in grey or colours, in a shader: what dsp/core/display_mapping.h says, and where in
// the target each pixel of the picture lies.
#pragma once

#include <filesystem>
#include <optional>

#include "dsp/core/display_mapping.h"
#include "dsp/core/image.h"
#include "dsp/core/result.h"
#include "dsp/core/units.h"
#include "dsp/gpu/program.h"
#include "dsp/gpu/texture.h"

namespace dsm::gpu {

// A picture, how it is shown, and the stored frame that lies under it.
struct Painting {
    const Texture* values{nullptr};
    // Values are texels times `scale` plus `offset`.
    float scale{1.0F};
    float offset{0.0F};
    DisplayMapping mapping;
    // Image coordinates of the target's top left corner, and by how much a target pixel rightwards
    // and one downwards moves in the image.
    Point at_corner{-0.5, -0.5}, right{1.0, 0.0}, down{0.0, 1.0};

    std::optional<PixelRect> shutter;  // what lies outside it is left out; nothing: all is shown

    const Texture* anatomy{nullptr};  // null: none; of the extent of `values`
    float anatomy_scale{1.0F};
    DisplayMapping anatomy_mapping;  // in greys
    double anatomy_part{0.0};        // 0 the picture alone, 1 the anatomy alone
};

class PicturePainter {
 public:
    // Errors name the shader's file.
    [[nodiscard]] static Result<PicturePainter> load(const std::filesystem::path& shaders);
    // Fills the target that is bound, of that extent in pixels. Between pixels of the picture, its
    // values are interpolated; beyond it the target is nearly black.
    void paint(const Painting& painting, Extent target) const;

 private:
    explicit PicturePainter(Program program) : program_(std::move(program)) {}

    Program program_;
};

}  // namespace dsm::gpu
