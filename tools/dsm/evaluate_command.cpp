// dsm evaluate: results against truths.
#include <cstdio>
#include <memory>
#include <string>

#include "dsp/core/atomic_file.h"
#include "dsp/pipeline/evaluate.h"
#include "tools/dsm/commands.h"

namespace dsm::cli {
namespace {

struct Options {
    std::string results;
    std::string truths;
    std::string json;
};

int evaluate_all(const Options& options, const Terminal& terminal) {
    const auto score = evaluate(options.results, options.truths);
    if (!score) {
        return terminal.report(score.error());
    }
    for (const Error& problem : score->problems) {
        terminal.report(problem);
    }
    if (!options.json.empty()) {
        if (auto written = write_file_atomically(options.json, score_json_text(*score)); !written) {
            return terminal.report(written.error());
        }
    }
    std::fputs(score_table(*score).c_str(), stdout);
    if (std::fflush(stdout) != 0) {
        return terminal.report({ErrorKind::io, "standard output", "could not be written completely",
                                "check that the disk is not full"});
    }
    return score->problems.empty() ? 0 : 1;
}

}  // namespace

void add_evaluate_command(CLI::App& app, Invocation& invocation) {
    auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand("evaluate", "score results against truths");
    command->add_option("RESULTS", options->results, "folder that dsm process wrote")->required();
    command->add_option("TRUTHS", options->truths, "folder of runs with truth.json beside them")
        ->required();
    command->add_option("--json", options->json, "write all figures to this file as well");
    command->footer(
        "A highlight of a leak kind with confidence 0.5 or more hits a true leak within 5 mm, no\n"
        "earlier than a frame before its onset; each leak is hit once. The Brier score is the "
        "mean\n"
        "over all such highlights; the free-response area is that of sensitivity against false\n"
        "alarms per run, from none to one. Artefact and contrast kept need opacity.npy (process\n"
        "--dump opacity) and the true opacity. Exit code 1 when a result or a truth is missing.");
    command->callback([options, &invocation] {
        invocation.run = [options, &invocation] {
            return evaluate_all(*options, invocation.terminal);
        };
    });
}

}  // namespace dsm::cli
