// What a result must satisfy before it is written and after it was read.
#pragma once

#include <string>

#include "dsp/pipeline/process.h"

namespace dsm {

// The first field that is wrong and why, or empty.
[[nodiscard]] std::string problem_in(const RunResult& result);

}  // namespace dsm
