// `dsm anonymise`: copies of DICOM files without what identifies the patient.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <system_error>
#include <vector>

#include "dsp/core/atomic_file.h"
#include "dsp/dicom/privacy/anonymise.h"
#include "tools/dsm/commands.h"
#include "tools/dsm/named_files.h"

namespace dsm::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
    std::vector<std::string> files;
    std::string out;
    std::string report;
    std::string secret;
    std::vector<std::string> blank;
    AnonymiseOptions what;
};

// "X,Y,WIDTH,HEIGHT"
std::string region_problem(const std::string& text) {
    int x = 0;
    int y = 0;
    int width = 0;
    int height = 0;
    int used = 0;
    const bool four =
        std::sscanf(text.c_str(), "%d,%d,%d,%d%n", &x, &y, &width, &height, &used) == 4 &&
        static_cast<std::size_t>(used) == text.size();
    return four ? "" : "'" + text + "' is not X,Y,WIDTH,HEIGHT";
}

PixelRect region(const std::string& text) {
    PixelRect made;
    (void)std::sscanf(text.c_str(), "%d,%d,%d,%d", &made.x, &made.y, &made.width, &made.height);
    return made;
}

int run_anonymise(Options options, const Terminal& terminal) {
    for (const std::string& text : options.blank) {
        options.what.blank_px.push_back(region(text));
    }
    const auto files = named_files(options.files);
    if (!files) {
        return terminal.report(files.error());
    }
    std::error_code problem;
    fs::create_directories(options.out, problem);
    const Anonymiser anonymiser(options.what, options.secret);
    int exit_code = 0;
    int number = 0;
    nlohmann::json all = nlohmann::json::array();
    for (const fs::path& file : *files) {
        // A name made of the file's may hold the patient's: they are counted.
        char name[32];
        std::snprintf(name, sizeof name, "%06d.dcm", ++number);
        const fs::path to = fs::path(options.out) / name;
        const auto done = anonymiser.copy(file, to);
        if (!done) {
            exit_code = terminal.report(done.error());
            continue;
        }
        for (const std::string& warning : done->warnings) {
            terminal.warn({ErrorKind::invalid_input, to.string(), warning, ""});
        }
        all.push_back({{"file", to.filename().string()},
                       {"subject", done->subject},
                       {"changes", done->changes},
                       {"warnings", done->warnings}});
        exit_code = std::max(exit_code, terminal.print(to.string() + "\n"));
    }
    if (!options.report.empty()) {
        const nlohmann::json report{{"schema", "dsm-anonymised/1"}, {"files", all}};
        if (auto kept = write_file_atomically(options.report, report.dump(1) + "\n"); !kept) {
            return terminal.report(kept.error());
        }
    }
    return exit_code;
}

}  // namespace

void add_anonymise_command(CLI::App& app, Invocation& invocation) {
    auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand(
        "anonymise", "copies without identifying attributes (PS3.15 Basic Profile)");
    command->add_option("FILE", options->files, "DICOM files, or folders of them")->required();
    command->add_option("--out", options->out, "folder for the copies: 000001.dcm, ...")
        ->required();
    command->add_flag("--shift-dates", options->what.shift_dates,
                      "keep dates, all of a patient's moved by the same days; else they go");
    command->add_flag("--keep-device", options->what.keep_device,
                      "keep manufacturer, model, software and serial number");
    command
        ->add_option("--blank", options->blank,
                     "X,Y,WIDTH,HEIGHT: write over these pixels of every frame; may be repeated")
        ->check(CLI::Validator(region_problem, "REGION"));
    command->add_option("--secret", options->secret,
                        "the same secret gives the same replacements on another day; keep it safe");
    command->add_option("--report", options->report, "JSON file: what was changed, without values");
    command->footer(
        "Only attributes known to say nothing of the patient stay (pixels, geometry, acquisition); "
        "all others,\nprivate ones and texts among them, go. UIDs are replaced alike in all files. "
        "Text burnt into the\npixels can not be seen by this program: it warns where a file does "
        "not exclude it.");
    command->callback([options, &invocation] {
        invocation.run = [options, &invocation] {
            return run_anonymise(*options, invocation.terminal);
        };
    });
}

}  // namespace dsm::cli
