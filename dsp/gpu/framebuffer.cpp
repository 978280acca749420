#include "dsp/gpu/framebuffer.h"

#include <algorithm>

namespace dsm::gpu {

void Framebuffer::resize(Extent extent) {
    if (handle_ && colour_.extent() == extent) {
        return;
    }
    colour_.allocate_rgba(extent);
    if (!handle_) {
        handle_ = FramebufferHandle::create();
    }
    glBindFramebuffer(GL_FRAMEBUFFER, handle_.get());
    glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, colour_.name(), 0);
    glBindFramebuffer(GL_FRAMEBUFFER, 0);
}

void Framebuffer::bind() const {
    glBindFramebuffer(GL_FRAMEBUFFER, handle_.get());
    glViewport(0, 0, colour_.extent().width, colour_.extent().height);
}

void Framebuffer::unbind() {
    glBindFramebuffer(GL_FRAMEBUFFER, 0);
}

void finish() {
    glFinish();
}

std::vector<std::uint8_t> read_window_rgb(Extent extent) {
    const auto row_bytes = static_cast<std::size_t>(extent.width) * 3;
    std::vector<std::uint8_t> pixels(row_bytes * static_cast<std::size_t>(extent.height));
    glPixelStorei(GL_PACK_ALIGNMENT, 1);
    glReadPixels(0, 0, extent.width, extent.height, GL_RGB, GL_UNSIGNED_BYTE, pixels.data());
    // GL's first row is the lowest.
    for (int y = 0; y < extent.height / 2; ++y) {
        const auto top = static_cast<std::ptrdiff_t>(row_bytes) * y;
        const auto bottom = static_cast<std::ptrdiff_t>(row_bytes) * (extent.height - 1 - y);
        std::swap_ranges(pixels.begin() + top,
                         pixels.begin() + top + static_cast<std::ptrdiff_t>(row_bytes),
                         pixels.begin() + bottom);
    }
    return pixels;
}

namespace {

const char* text_of(GLenum which) {
    const GLubyte* text = glGetString(which);
    return text == nullptr ? "unknown" : reinterpret_cast<const char*>(text);
}

}  // namespace

const char* renderer_name() {
    return text_of(GL_RENDERER);
}

const char* version_name() {
    return text_of(GL_VERSION);
}

}  // namespace dsm::gpu
