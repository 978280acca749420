// Folders of runs whose truth is known.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dsp/core/result.h"

namespace dsm::cli {

// `given`, if a truth.json lies in it, or those of its folders that hold one, by name. Errors: none
// does.
[[nodiscard]] Result<std::vector<std::filesystem::path>> truth_folders(const std::string& given);

}  // namespace dsm::cli
