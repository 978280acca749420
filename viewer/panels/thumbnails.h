// The small pictures of lists, on the graphics card.
#pragma once

#include <imgui.h>

#include <cstdint>
#include <map>
#include <memory>

#include "dsp/core/image.h"
#include "dsp/gpu/texture.h"

namespace dsm::viewer {

// By the window's thread alone.
class Thumbnails {
 public:
    using Picture = std::shared_ptr<const Image<std::uint8_t>>;
    // Draws it as large as fits into the square of that side at `low`, in its middle; without a
    // picture, the square alone.
    void draw(ImDrawList& list, const Picture& picture, ImVec2 low, float side);

 private:
    struct Shown {
        Picture picture;
        gpu::Texture texture;
    };
    [[nodiscard]] const gpu::Texture& texture_of(const Picture& picture);
    void forget_those_let_go();

    std::map<const Image<std::uint8_t>*, Shown> shown_;
};

}  // namespace dsm::viewer
