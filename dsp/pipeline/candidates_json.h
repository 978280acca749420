// candidates.json: every line that was judged in a run, with what the judgement rests on.
// Schema "dsm-candidates/1": {"schema", "candidates": [{"dark", "kind", "path_px", "onset_frame",
// "peak_opacity", "width_mm", "confidence", "features": {name: value}}]}.
#pragma once

#include <filesystem>
#include <vector>

#include "dsp/core/result.h"
#include "dsp/opacification/calibration.h"

namespace dsm {

[[nodiscard]] Result<void> write_candidates(const std::filesystem::path& file,
                                            const std::vector<CandidateRecord>& candidates);

// Errors: absent, another schema, a feature that is missing or is no number (named).
[[nodiscard]] Result<std::vector<CandidateRecord>> read_candidates(
    const std::filesystem::path& file);

}  // namespace dsm
