// accumulate_cells() of dsp/motion/normal_cells.h on the graphics card: the sums that registration
// solves, of one level of a pyramid. Tested against it; registration itself still uses the
// processor's, because the warp between two sums is there too.
#pragma once

#include <filesystem>
#include <vector>

#include "dsp/core/result.h"
#include "dsp/gpu/buffer.h"
#include "dsp/gpu/picture_stack.h"
#include "dsp/gpu/program.h"
#include "dsp/motion/normal_cells.h"

namespace dsm::gpu {

class NormalCellsShader {
 public:
    [[nodiscard]] static Result<NormalCellsShader> load(const std::filesystem::path& shaders);
    // As accumulate_cells(): same sums but for their order. Returns when they are in memory.
    [[nodiscard]] Result<void> accumulate(const CellInput& input, CellSums& cells);

 private:
    Program program_;
    PictureStack<float> mask_, live_, usable_;
    StorageBuffer offsets_, sums_;
    std::vector<float> values_;
};

}  // namespace dsm::gpu
