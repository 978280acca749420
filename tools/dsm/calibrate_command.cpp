// dsm calibrate: fits how sure a line is a leak on runs whose truth is known.
#include <memory>
#include <string>

#include "dsp/core/atomic_file.h"
#include "dsp/core/version.h"
#include "dsp/evaluation/calibrate.h"
#include "tools/dsm/commands.h"

namespace dsm::cli {
namespace {

struct Options {
    std::string results;
    std::string truths;
    std::string out;
    std::string of{"runs with a truth"};
};

int calibrate(const Options& options, const Terminal& terminal) {
    const auto runs = evaluation::label_runs(options.results, options.truths);
    if (!runs) {
        return terminal.report(runs.error());
    }
    const auto fit = evaluation::fit_calibration(*runs);
    if (!fit) {
        return terminal.report(fit.error());
    }
    const std::string provenance = "dsm calibrate " + std::string(kVersion) + " on " +
                                   std::to_string(fit->runs) + " " + options.of + " (" +
                                   std::to_string(fit->lines) + " lines, " +
                                   std::to_string(fit->leaks) + " true)";
    if (auto written =
            write_file_atomically(options.out, evaluation::calibration_json(*fit, provenance));
        !written) {
        return terminal.report(written.error());
    }
    return terminal.print(evaluation::calibration_text(*fit));
}

}  // namespace

void add_calibrate_command(CLI::App& app, Invocation& invocation) {
    auto options = std::make_shared<Options>();
    CLI::App* command =
        app.add_subcommand("calibrate", "fit the confidence of highlights on runs with a truth");
    command
        ->add_option("RESULTS", options->results,
                     "what dsm process --dump candidates wrote of the runs")
        ->required();
    command->add_option("TRUTHS", options->truths, "folder of the runs, a truth.json in each")
        ->required();
    command->add_option("--out", options->out, "the calibration, a JSON file")->required();
    command->add_option("--of", options->of, "what the runs are, for the file's provenance")
        ->capture_default_str();
    command->footer(
        "Prints weights, reliability and Brier score, of runs each fit left out. Runs of a "
        "cohort's\n"
        "held-out split are refused. Use the file with dsm process --calibration FILE, or build\n"
        "with it as dsp/opacification/calibration.json.");
    command->callback([options, &invocation] {
        invocation.run = [options, &invocation] {
            return calibrate(*options, invocation.terminal);
        };
    });
}

}  // namespace dsm::cli
