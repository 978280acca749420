#include "dsp/evaluation/scratch_folder.h"

#include <cstdlib>
#include <string>
#include <system_error>

namespace dsm::evaluation {

ScratchFolder::ScratchFolder() {
    std::error_code unknown;
    std::string name =
        (std::filesystem::temp_directory_path(unknown) / "dsm-evaluation-XXXXXX").string();
    if (::mkdtemp(name.data()) != nullptr) {
        path_ = name;
    }
}

ScratchFolder::~ScratchFolder() {
    std::error_code ignored;
    if (!path_.empty()) {
        std::filesystem::remove_all(path_, ignored);
    }
}

}  // namespace dsm::evaluation
