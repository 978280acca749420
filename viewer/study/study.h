// The runs that are open, and which of them is in front.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "viewer/study/run_session.h"

namespace dsm::viewer {

struct Study {
    std::vector<std::unique_ptr<RunSession>> runs;
    std::size_t current{0};

    [[nodiscard]] RunSession* run() {
        return current < runs.size() ? runs[current].get() : nullptr;
    }
    [[nodiscard]] const RunSession* run() const {
        return current < runs.size() ? runs[current].get() : nullptr;
    }
};

// "Left decubitus" as the header says, else "lumbar1, series 3": to tell runs apart in a list.
[[nodiscard]] std::string short_name(const RunInfo& info);
// "Left decubitus", "Position unknown".
[[nodiscard]] std::string position_text(PatientPosition position);

}  // namespace dsm::viewer
