// Where the shaders are: below the prefix of the running program, installed or in the build tree.
#pragma once

#include <filesystem>

#include "dsp/core/result.h"

namespace dsm::gpu {

// The folder that holds display/, subtraction/ and so on. DSM_SHADERS in the environment wins, for
// work on shaders.
[[nodiscard]] Result<std::filesystem::path> find_shader_folder();

}  // namespace dsm::gpu
