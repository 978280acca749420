// Pictures of one extent that compute shaders read and write texel by texel, never filtered.
#pragma once

#include <cstddef>
#include <cstdint>

#include "dsp/core/image.h"
#include "dsp/gpu/handle.h"

namespace dsm::gpu {

// T: float (r32f in a shader), std::uint8_t (r8ui) or std::uint16_t (r16ui). An image2DArray to
// shaders, with one layer or more.
template <class T>
class PictureStack {
 public:
    // What it held is lost where extent or layers differ.
    void allocate(Extent extent, int layers = 1);
    void upload(ImageView<const T> picture, int layer = 0);
    void fill(T value);
    // From the buffer bound for unpacking; `offset` as in UploadRing. Rows lie end to end.
    void upload_bound(const void* offset, int layer = 0);
    // Waits for the commands that write it.
    void read(ImageView<T> picture, int layer = 0) const;
    // Into the buffer bound for packing, rows end to end; `offset` in bytes.
    void send(std::size_t offset, int layer = 0) const;
    void bind_to_read(unsigned unit) const { bind(unit, GL_READ_ONLY); }
    void bind_to_write(unsigned unit) const { bind(unit, GL_WRITE_ONLY); }
    void bind_to_update(unsigned unit) const { bind(unit, GL_READ_WRITE); }
    [[nodiscard]] Extent extent() const { return extent_; }
    [[nodiscard]] GLuint name() const { return handle_.get(); }

 private:
    void bind(unsigned unit, GLenum access) const;

    TextureHandle handle_;
    Extent extent_{};
    int layers_{0};
};

extern template class PictureStack<float>;
extern template class PictureStack<std::uint8_t>;
extern template class PictureStack<std::uint16_t>;

}  // namespace dsm::gpu
