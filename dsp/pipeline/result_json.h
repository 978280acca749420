// result.json, schema "dsm-result/1" of contract.md, out and in.
// Unknown values are null; there is no NaN and no infinity. Beyond the contract it holds:
//   software.notice; run.file (name only), timing_source, timing_is_acquisition, spacing_basis,
//   spacing_source, position_source, left_in_image, head_in_image, already_subtracted, codec;
//   parameters (as asked for); first_contrast_frame (as in truth.json); motion[].registration and
//   .reason (the rung that was kept, and why); opacity_registered, opacity_scale; noise (variance
//   of ln I against ln I); masks.source (automatic, operator, file) and .false_contrast_rate (share
//   of contrast-free runs in which contrast is declared all the same; null where it was not looked
//   for); corridor (median_residual_mm, high_residual_mm - the 95th percentile -,
//   median_artefact_ratio, why) and motion[].corridor_residual_mm, .corridor_artefact_ratio, see
//   dsp/opacification/corridor.h; sac (axis_px, curve); warnings (of processing, beside
//   run.warnings); pictures (the picture files written beside the document).
// Where the header gives no timing, every value in seconds is null and curves are per frame.
// The pictures of a RunResult (peak_opacity, arrival_frame, temporal_variance) are not part of the
// document.
#pragma once

#include <filesystem>
#include <string>

#include "dsp/core/result.h"
#include "dsp/pipeline/process.h"

namespace dsm {

// Refuses (ErrorKind::internal, naming the field) a result with a number that is not finite where
// one is required, a frame or a mask outside the run, or a confidence outside 0..1.
[[nodiscard]] Result<std::string> result_json_text(const RunResult& result);
[[nodiscard]] Result<void> write_result_json(const std::filesystem::path& file,
                                             const RunResult& result);

// Ignores unknown fields; refuses anything else that is not dsm-result/1 with one line that names
// file and field. `name` is what the error line calls the document.
[[nodiscard]] Result<RunResult> parse_result_json(const std::string& text, const std::string& name);
[[nodiscard]] Result<RunResult> read_result_json(const std::filesystem::path& file);

}  // namespace dsm
