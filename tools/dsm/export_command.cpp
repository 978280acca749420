// `dsm export`: a run's result and the reader's marks as DICOM objects.
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "dsp/reading/export_objects.h"
#include "dsp/source/open_run.h"
#include "tools/dsm/commands.h"
#include "tools/dsm/interrupt.h"
#include "tools/dsm/process_one.h"

namespace dsm::cli {
namespace {

struct Options {
    std::string run;
    std::string out;
    std::string mode{"review"};
    std::vector<std::string> what{"subtracted", "gsps", "sr", "key"};
    std::string author;
    std::string report;
};

int run_export(const Options& options, const Terminal& terminal) {
    const Interrupt interrupt;
    const auto runs = find_runs(options.run);
    if (!runs) {
        return terminal.report(runs.error());
    }
    if (runs->size() != 1) {
        return terminal.report({ErrorKind::invalid_input, options.run,
                                "holds " + std::to_string(runs->size()) + " runs",
                                "name one of them"});
    }
    ProcessRequest request;
    request.params.mode = options.mode == "live" ? Mode::live : Mode::review;
    request.wanted.objects_alone = true;
    request.marks_from_journal = true;
    request.wanted.exports.author = options.author;
    request.wanted.exports.pdf = options.report;
    for (const std::string& word : options.what) {
        request.wanted.exports.kinds.insert(*export_kind(word));
    }
    const auto done =
        process_one({runs->front(), options.out, "export"}, request, terminal, interrupt.token());
    return done ? 0 : terminal.report(done.error());
}

}  // namespace

void add_export_command(CLI::App& app, Invocation& invocation) {
    auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand(
        "export", "a run's result and the reader's marks as DICOM objects for other systems");
    command->add_option("RUN", options->run, "DICOM file")->required();
    command->add_option("--out", options->out, "folder for the objects")->required();
    command->add_option("--what", options->what, "which objects, with commas between")
        ->delimiter(',')
        ->check(CLI::Validator(export_problem, kExportWords));
    command
        ->add_option("--mode", options->mode,
                     "live: frame k sees frames 0..k alone; review: the whole run")
        ->check(CLI::IsMember({"live", "review"}))
        ->capture_default_str();
    command->add_option("--author", options->author,
                        "who answers for the objects, as FAMILY^GIVEN");
    command->add_option("--report", options->report, "a PDF report to wrap as Encapsulated PDF");
    command->footer(
        "The run is processed with the levels, masks and shift of the study's journal. Writes, "
        "together\nor not at all: dsm_presentation_state.dcm (GSPS), dsm_presentation_state_xa.dcm "
        "(XA/XRF GSPS),\ndsm_report_sr.dcm (TID 1500), dsm_key_objects.dcm, dsm_key_image_N.dcm, "
        "dsm_subtracted.dcm,\ndsm_report_pdf.dcm; with --what report: report.html, report.pdf and "
        "report.txt, which name the patient.\nNo presentation state can hold a mesh warp: the "
        "subtracted run is the exact record.");
    command->callback([options, &invocation] {
        invocation.run = [options, &invocation] {
            return run_export(*options, invocation.terminal);
        };
    });
}

}  // namespace dsm::cli
