// One image on the GPU. Samples outside the picture repeat its edge; filtering is linear.
#pragma once

#include <cstdint>

#include "dsp/core/image.h"
#include "dsp/gpu/handle.h"
#include "dsp/gpu/picture_stack.h"

namespace dsm::gpu {

class Texture {
 public:
    // 16-bit words as they are (R16: a shader reads word / 65535).
    void upload(ImageView<const std::uint16_t> words);
    // Floats as they are (R32F).
    void upload(ImageView<const float> values);
    // A layer of a stack as it lies there: nothing is copied, and what shaders write to it later is
    // seen. Until the stack is allocated anew.
    void look_at(const PictureStack<float>& stack, int layer = 0);
    // Grey from 0 to 255: whoever samples it sees that in red, green and blue, opaque.
    void upload(ImageView<const std::uint8_t> greys);
    // An RGBA8 picture to draw into; its content is undefined.
    void allocate_rgba(Extent extent);

    void bind(unsigned unit) const;
    [[nodiscard]] Extent extent() const { return extent_; }
    [[nodiscard]] GLuint name() const { return handle_.get(); }
    [[nodiscard]] bool empty() const { return !handle_; }

 private:
    void prepare(Extent extent, GLenum internal_format, GLenum format, GLenum type);
    void set_sampling() const;

    TextureHandle handle_;
    Extent extent_{};
    GLenum internal_format_{0};
    bool is_view_{false};  // of a stack's storage, which is not to be written to here
};

}  // namespace dsm::gpu
