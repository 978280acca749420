#include "dsp/gpu/texture.h"

namespace dsm::gpu {

void Texture::prepare(Extent extent, GLenum internal_format, GLenum format, GLenum type) {
    if (!handle_ || is_view_) {
        handle_ = TextureHandle::create();
        extent_ = {};
    }
    glBindTexture(GL_TEXTURE_2D, handle_.get());
    if (extent == extent_ && internal_format == internal_format_) {
        return;
    }
    glTexImage2D(GL_TEXTURE_2D, 0, static_cast<GLint>(internal_format), extent.width, extent.height,
                 0, format, type, nullptr);
    set_sampling();
    extent_ = extent;
    internal_format_ = internal_format;
    is_view_ = false;
}

void Texture::set_sampling() const {
    glBindTexture(GL_TEXTURE_2D, handle_.get());
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
}

void Texture::look_at(const PictureStack<float>& stack, int layer) {
    handle_ = TextureHandle::create();  // a view is made of a name that was never bound
    glTextureView(handle_.get(), GL_TEXTURE_2D, stack.name(), GL_R32F, 0, 1,
                  static_cast<GLuint>(layer), 1);
    set_sampling();
    extent_ = stack.extent();
    internal_format_ = GL_R32F;
    is_view_ = true;
}

void Texture::upload(ImageView<const std::uint16_t> words) {
    prepare(words.extent(), GL_R16, GL_RED, GL_UNSIGNED_SHORT);
    glPixelStorei(GL_UNPACK_ALIGNMENT, 2);
    glPixelStorei(GL_UNPACK_ROW_LENGTH, static_cast<GLint>(words.stride()));
    glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, words.width(), words.height(), GL_RED,
                    GL_UNSIGNED_SHORT, words.data());
    glPixelStorei(GL_UNPACK_ROW_LENGTH, 0);
}

void Texture::upload(ImageView<const float> values) {
    prepare(values.extent(), GL_R32F, GL_RED, GL_FLOAT);
    glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
    glPixelStorei(GL_UNPACK_ROW_LENGTH, static_cast<GLint>(values.stride()));
    glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, values.width(), values.height(), GL_RED, GL_FLOAT,
                    values.data());
    glPixelStorei(GL_UNPACK_ROW_LENGTH, 0);
}

void Texture::upload(ImageView<const std::uint8_t> greys) {
    prepare(greys.extent(), GL_R8, GL_RED, GL_UNSIGNED_BYTE);
    constexpr GLint kGrey[] = {GL_RED, GL_RED, GL_RED, GL_ONE};
    glTexParameteriv(GL_TEXTURE_2D, GL_TEXTURE_SWIZZLE_RGBA, kGrey);
    glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
    glPixelStorei(GL_UNPACK_ROW_LENGTH, static_cast<GLint>(greys.stride()));
    glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, greys.width(), greys.height(), GL_RED, GL_UNSIGNED_BYTE,
                    greys.data());
    glPixelStorei(GL_UNPACK_ROW_LENGTH, 0);
}

void Texture::allocate_rgba(Extent extent) {
    prepare(extent, GL_RGBA8, GL_RGBA, GL_UNSIGNED_BYTE);
}

void Texture::bind(unsigned unit) const {
    glActiveTexture(GL_TEXTURE0 + unit);
    glBindTexture(GL_TEXTURE_2D, handle_.get());
}

}  // namespace dsm::gpu
