// From what a person names (a file, a folder, a DICOMDIR) to runs that give frames.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <vector>

#include "dsp/core/result.h"
#include "dsp/source/frame_source.h"

namespace dsm {

// For those who wait for a search: how far it is, and a way to give it up.
struct SearchWatch {
    std::stop_token stop;
    // Files looked at so far; by the searching thread. May be empty.
    std::function<void(std::size_t files)> on_files;
};

// The DICOM files meant by `path`: itself if it is a file; for a folder every DICOM file below it,
// sorted by path, without reports, presentation states, DICOMDIR and files that are not DICOM; for
// a DICOMDIR the images it lists. Of a folder or DICOMDIR, single-frame X-ray objects of one series
// are one run, by the name that dsp/source/single_frames.h gives it. Whether each can be shown is
// for open_run to say. Errors: not_found (no such path, nothing in it), unreadable, io, cancelled.
// Thread-safe.
[[nodiscard]] Result<std::vector<std::filesystem::path>> find_runs(
    const std::filesystem::path& path, const SearchWatch& watch = {});

// Opens one file, or such a name, as a run; frames are read one at a time, so files must stay in
// place.
// Thread-safe; the source itself is for one caller at a time.
[[nodiscard]] Result<std::unique_ptr<FrameSource>> open_run(const std::filesystem::path& file);

}  // namespace dsm
