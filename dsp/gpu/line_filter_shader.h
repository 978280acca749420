// line_response() of dsp/opacification/line_filter.h on the graphics card.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "dsp/core/gpu_use.h"
#include "dsp/core/image.h"
#include "dsp/core/result.h"
#include "dsp/gpu/buffer.h"
#include "dsp/gpu/picture_stack.h"
#include "dsp/gpu/program.h"
#include "dsp/opacification/line_filter.h"

namespace dsm::gpu {

class LineFilterShader {
 public:
    [[nodiscard]] static Result<LineFilterShader> load(const std::filesystem::path& shaders);
    // As line_response(), but for rounding. Waits for it.
    void respond(ImageView<const float> image, const LineScale& scale, LineResponse& out);
    // Since last asked.
    [[nodiscard]] GpuUse take_use();

 private:
    void smooth(const LineKernel& kernel);
    void average(const LineKernel& kernel);
    void keep_best(const LineKernel& kernel);

    Program smooth_, average_, best_;
    PictureStack<float> picture_, across_, averages_, response_;
    PictureStack<std::uint8_t> angles_;
    StorageBuffer weights_, taps_;
    TimestampPair timer_;
    GpuUse use_;
};

}  // namespace dsm::gpu
