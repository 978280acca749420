// An alarm in one line.
#pragma once

#include <string>

#include "dsp/pipeline/live.h"

namespace dsm::cli {

// "ALARM series_3_5f2a: frame 19 (9.50 s), right T9-T10 at (560, 410) px, ..."; without seconds
// where the run has no timing.
[[nodiscard]] std::string alarm_line(const std::string& run, const LiveAlarm& alarm);

}  // namespace dsm::cli
