#include <algorithm>
#include <array>
#include <fstream>
#include <system_error>

#include "dsp/source/open_run.h"

namespace dsm {

namespace {

namespace fs = std::filesystem;

// "DICM" behind a preamble of 128 bytes, PS3.10 7.1.
bool is_dicom(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::array<char, 132> head{};
    in.read(head.data(), head.size());
    return in.gcount() == 132 && std::equal(head.begin() + 128, head.end(), "DICM");
}

}  // namespace

Result<std::vector<fs::path>> find_runs(const fs::path& path) {
    std::error_code problem;
    if (!fs::exists(path, problem)) {
        return fail(ErrorKind::not_found, path.string(), "no such file or folder",
                    "check the path");
    }
    if (!fs::is_directory(path, problem)) {
        return std::vector<fs::path>{path};
    }
    std::vector<fs::path> found;
    const auto options = fs::directory_options::skip_permission_denied;
    for (fs::recursive_directory_iterator at(path, options, problem), end; at != end && !problem;
         at.increment(problem)) {
        if (at->is_regular_file(problem) && is_dicom(at->path())) {
            found.push_back(at->path());
        }
    }
    if (found.empty()) {
        return fail(ErrorKind::not_found, path.string(), "no DICOM file in this folder",
                    "choose a folder that holds runs");
    }
    std::sort(found.begin(), found.end());
    return found;
}

}  // namespace dsm
