// A picture to draw into off the screen, and the way back from the screen to memory.
#pragma once

#include <cstdint>
#include <vector>

#include "dsp/gpu/texture.h"

namespace dsm::gpu {

class Framebuffer {
 public:
    void resize(Extent extent);
    // Draws go here, with the viewport set to the whole, until unbind().
    void bind() const;
    static void unbind();
    [[nodiscard]] const Texture& colour() const { return colour_; }
    [[nodiscard]] Extent extent() const { return colour_.extent(); }

 private:
    FramebufferHandle handle_;
    Texture colour_;
};

// The window's picture, RGB, top row first, 3 bytes per pixel without padding.
[[nodiscard]] std::vector<std::uint8_t> read_window_rgb(Extent extent);
// Waits until all that was asked of the driver on this thread is done.
void finish();
// What draws: for example "llvmpipe (LLVM 15.0.6, 256 bits)".
[[nodiscard]] const char* renderer_name();
[[nodiscard]] const char* version_name();

}  // namespace dsm::gpu
