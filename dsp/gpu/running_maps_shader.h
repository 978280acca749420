// The running maps of dsp/opacification/running_maps.h, kept on the graphics card.
#pragma once

#include <cstdint>
#include <filesystem>

#include "dsp/core/result.h"
#include "dsp/core/units.h"
#include "dsp/gpu/buffer.h"
#include "dsp/gpu/picture_stack.h"
#include "dsp/gpu/program.h"
#include "dsp/opacification/running_maps.h"

namespace dsm::gpu {

class RunningMapsShader {
 public:
    [[nodiscard]] static Result<RunningMapsShader> load(const std::filesystem::path& shaders,
                                                        Extent extent);
    // Forgets what was followed.
    void begin_anew();
    // One dispatch; pictures as RunningMaps::follow takes them.
    void follow(FrameIndex frame, const PictureStack<float>& opacity,
                const PictureStack<float>& sigma, const PictureStack<std::uint8_t>& usable);
    // Begins the way back of the maps as they are; what is followed later does not change them.
    void send();
    // Waits for it. Errors: as ReadbackBuffer::receive().
    [[nodiscard]] Result<void> receive(const RunningMapsState& to);

 private:
    Program program_;
    PictureStack<float> mean_, peak_, arrival_;
    PictureStack<std::uint8_t> run_;
    ReadbackBuffer back_;
    bool started_{false};
};

}  // namespace dsm::gpu
