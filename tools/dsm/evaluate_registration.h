// dsm evaluate --registration: registration on trial.
#pragma once

#include <string>
#include <vector>

#include "dsp/evaluation/registration_trial.h"
#include "tools/dsm/terminal.h"

namespace dsm::cli {

struct RegistrationRequest {
    std::vector<std::string> inputs;  // runs with a truth, folders of such runs, recipes
    std::string out;
    evaluation::TrialOptions options;
};

// Prints the tables on stdout and writes them with the plots; returns the exit code.
int evaluate_registration(const RegistrationRequest& request, const Terminal& terminal);

}  // namespace dsm::cli
