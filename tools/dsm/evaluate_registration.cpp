#include "tools/dsm/evaluate_registration.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "dsp/evaluation/run_trial.h"
#include "dsp/evaluation/trial_report.h"
#include "tools/dsm/interrupt.h"
#include "tools/dsm/truth_folders.h"

namespace dsm::cli {
namespace {

namespace fs = std::filesystem;

struct Inputs {
    std::vector<fs::path> runs;  // folders with a truth.json
    std::vector<phantom::Recipe> recipes;
};

Result<Inputs> sort_out(const std::vector<std::string>& given) {
    Inputs inputs;
    for (const std::string& each : given) {
        const fs::path path(each);
        std::error_code unknown;
        if (fs::is_regular_file(path, unknown)) {
            auto recipe = phantom::read_recipe(path);
            if (!recipe) {
                return tl::unexpected(recipe.error());
            }
            inputs.recipes.push_back(std::move(*recipe));
            continue;
        }
        auto runs = truth_folders(each);
        if (!runs) {
            return tl::unexpected(runs.error());
        }
        inputs.runs.insert(inputs.runs.end(), runs->begin(), runs->end());
    }
    return inputs;
}

Result<void> fill(const Inputs& inputs, const evaluation::TrialOptions& options,
                  evaluation::TrialReport& report) {
    if (!inputs.recipes.empty() || inputs.runs.empty()) {
        auto scenes = inputs.recipes.empty() ? evaluation::try_cohort(options)
                                             : evaluation::try_recipes(inputs.recipes, options);
        if (!scenes) {
            return tl::unexpected(scenes.error());
        }
        report.scenes = std::move(*scenes);
    }
    if (!inputs.runs.empty()) {
        auto runs = evaluation::try_runs(inputs.runs, options);
        if (!runs) {
            return tl::unexpected(runs.error());
        }
        report.runs = std::move(*runs);
    }
    return {};
}

}  // namespace

int evaluate_registration(const RegistrationRequest& request, const Terminal& terminal) {
    const auto inputs = sort_out(request.inputs);
    if (!inputs) {
        return terminal.report(inputs.error());
    }
    const Interrupt interrupt;
    ProgressBar bar(terminal, "registration");
    evaluation::TrialReport report;
    report.options = request.options;
    report.options.stop = interrupt.token();
    report.options.on_progress = [&bar](double fraction) { bar.show(fraction); };
    const auto filled = fill(*inputs, report.options, report);
    bar.finish();
    if (!filled) {
        return terminal.report(filled.error());
    }
    const auto files = evaluation::write_trial(report, request.out);
    if (!files) {
        return terminal.report(files.error());
    }
    return terminal.print(evaluation::trial_text(report));
}

}  // namespace dsm::cli
