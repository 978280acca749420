// MaskWeights::weigh() of dsp/subtraction/mask_weights.h on the graphics card.
#pragma once

#include <filesystem>
#include <vector>

#include "dsp/core/gpu_use.h"
#include "dsp/core/image.h"
#include "dsp/core/result.h"
#include "dsp/gpu/buffer.h"
#include "dsp/gpu/picture_stack.h"
#include "dsp/gpu/program.h"
#include "dsp/subtraction/mask_weights.h"

namespace dsm::gpu {

class MaskWeightsShader {
 public:
    [[nodiscard]] static Result<MaskWeightsShader> load(const std::filesystem::path& shaders);
    // One map a mask, as MaskWeights::weigh() but for rounding, which may carry a weight over the
    // least that is kept. Waits for it.
    void weigh(const WeighInput& input, std::vector<Image<float>>& maps);
    // Since last asked.
    [[nodiscard]] GpuUse take_use();

 private:
    struct Programs {
        Program residual, box, detail, products, solve;
    };
    void upload(const WeighInput& input);
    void find_details(int count, bool has_contrast);
    void find_moments(int count, bool has_contrast);
    void box(const PictureStack<float>& from, const PictureStack<float>& to, int side,
             int first_layer, int layers);
    void solve(const WeighInput& input, Extent blocks);

    Programs programs_;
    // At a quarter of the resolution; layers are masks, and one more.
    PictureStack<float> masks_, usable_, live_, contrast_, residues_, across_, means_, details_;
    // By blocks; layers are pairs of masks, and two more.
    PictureStack<float> products_, products_across_, moments_, squares_;
    StorageBuffer weights_, noise_;
    std::vector<float> values_;
    TimestampPair timer_;
    GpuUse use_;
};

}  // namespace dsm::gpu
