// RunInfo as JSON and as text, for `dsm info`.
#pragma once

#include <optional>
#include <string>

#include "dsp/core/run_info.h"
#include "dsp/dicom/pixel_digest.h"

namespace dsm::cli {

// One line, one JSON object; null where a thing is unknown.
[[nodiscard]] std::string info_as_json(const RunInfo& info,
                                       const std::optional<PixelDigest>& digest);
// A block of lines for people.
[[nodiscard]] std::string info_as_text(const RunInfo& info,
                                       const std::optional<PixelDigest>& digest);

}  // namespace dsm::cli
