#include "dsp/gpu/normal_cells_shader.h"

#include <algorithm>
#include <utility>

#include "dsp/gpu/context.h"

namespace dsm::gpu {

Result<NormalCellsShader> NormalCellsShader::load(const std::filesystem::path& shaders) {
    auto program = Program::load_compute(shaders / "stages/normal_cells.comp");
    if (!program) {
        return tl::unexpected(program.error());
    }
    NormalCellsShader cells;
    cells.program_ = std::move(*program);
    return cells;
}

Result<void> NormalCellsShader::accumulate(const CellInput& input, CellSums& cells) {
    const Extent nodes = cells.plane[0].extent();
    for (auto [picture, to] : {std::pair{input.mask_registered, &mask_},
                               std::pair{input.live, &live_}, std::pair{input.usable, &usable_}}) {
        to->allocate(picture.extent());
        to->upload(picture);
    }
    values_.clear();
    for (int y = 0; y < nodes.height; ++y) {
        const auto row = input.offset.row_span(y);
        values_.insert(values_.end(), row.begin(), row.end());
    }
    offsets_.upload(std::span<const float>(values_));
    values_.resize(CellSums::kPlanes * nodes.pixels());
    sums_.upload(std::span<const float>(values_));
    const TukeyLimits limits = tukey_limits(input.scale);
    program_.use();
    program_.set("limit_contrast", limits.contrast);
    program_.set("limit_other", limits.other);
    mask_.bind_to_read(0);
    live_.bind_to_read(1);
    usable_.bind_to_read(2);
    offsets_.bind(0);
    sums_.bind(1);
    glDispatchCompute(static_cast<GLuint>(nodes.width), static_cast<GLuint>(nodes.height), 1);
    sums_.read(std::as_writable_bytes(std::span<float>(values_)));
    const float* from = values_.data();
    for (Image<float>& plane : cells.plane) {
        std::copy_n(from, nodes.pixels(), plane.pixels().data());
        from += nodes.pixels();
    }
    return check_driver("normal_cells");
}

}  // namespace dsm::gpu
