// dsm evaluate: results against truths; with --registration or --findings, a stage on trial.
#include <memory>
#include <string>
#include <vector>

#include "dsp/core/atomic_file.h"
#include "dsp/pipeline/evaluate.h"
#include "tools/dsm/commands.h"
#include "tools/dsm/evaluate_findings.h"
#include "tools/dsm/evaluate_registration.h"

namespace dsm::cli {
namespace {

struct Options {
    std::vector<std::string> paths;
    std::string json;
    bool registration{false};
    RegistrationRequest trial;
    bool findings{false};
    bool review{false};
    FindingsRequest peers;
};

int evaluate_all(const Options& options, const Terminal& terminal) {
    const auto score = evaluate(options.paths[0], options.paths[1]);
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
    const std::string& folder = options.trial.out;
    if (!folder.empty()) {
        if (auto written = write_detail(*score, folder); !written) {
            return terminal.report(written.error());
        }
    }
    if (const int failed = terminal.print(score_table(*score) + "\n" + detail_tables(*score));
        failed != 0) {
        return failed;
    }
    return score->problems.empty() ? 0 : 1;
}

void add_registration_options(CLI::App& command, Options& options) {
    evaluation::TrialOptions& trial = options.trial.options;
    const char* group = "Registration on trial";
    command
        .add_flag("--registration", options.registration,
                  "compare our registration with others on the same frames")
        ->group(group);
    command.add_option("--scenes", trial.scenes, "scenes of the built-in cohort")
        ->check(CLI::Range(1, 10000))
        ->capture_default_str()
        ->group(group);
    command.add_option("--size", trial.size, "their side in pixels of 0.225 mm")
        ->check(CLI::Range(192, 2048))
        ->capture_default_str()
        ->group(group);
    command.add_option("--frames", trial.lives, "live frames of each scene")
        ->check(CLI::Range(1, 3))
        ->capture_default_str()
        ->group(group);
    command.add_option("--seed", trial.seed, "of the cohort")->capture_default_str()->group(group);
    command.add_option("--threads", trial.threads, "threads that every method may use")
        ->check(CLI::Range(1, 256))
        ->capture_default_str()
        ->group(group);
    command
        .add_option("--without", trial.without, "leave this method out, by its name in the table")
        ->group(group);
}

void add_findings_options(CLI::App& command, Options& options) {
    const char* group = "Findings on trial";
    command
        .add_flag("--findings", options.findings,
                  "compare our findings with simple maps on the same runs")
        ->group(group);
    command.add_flag("--review", options.review, "ours may look at the whole run, as the maps do")
        ->group(group);
    command
        .add_option("--calibration", options.peers.calibration,
                    "of ours: a file that dsm calibrate wrote")
        ->group(group);
}

// What the parser cannot know: which arguments belong to which of the three jobs.
void check_usage(const Options& options) {
    const bool trial = options.registration || options.findings;
    if (options.registration && options.findings) {
        throw CLI::ValidationError("--findings", "does not go with --registration");
    }
    if (trial && options.trial.out.empty()) {
        throw CLI::ValidationError(options.findings ? "--findings" : "--registration",
                                   "needs --out DIR");
    }
    if (!options.findings && (options.review || !options.peers.calibration.empty())) {
        throw CLI::ValidationError("--review, --calibration", "go with --findings");
    }
    if (!trial && options.paths.size() != 2) {
        throw CLI::ValidationError("evaluate",
                                   "needs RESULTS and TRUTHS, or --registration or --findings");
    }
}

}  // namespace

void add_evaluate_command(CLI::App& app, Invocation& invocation) {
    auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand("evaluate", "score results against truths");
    command->add_option("PATHS", options->paths,
                        "RESULTS (folder that dsm process wrote) and TRUTHS (folder of runs with "
                        "truth.json beside them); with --registration any number of RECIPES, runs "
                        "with a truth, and folders of these; with --findings the same, no RECIPES");
    command->add_option("--json", options->json, "write all figures to this file as well");
    command->footer(
        "A highlight of a leak kind with confidence 0.5 or more hits a true leak within 5 mm, no\n"
        "earlier than a frame before its onset; each leak is hit once. The Brier score is the "
        "mean\n"
        "over all such highlights; the free-response area is that of sensitivity against false\n"
        "alarms per run, from none to one. Artefact and contrast kept need opacity.npy (process\n"
        "--dump opacity) and the true opacity. Exit code 1 when a result or a truth is missing.\n"
        "\n"
        "--registration [RUN_OR_RECIPE...] --out DIR: A is the noise-free artefact over the noise\n"
        "floor, away from contrast; keep the slope of recovered against true contrast. Without\n"
        "inputs a cohort with known truth is made: static, translation, smooth, breathing with "
        "one\n"
        "mask and with eight, abdomen and chest, jerk, release of a hold. Peers: whole-pixel "
        "shift,\n"
        "phase correlation, ECC, DIS, Farneback, choice of mask, elastix where it is installed.\n"
        "\n"
        "--findings [RUN...] --out DIR: every RUN (a folder with a run and its truth.json, or one\n"
        "of those) is processed, and beside ours four maps are thresholded: peak opacity, Frangi\n"
        "filter with and without registration, temporal variance. Kept in DIR/METHOD/RUN, so that "
        "a\n"
        "cohort may be tried in parts; without RUN, what DIR holds is scored again. DIR gets\n"
        "free_response.png with one curve a method, methods.csv and methods.txt.");
    command->add_option("--out", options->trial.out,
                        "folder for tables and plots: leaks.csv, highlights.csv, kinds.csv, "
                        "free_response.png, reliability.png; of --registration its own");
    add_registration_options(*command, *options);
    add_findings_options(*command, *options);
    command->callback([options, &invocation] {
        check_usage(*options);
        invocation.run = [options, &invocation] {
            if (options->registration) {
                options->trial.inputs = options->paths;
                return evaluate_registration(options->trial, invocation.terminal);
            }
            if (options->findings) {
                options->peers.inputs = options->paths;
                options->peers.out = options->trial.out;
                options->peers.mode = options->review ? Mode::review : Mode::live;
                return evaluate_findings(options->peers, invocation.terminal);
            }
            return evaluate_all(*options, invocation.terminal);
        };
    });
}

}  // namespace dsm::cli
