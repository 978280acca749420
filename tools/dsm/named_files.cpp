#include "tools/dsm/named_files.h"

#include <algorithm>
#include <system_error>

namespace dsm::cli {

namespace fs = std::filesystem;

Result<std::vector<fs::path>> named_files(const std::vector<std::string>& names) {
    std::vector<fs::path> files;
    for (const std::string& name : names) {
        std::error_code problem;
        if (!fs::is_directory(name, problem)) {
            files.emplace_back(name);
            continue;
        }
        std::vector<fs::path> below;
        for (fs::recursive_directory_iterator entry(name, problem), end; !problem && entry != end;
             entry.increment(problem)) {
            if (entry->is_regular_file(problem)) {
                below.push_back(entry->path());
            }
        }
        if (problem) {
            return fail(ErrorKind::io, name, "cannot be read: " + problem.message(),
                        "check the permissions");
        }
        std::sort(below.begin(), below.end());
        files.insert(files.end(), below.begin(), below.end());
    }
    return files;
}

}  // namespace dsm::cli
