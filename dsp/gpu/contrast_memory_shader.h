// The contrast memory of dsp/subtraction/contrast_memory.h, kept on the graphics card.
#pragma once

#include <cstddef>
#include <filesystem>

#include "dsp/core/image.h"
#include "dsp/core/result.h"
#include "dsp/gpu/buffer.h"
#include "dsp/gpu/picture_stack.h"
#include "dsp/gpu/program.h"
#include "dsp/subtraction/contrast_memory.h"

namespace dsm::gpu {

class ContrastMemoryShader {
 public:
    [[nodiscard]] static Result<ContrastMemoryShader> load(const std::filesystem::path& shaders);
    // As ContrastMemory::follow() and expect(), but for rounding. Wait for it.
    void follow(const ContrastMeasurement& measurement, Image<float>& contrast);
    void expect(const ContrastMeasurement& measurement, Image<float>& contrast);

 private:
    struct Programs {
        Program look, blocks, frame, residue, update, near, put_back;
    };
    static constexpr std::size_t kStates = 2;

    void start(Extent extent);
    void look(ImageView<const float> opacity, int layer);
    void update(const ContrastMeasurement& measurement);
    void put_back();

    Programs programs_;
    // At half resolution: contrast, noise, residue, unsteadiness, as they are and a frame further;
    // and by blocks the share of certain contrast.
    PictureStack<float> state_[kStates], sure_[kStates];
    std::size_t now_{0};  // of those
    PictureStack<float> opacity_, sigma_, smoothed_, seen_, contrast_;
    PictureStack<float> blocks_, residue_, near_;
    StorageBuffer frames_;
};

}  // namespace dsm::gpu
