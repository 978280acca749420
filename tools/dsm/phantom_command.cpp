// dsm phantom: synthetic runs with truth, from a recipe or as a cohort.
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

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

int make_one(const Options& options, const Terminal& terminal) {
    Result<phantom::Recipe> recipe = phantom::read_recipe(options.recipe);
    if (!recipe) {
        return terminal.report(recipe.error());
    }
    override_sizes(options, *recipe);
    ProgressBar bar(terminal, recipe->name);
    PhantomFolderOptions folder;
    folder.opacity = !options.no_opacity;
    folder.progress = [&bar](double fraction) { bar.show(fraction); };
    const Result<void> done = write_phantom_folder(*recipe, options.out, folder);
    bar.finish();
    return done ? 0 : terminal.report(done.error());
}

}  // namespace

void add_phantom_command(CLI::App& app, Invocation& invocation) {
    auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand(
        "phantom", "make a synthetic run (run.dcm, truth.json) from a recipe (sample_runs/*.json)");
    command->add_option("recipe", options->recipe, "recipe, a JSON file")->required();
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
    command->add_flag("--no-opacity", options->no_opacity, "leave out opacity_true.npy");
    command->callback([options, &invocation] {
        invocation.run = [options, &invocation] { return make_one(*options, invocation.terminal); };
    });
}

}  // namespace dsm::cli
