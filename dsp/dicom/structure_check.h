// A walk over the element headers of a file before DCMTK 3.6.7 parses it. DCMTK reads nested
// sequences by recursion without a limit, so a few megabytes of hostile nesting overflow the stack;
// and when told to bear damage it takes memory for whatever length an element claims. The walk
// keeps no values and does not recurse. Private to dsp/dicom.
#pragma once

#include <filesystem>

#include "dsp/core/result.h"

namespace dsm::dicom {

inline constexpr int kDeepestNesting = 100;

struct FileStructure {
    // Every element up to Pixel Data (7fe0,0010) lies inside the file: what follows may be cut
    // short and still be read. False too when the structure could not be followed.
    bool whole_header{};
};

// An error (subject left empty) when sequences nest deeper than kDeepestNesting, or when the
// structure cannot be followed and there are enough item tags to do so. A file cut short passes.
[[nodiscard]] Result<FileStructure> check_structure(const std::filesystem::path& file);

}  // namespace dsm::dicom
