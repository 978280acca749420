// Telling DICOM files from others, and reading a DICOMDIR (PS3.3 F).
#pragma once

#include <filesystem>
#include <vector>

#include "dsp/core/result.h"

namespace dsm {

enum class FileKind {
    not_dicom,
    directory,      // a DICOMDIR
    without_image,  // presentation states, reports, key objects, documents, by class
    dicom,
};

// From the first bytes of the file; files without preamble are told by their first data element.
// Thread-safe.
[[nodiscard]] FileKind file_kind(const std::filesystem::path& file);

// The image files a DICOMDIR lists and that are there, in its order. Names that lead out of its
// folder are left out. Errors: unreadable; not_found when none of the images is there. Thread-safe.
[[nodiscard]] Result<std::vector<std::filesystem::path>> images_of_dicomdir(
    const std::filesystem::path& dicomdir);

}  // namespace dsm
