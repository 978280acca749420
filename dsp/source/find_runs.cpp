#include <algorithm>
#include <system_error>

#include "dsp/dicom/dicom_folder.h"
#include "dsp/source/open_run.h"
#include "dsp/source/single_frames.h"

namespace dsm {

namespace fs = std::filesystem;

namespace {

tl::unexpected<Error> given_up(const fs::path& path) {
    return fail(ErrorKind::cancelled, path.string(), "the search was given up");
}

// Files that can be frames of one run are opened, each of them once.
Result<std::vector<fs::path>> joined(const fs::path& path, std::vector<fs::path> files,
                                     const SearchWatch& watch) {
    auto runs = join_single_frames(std::move(files), watch.stop);
    return watch.stop.stop_requested() ? Result<std::vector<fs::path>>(given_up(path))
                                       : std::move(runs);
}

Result<std::vector<fs::path>> runs_in_folder(const fs::path& folder, const SearchWatch& watch) {
    std::vector<fs::path> found;
    std::error_code problem;
    fs::recursive_directory_iterator at(folder, fs::directory_options::skip_permission_denied,
                                        problem);
    if (problem) {
        return fail(ErrorKind::io, folder.string(),
                    "cannot be searched (" + problem.message() + ")", "check its permissions");
    }
    std::size_t files = 0;
    for (; at != fs::recursive_directory_iterator(); at.increment(problem)) {
        if (watch.stop.stop_requested()) {
            return given_up(folder);
        }
        if (watch.on_files) {
            watch.on_files(files++);
        }
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
    return joined(folder, std::move(found), watch);
}

}  // namespace

Result<std::vector<fs::path>> find_runs(const fs::path& path, const SearchWatch& watch) {
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
        return runs_in_folder(path, watch);
    }
    if (file_kind(path) == FileKind::directory) {
        auto listed = images_of_dicomdir(path);
        return listed ? joined(path, std::move(*listed), watch) : listed;
    }
    return std::vector<fs::path>{path};
}

}  // namespace dsm
