// Sums over the frame that was subtracted on the graphics card, of which one parcel a frame comes
// back: the pictures themselves stay where they are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>

#include "dsp/core/gpu_use.h"
#include "dsp/core/image.h"
#include "dsp/core/result.h"
#include "dsp/gpu/buffer.h"
#include "dsp/gpu/picture_stack.h"
#include "dsp/gpu/program.h"
#include "dsp/gpu/subtracted_sums.h"

namespace dsm::gpu {

// Where the pictures lie; one extent, one layer.
struct SubtractedPictures {
    const PictureStack<float>& opacity;
    const PictureStack<float>& sigma;
    const PictureStack<std::uint8_t>& usable;
    const PictureStack<float>& mix;
};

// Beside the artefact's sums and which pixels are usable.
struct SumsAsked {
    bool half_opacity{true};
    bool findings{true};  // what FrameSums holds
};

class FrameSumsShader {
 public:
    // For frames of `extent` and the coarse grid on them. Errors name a shader.
    [[nodiscard]] static Result<FrameSumsShader> load(const std::filesystem::path& shaders,
                                                      Extent extent, const WorkGrid& grid);

    // Sums, and begins their way back.
    void send(const SubtractedPictures& frame, const SumsAsked& asked);
    // Waits for it. Variances of bins are within 5e-4 of themselves, all else as on the processor
    // but for rounding. Errors: as ReadbackBuffer::receive().
    [[nodiscard]] Result<void> receive(SubtractedSums& out);
    // The mask on the coarse grid; variances are nothing. Waits for it. Errors likewise.
    [[nodiscard]] Result<void> bin_mask(const SubtractedPictures& frame, WorkFrame& out);
    // Since last asked.
    [[nodiscard]] GpuUse take_use();

 private:
    struct Programs {
        Program patches, blocks, bins, cells, bits, half;
    };
    // First words of each part of the parcel, and its end.
    struct Layout {
        std::size_t patches{0}, bits{0}, half{0}, blocks{0}, cells{0}, bins{0}, end{0};
    };
    void lay_out();
    void begin(const Program& program, std::size_t first) const;
    void dispatch_findings() const;
    void dispatch_bins() const;
    void copy_back(std::size_t from_word, std::size_t to_word);

    Programs programs_;
    Extent extent_{};
    WorkGrid grid_;
    Layout at_;
    StorageBuffer sums_;
    ReadbackBuffer back_;
    SumsAsked asked_;
    TimestampPair timer_;
    GpuUse use_;
};

}  // namespace dsm::gpu
