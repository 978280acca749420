// Deflated Explicit VR Little Endian, PS3.5 A.5, turned into a plain file, so that its frames can
// be read one at a time like any other's. Private to dsp/dicom.
#pragma once

#include <filesystem>

#include "dsp/core/result.h"

namespace dsm::dicom {

// Writes `deflated` as Explicit VR Little Endian to a new file in the folder for temporary files
// and returns its path; `data_begin` is where the compressed data set begins. Errors (subject left
// empty): damaged, absurdly large, disk full. Nothing is left behind on failure.
[[nodiscard]] Result<std::filesystem::path> inflate_to_temporary(
    const std::filesystem::path& deflated, std::uint64_t data_begin);

}  // namespace dsm::dicom
