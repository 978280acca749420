// dsm process: runs in, results out.
#include <spdlog/spdlog.h>

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "dsp/core/atomic_file.h"
#include "dsp/pipeline/process.h"
#include "dsp/pipeline/study.h"
#include "dsp/source/open_run.h"
#include "tools/dsm/commands.h"
#include "tools/dsm/interrupt.h"
#include "tools/dsm/output_options.h"
#include "tools/dsm/param_files.h"
#include "tools/dsm/process_one.h"

namespace dsm::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
    std::vector<std::string> runs;
    std::string out;
    std::string mode{"live"};
    std::string backend{"auto"};
    std::string levels;
    std::string registration{"mesh"};
    std::string calibration;
    OutputOptions outputs;
};

struct Found {
    std::vector<fs::path> runs;
    bool straight{false};  // one RUN that holds one run: its result goes straight into DIR
    int failures{0};
};

// All runs meant by the arguments, each once; what cannot be found is reported and left out.
Found find_all(const std::vector<std::string>& arguments, const Terminal& terminal) {
    Found found;
    std::set<fs::path> seen;
    for (const std::string& argument : arguments) {
        const auto runs = find_runs(argument);
        if (!runs) {
            terminal.report(runs.error());
            ++found.failures;
            continue;
        }
        for (const fs::path& run : *runs) {
            std::error_code unknown;
            const fs::path place = fs::weakly_canonical(run, unknown);
            if (seen.insert(unknown ? run : place).second) {
                found.runs.push_back(run);
            }
        }
    }
    found.straight = arguments.size() == 1 && found.runs.size() == 1;
    return found;
}

Result<ProcessRequest> request_from(const Options& options) {
    ProcessRequest request;
    request.params.mode = options.mode == "review" ? Mode::review : Mode::live;
    request.params.backend = backend_named(options.backend);
    request.params.registration =
        from_string<RegistrationMethod>(options.registration).value_or(RegistrationMethod::mesh);
    options.outputs.apply(request.params, request.wanted);
    request.levels_beside_run = options.levels == "auto";
    const std::string levels = request.levels_beside_run ? std::string() : options.levels;
    if (auto read = read_param_files(levels, options.calibration, request.params); !read) {
        return tl::unexpected(read.error());
    }
    return request;
}

// Runs of one patient, taken together.
int tell_studies(std::vector<RunOfStudy> runs, const fs::path& out, const Terminal& terminal) {
    const auto studies = summarise_studies(std::move(runs));
    if (studies.empty()) {
        return 0;
    }
    if (auto written = write_file_atomically(out / "study.json", studies_json(studies)); !written) {
        return terminal.report(written.error());
    }
    std::string text;
    for (const StudySummary& study : studies) {
        text += study_text(study);
    }
    return terminal.print(text);
}

int process_all(const Options& options, const Terminal& terminal) {
    const Interrupt interrupt;
    const auto request = request_from(options);
    if (!request) {
        return terminal.report(request.error());
    }
    Found found = find_all(options.runs, terminal);
    const auto names = result_names(found.runs);
    std::vector<RunOfStudy> done_runs;
    for (std::size_t i = 0; i < found.runs.size(); ++i) {
        const std::string place = std::to_string(i + 1) + "/" + std::to_string(names.size());
        const RunJob job{found.runs[i],
                         found.straight ? fs::path(options.out) : fs::path(options.out) / names[i],
                         found.straight ? names[i] : names[i] + " " + place};
        auto done = process_one(job, *request, terminal, interrupt.token());
        if (done) {
            done_runs.push_back(std::move(*done));
        } else {
            terminal.report(done.error());
            ++found.failures;
            if (done.error().kind == ErrorKind::cancelled) {
                break;
            }
        }
    }
    const int untold = tell_studies(std::move(done_runs), options.out, terminal);
    return found.failures == 0 ? untold : 1;
}

void add_options(CLI::App& command, Options& options) {
    command.add_option("RUN", options.runs, "DICOM file, folder or DICOMDIR")->required();
    command
        .add_option("--out", options.out,
                    "folder for the results: straight into it for one run, else one folder per run")
        ->required();
    command
        .add_option("--mode", options.mode,
                    "live: frame k sees frames 0..k alone; review: the whole run")
        ->check(CLI::IsMember({"live", "review"}))
        ->capture_default_str();
    command
        .add_option("--backend", options.backend,
                    "auto, cpu or gpu: where frames are linearised, masks warped, mixed and "
                    "subtracted, peak and arrival followed; auto takes a graphics card whose "
                    "driver works and is faster, never a software renderer; all else is the "
                    "processor's")
        ->check(CLI::IsMember({"auto", "cpu", "gpu"}))
        ->capture_default_str();
    command.add_option("--levels", options.levels,
                       "JSON file with two or more marked levels, or 'auto': levels.json beside "
                       "each run, where there is one");
    add_output_options(command, options.outputs);
    command.add_option("--registration", options.registration, "how the mask follows the frame")
        ->check(CLI::IsMember({"none", "shift", "affine", "mesh"}))
        ->capture_default_str();
    command.add_option("--calibration", options.calibration,
                       "confidence as this file of dsm calibrate has it, not as built in");
}

}  // namespace

Backend backend_named(const std::string& name) {
    return name == "gpu" ? Backend::gpu : name == "cpu" ? Backend::cpu : Backend::automatic;
}

void add_process_command(CLI::App& app, Invocation& invocation) {
    auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand(
        "process", "subtract runs, highlight suspicious opacification, write results");
    add_options(*command, *options);
    command->footer(
        "Writes result.json, overview.png, timeline.png and variance.png (the mask-free view) for\n"
        "each run, together or not at all; an earlier result in the same folder is replaced as a\n"
        "whole. A run that cannot be read costs one line on stderr and exit code 1; the others "
        "are\n"
        "processed all the same.");
    command->callback([options, &invocation] {
        invocation.run = [options, &invocation] {
            return process_all(*options, invocation.terminal);
        };
    });
}

}  // namespace dsm::cli
