// The file that dsm calibrate writes, schema "dsm-calibration/1":
// dsp/opacification/calibration.json.
#pragma once

#include <filesystem>

#include "dsp/core/result.h"
#include "dsp/opacification/calibration.h"

namespace dsm {

// Errors: absent, another schema, a weight that is missing (named).
[[nodiscard]] Result<LeakCalibration> read_calibration(const std::filesystem::path& file);

}  // namespace dsm
