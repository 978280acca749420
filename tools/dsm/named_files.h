// The files that arguments of a command mean.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dsp/core/result.h"

namespace dsm::cli {

// Files as named; of folders every regular file below, in order of their paths. Errors: io, for a
// folder that cannot be read to its end.
[[nodiscard]] Result<std::vector<std::filesystem::path>> named_files(
    const std::vector<std::string>& names);

}  // namespace dsm::cli
