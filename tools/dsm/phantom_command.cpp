// dsm phantom: synthetic runs with truth, from a recipe or as a cohort.
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "dsp/phantom/cohort.h"
#include "dsp/phantom/recipe.h"
#include "tools/dsm/commands.h"
#include "tools/dsm/phantom_folder.h"

namespace dsm::cli {
namespace {

struct Options {
    std::string recipe;
    std::string out;
    std::optional<std::uint64_t> seed;
    std::optional<int> columns;
    std::optional<int> rows;
    std::optional<int> frames;
    bool no_opacity{false};
    int cohort{0};
    int first{0};
    std::string split{"train"};
};

// A run may be wanted smaller or larger: the field of view stays, the pixels change.
void override_sizes(const Options& options, phantom::Recipe& recipe) {
    if (options.seed) {
        recipe.seed = *options.seed;
    }
    if (options.columns) {
        recipe.image.pixel_mm *= static_cast<double>(recipe.image.columns) / *options.columns;
        recipe.image.columns = *options.columns;
    }
    if (options.rows) {
        recipe.image.rows = *options.rows;
    }
    if (options.frames) {
        recipe.timing.frames = *options.frames;
    }
}

PhantomFolderOptions folder_options(const Options& options, ProgressBar& bar, int done, int all) {
    PhantomFolderOptions folder;
    folder.opacity = !options.no_opacity;
    folder.progress = [&bar, done, all](double fraction) { bar.show((done + fraction) / all); };
    return folder;
}

int make_one(const Options& options, const Terminal& terminal) {
    Result<phantom::Recipe> recipe = phantom::read_recipe(options.recipe);
    if (!recipe) {
        return terminal.report(recipe.error());
    }
    override_sizes(options, *recipe);
    ProgressBar bar(terminal, recipe->name);
    const Result<void> done =
        write_phantom_folder(*recipe, options.out, folder_options(options, bar, 0, 1));
    bar.finish();
    return done ? 0 : terminal.report(done.error());
}

int make_cohort(Options options, const Terminal& terminal) {
    const std::uint64_t seed = options.seed.value_or(1);
    options.seed.reset();  // each run has its own
    ProgressBar bar(terminal, "cohort");
    const phantom::Split split =
        options.split == "train" ? phantom::Split::train : phantom::Split::held_out;
    for (int done_so_far = 0; done_so_far < options.cohort; ++done_so_far) {
        phantom::Recipe recipe = phantom::cohort_recipe(seed, options.first + done_so_far, split);
        override_sizes(options, recipe);
        const Result<void> done =
            write_phantom_folder(recipe, std::filesystem::path(options.out) / recipe.name,
                                 folder_options(options, bar, done_so_far, options.cohort));
        if (!done) {
            bar.finish();
            return terminal.report(done.error());
        }
    }
    bar.finish();
    return 0;
}

int make(const Options& options, const Terminal& terminal) {
    if (options.recipe.empty() == (options.cohort == 0)) {
        return terminal.report_usage("phantom: name a recipe, or --cohort N for many runs");
    }
    return options.cohort > 0 ? make_cohort(options, terminal) : make_one(options, terminal);
}

}  // namespace

void add_phantom_command(CLI::App& app, Invocation& invocation) {
    auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand(
        "phantom", "make a synthetic run (run.dcm, truth.json) from a recipe (sample_runs/*.json)");
    command->add_option("recipe", options->recipe, "recipe, a JSON file");
    command->add_option("--out", options->out, "folder to write; made if needed")->required();
    command->add_option("--seed", options->seed, "instead of the recipe's seed");
    command
        ->add_option("--columns", options->columns,
                     "instead of the recipe's; the field of view stays")
        ->check(CLI::Range(32, 2048));
    command->add_option("--rows", options->rows, "instead of the recipe's")
        ->check(CLI::Range(32, 2048));
    command->add_option("--frames", options->frames, "instead of the recipe's")
        ->check(CLI::Range(2, 2000));
    command
        ->add_option("--cohort", options->cohort,
                     "instead of a recipe: this many varied runs, half of them without a leak")
        ->check(CLI::Range(1, 10000));
    command
        ->add_option("--split", options->split,
                     "train: runs to fit on; held_out: others, which `calibrate` refuses")
        ->check(CLI::IsMember({"train", "held_out"}))
        ->capture_default_str();
    command->add_option("--first", options->first, "number of the cohort's first run, to go on")
        ->check(CLI::Range(0, 1000000))
        ->capture_default_str();
    command->add_flag("--no-opacity", options->no_opacity, "leave out opacity_true.npy");
    command->callback([options, &invocation] {
        invocation.run = [options, &invocation] { return make(*options, invocation.terminal); };
    });
}

}  // namespace dsm::cli
