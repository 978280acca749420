#include "tools/dsm/truth_folders.h"

#include <algorithm>
#include <system_error>

namespace dsm::cli {

namespace fs = std::filesystem;

Result<std::vector<fs::path>> truth_folders(const std::string& given) {
    const fs::path path(given);
    std::error_code unknown;
    if (fs::is_regular_file(path / "truth.json", unknown)) {
        return std::vector<fs::path>{path};
    }
    std::vector<fs::path> folders;
    for (const auto& entry : fs::directory_iterator(path, unknown)) {
        if (fs::is_regular_file(entry.path() / "truth.json", unknown)) {
            folders.push_back(entry.path());
        }
    }
    if (folders.empty()) {
        return fail(ErrorKind::not_found, given, "holds no run with a truth.json",
                    "name a folder that dsm phantom wrote, or a folder of those");
    }
    std::sort(folders.begin(), folders.end());
    return folders;
}

}  // namespace dsm::cli
