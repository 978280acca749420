// dsm evaluate --findings: ours and simple maps on the same runs.
#pragma once

#include <string>
#include <vector>

#include "dsp/evaluation/finding_trial.h"
#include "tools/dsm/terminal.h"

namespace dsm::cli {

struct FindingsRequest {
    std::vector<std::string> inputs;  // runs with a truth, folders of such runs; may be empty
    std::string out;
    std::string calibration;  // file; empty: as built in
    Mode mode{Mode::live};
};

// Tries what is named, then scores all that `out` holds and prints the tables; returns the exit
// code.
int evaluate_findings(const FindingsRequest& request, const Terminal& terminal);

}  // namespace dsm::cli
