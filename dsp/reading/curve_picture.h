// Opacity-time curves as a picture. Internal to this room.
#pragma once

#include <vector>

#include "dsp/pipeline/canvas.h"
#include "dsp/reading/curve_files.h"

namespace dsm::reading {

// `size` in px; texts keep theirs.
[[nodiscard]] Canvas curves_chart(const RunInfo& run, const std::vector<NamedCurve>& curves,
                                  Extent size = {1280, 720});

}  // namespace dsm::reading
