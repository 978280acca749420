// DCMTK 3.6.7 reads nested sequences by recursion without a limit: a few megabytes of hostile
// nesting overflow the stack. This walk over the element headers, which keeps no values and does
// not recurse, says beforehand whether a file is safe to parse. Private to dsp/dicom.
#pragma once

#include <filesystem>

#include "dsp/core/result.h"

namespace dsm::dicom {

inline constexpr int kDeepestNesting = 100;

// An error (subject left empty) when sequences nest deeper than kDeepestNesting, or when the
// structure cannot be followed and there are enough item tags to do so. A file cut short passes.
[[nodiscard]] Result<void> check_nesting(const std::filesystem::path& file);

}  // namespace dsm::dicom
