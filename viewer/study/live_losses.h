// What a run that is being acquired lacks, in the words of its reader.
#pragma once

#include <string>
#include <vector>

#include "dsp/core/live_record.h"

namespace dsm::viewer {

// "3 missing, 1 too late", where not all could be counted "3 or more missing"; empty without loss.
[[nodiscard]] std::string losses_in_short(const LiveRecord& record);
// One line for each interruption, some of them at most, and one for the frames that were too late.
[[nodiscard]] std::vector<std::string> losses_as_warnings(const LiveRecord& record);

}  // namespace dsm::viewer
