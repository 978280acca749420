#include <algorithm>
#include <system_error>

#include "dsp/dicom/dicom_folder.h"
#include "dsp/source/open_run.h"
#include "dsp/source/single_frames.h"

namespace dsm {

namespace fs = std::filesystem;

namespace {

Result<std::vector<fs::path>> runs_in_folder(const fs::path& folder) {
    std::vector<fs::path> found;
    std::error_code problem;
    fs::recursive_directory_iterator at(folder, fs::directory_options::skip_permission_denied,
                                        problem);
    if (problem) {
        return fail(ErrorKind::io, folder.string(),
                    "cannot be searched (" + problem.message() + ")", "check its permissions");
    }
    for (; at != fs::recursive_directory_iterator(); at.increment(problem)) {
        if (at->is_regular_file(problem) && file_kind(at->path()) == FileKind::dicom) {
            found.push_back(at->path());
        }
    }
    // The walk ends at the first place it cannot go on from: runs behind it would be missing.
    if (problem) {
        return fail(ErrorKind::io, folder.string(),
                    "cannot be searched to its end (" + problem.message() + ")",
                    "check the disk, or give the runs by name");
    }
    if (found.empty()) {
        return fail(ErrorKind::not_found, folder.string(), "no DICOM image in this folder",
                    "choose a folder that holds runs");
    }
    std::sort(found.begin(), found.end());
    return join_single_frames(std::move(found));
}

}  // namespace

Result<std::vector<fs::path>> find_runs(const fs::path& path) {
    std::error_code problem;
    if (names_single_frames(path)) {
        const auto named = SingleFrames::open(path);
        return named ? Result<std::vector<fs::path>>({path}) : tl::unexpected(named.error());
    }
    if (!fs::exists(path, problem)) {
        return fail(ErrorKind::not_found, path.string(), "no such file or folder",
                    "check the path");
    }
    if (fs::is_directory(path, problem)) {
        return runs_in_folder(path);
    }
    if (file_kind(path) == FileKind::directory) {
        auto listed = images_of_dicomdir(path);
        return listed ? join_single_frames(std::move(*listed)) : listed;
    }
    return std::vector<fs::path>{path};
}

}  // namespace dsm
