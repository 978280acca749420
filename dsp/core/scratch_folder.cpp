#include "dsp/core/scratch_folder.h"

#include <cstdlib>
#include <string>
#include <system_error>

namespace dsm {

ScratchFolder::ScratchFolder(const std::string& purpose) {
    std::error_code problem;
    std::string name =
        (std::filesystem::temp_directory_path(problem) / ("dsm-" + purpose + "-XXXXXX")).string();
    if (!problem && ::mkdtemp(name.data()) != nullptr) {
        path_ = name;
    }
}

ScratchFolder::~ScratchFolder() {
    std::error_code ignored;
    if (!path_.empty()) {
        std::filesystem::remove_all(path_, ignored);
    }
}

}  // namespace dsm
