#include "dsp/gpu/picture_stack.h"

#include <cassert>
#include <type_traits>

namespace dsm::gpu {
namespace {

struct Format {
    GLenum internal, pixel, type;
};

template <class T>
constexpr Format format_of() {
    if constexpr (std::is_same_v<T, float>) {
        return {GL_R32F, GL_RED, GL_FLOAT};
    } else if constexpr (std::is_same_v<T, std::uint8_t>) {
        return {GL_R8UI, GL_RED_INTEGER, GL_UNSIGNED_BYTE};
    } else {
        return {GL_R16UI, GL_RED_INTEGER, GL_UNSIGNED_SHORT};
    }
}

}  // namespace

template <class T>
void PictureStack<T>::allocate(Extent extent, int layers) {
    if (handle_ && extent == extent_ && layers == layers_) {
        return;
    }
    GLuint name = 0;
    glCreateTextures(GL_TEXTURE_2D_ARRAY, 1, &name);
    handle_ = TextureHandle::adopt(name);
    glTextureStorage3D(name, 1, format_of<T>().internal, extent.width, extent.height, layers);
    extent_ = extent;
    layers_ = layers;
}

template <class T>
void PictureStack<T>::upload(ImageView<const T> picture, int layer) {
    assert(picture.extent() == extent_);
    glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
    glPixelStorei(GL_UNPACK_ROW_LENGTH, static_cast<GLint>(picture.stride()));
    glTextureSubImage3D(handle_.get(), 0, 0, 0, layer, extent_.width, extent_.height, 1,
                        format_of<T>().pixel, format_of<T>().type, picture.data());
    glPixelStorei(GL_UNPACK_ROW_LENGTH, 0);
}

template <class T>
void PictureStack<T>::fill(T value) {
    glClearTexImage(handle_.get(), 0, format_of<T>().pixel, format_of<T>().type, &value);
}

template <class T>
void PictureStack<T>::upload_bound(const void* offset, int layer) {
    glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
    glTextureSubImage3D(handle_.get(), 0, 0, 0, layer, extent_.width, extent_.height, 1,
                        format_of<T>().pixel, format_of<T>().type, offset);
}

template <class T>
void PictureStack<T>::read(ImageView<T> picture, int layer) const {
    assert(picture.extent() == extent_);
    glMemoryBarrier(GL_TEXTURE_UPDATE_BARRIER_BIT);
    glPixelStorei(GL_PACK_ALIGNMENT, 1);
    glPixelStorei(GL_PACK_ROW_LENGTH, static_cast<GLint>(picture.stride()));
    const auto bytes =
        static_cast<GLsizei>(sizeof(T) * (static_cast<std::size_t>(picture.stride()) *
                                              static_cast<std::size_t>(extent_.height - 1) +
                                          static_cast<std::size_t>(extent_.width)));
    glGetTextureSubImage(handle_.get(), 0, 0, 0, layer, extent_.width, extent_.height, 1,
                         format_of<T>().pixel, format_of<T>().type, bytes, picture.data());
    glPixelStorei(GL_PACK_ROW_LENGTH, 0);
}

template <class T>
void PictureStack<T>::send(std::size_t offset, int layer) const {
    glPixelStorei(GL_PACK_ALIGNMENT, 1);
    glGetTextureSubImage(handle_.get(), 0, 0, 0, layer, extent_.width, extent_.height, 1,
                         format_of<T>().pixel, format_of<T>().type,
                         static_cast<GLsizei>(sizeof(T) * extent_.pixels()),
                         reinterpret_cast<void*>(offset));
}

template <class T>
void PictureStack<T>::bind(unsigned unit, GLenum access) const {
    glBindImageTexture(unit, handle_.get(), 0, GL_TRUE, 0, access, format_of<T>().internal);
}

template class PictureStack<float>;
template class PictureStack<std::uint8_t>;
template class PictureStack<std::uint16_t>;

}  // namespace dsm::gpu
