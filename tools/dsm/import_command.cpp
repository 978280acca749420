// `dsm import`: marks from a presentation state into the journal of a study, to be edited on.
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "dsp/review/dicom_state.h"
#include "dsp/review/journal_location.h"
#include "dsp/source/open_run.h"
#include "tools/dsm/commands.h"

namespace dsm::cli {
namespace {

struct Options {
    std::string object;
    std::string run;
    bool replace{false};
};

std::string count(std::size_t n, const char* what) {
    return std::to_string(n) + " " + what + (n == 1 ? "" : "s");
}

Result<int> import_into(const Options& options, const Terminal& terminal) {
    const auto state = read_presentation_state(options.object);
    if (!state) {
        return tl::unexpected(state.error());
    }
    const auto source = open_run(options.run);
    if (!source) {
        return tl::unexpected(source.error());
    }
    const RunInfo& run = (*source)->info();
    if (state->referenced_sop_instance_uid != run.sop_instance_uid) {
        return fail(ErrorKind::invalid_input, options.object,
                    "refers to another image than " + options.run, "name the run it was made from");
    }
    const auto marks = marks_of(*state);
    if (!marks) {
        return tl::unexpected(marks.error());
    }
    auto journal = open_journal_for(run);
    if (!journal) {
        return tl::unexpected(journal.error());
    }
    std::vector<std::string> left_out;
    CommandGroup commands =
        commands_to_add(journal->review(), run_key(run), marks->review, options.replace, left_out);
    const std::size_t added = commands.commands.size();
    if (added > 0) {
        const auto done =
            journal->execute({Command{std::move(commands)}, "Import presentation state", {}});
        if (!done) {
            return tl::unexpected(done.error());
        }
    }
    left_out.insert(left_out.end(), marks->warnings.begin(), marks->warnings.end());
    left_out.insert(left_out.end(), journal->notices().begin(), journal->notices().end());
    for (const std::string& line : left_out) {
        terminal.warn({ErrorKind::invalid_input, options.object, line, ""});
    }
    return terminal.print(options.object + ": " + count(added, "change") + " to the marks of " +
                          options.run + (marks->exact ? "" : ", from graphics alone") + "\n");
}

}  // namespace

void add_import_command(CLI::App& app, Invocation& invocation) {
    auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand(
        "import", "marks of a presentation state into the study's journal, as one undoable step");
    command->add_option("OBJECT", options->object, "presentation state (DICOM file)")->required();
    command->add_option("--run", options->run, "the run it refers to")->required();
    command->add_flag("--replace", options->replace,
                      "take the place of marks that contradict it; else those stay");
    command->footer(
        "States written by dsm come back exactly. Of others, arrows, ellipses, closed regions and "
        "texts\nare taken; what has no counterpart is named and left out.");
    command->callback([options, &invocation] {
        invocation.run = [options, &invocation] {
            const auto code = import_into(*options, invocation.terminal);
            return code ? *code : invocation.terminal.report(code.error());
        };
    });
}

}  // namespace dsm::cli
