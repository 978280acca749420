// Whether a driver computes what the processor does: before a run is trusted to it.
#pragma once

#include <filesystem>
#include <string>

#include "dsp/core/result.h"

namespace dsm {

// A small picture through every shader, in the context that is current; `device` names it in the
// error where opacity is not the processor's within 1e-4 or a pixel's usability differs.
[[nodiscard]] Result<void> try_gpu(const std::filesystem::path& shaders, const std::string& device);

}  // namespace dsm
