// dsm live: runs processed while they are still being acquired.
#include <array>
#include <charconv>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dsp/source/live_folder.h"
#include "dsp/source/live_video.h"
#include "tools/dsm/commands.h"
#include "tools/dsm/interrupt.h"
#include "tools/dsm/live_desk.h"
#include "tools/dsm/output_options.h"
#include "tools/dsm/param_files.h"

namespace dsm::cli {
namespace {

struct Options {
    LiveFolderParams folder;
    LiveVideoParams video;
    LiveDesk::Options desk;
    std::string watched, out, levels, calibration, region;
    std::string backend{"auto"};
    std::string registration{"mesh"};
    double end_s{10.0};
    std::optional<int> frames;
    bool once{false};
    OutputOptions outputs;
};

// Four whole numbers with commas between.
std::optional<PixelRect> parse_region(const std::string& text) {
    std::array<int, 4> numbers{};
    const char* at = text.data();
    const char* const end = at + text.size();
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const auto [next, status] = std::from_chars(at, end, numbers[i]);
        if (status != std::errc{} || numbers[i] < 0) {
            return std::nullopt;
        }
        at = next;
        if (i + 1 < numbers.size() && (at == end || *at++ != ',')) {
            return std::nullopt;
        }
    }
    return at == end ? std::optional(PixelRect{numbers[0], numbers[1], numbers[2], numbers[3]})
                     : std::nullopt;
}

std::string region_problem(const std::string& text) {
    return parse_region(text) ? "" : "'" + text + "' is not X,Y,WIDTH,HEIGHT in pixels";
}

Result<PipelineParams> params_of(const Options& options) {
    PipelineParams params;
    params.mode = Mode::live;
    params.backend = backend_named(options.backend);
    params.registration =
        from_string<RegistrationMethod>(options.registration).value_or(RegistrationMethod::mesh);
    if (auto read = read_param_files(options.levels, options.calibration, params); !read) {
        return tl::unexpected(read.error());
    }
    return params;
}

// "video", "video-2" and so on: the first that has no result yet.
std::string free_name(const std::string& out) {
    std::string name = "video";
    std::error_code unknown;
    for (int number = 2;
         std::filesystem::exists(std::filesystem::path(out) / name / "result.json", unknown);
         ++number) {
        name = "video-" + std::to_string(number);
    }
    return name;
}

int follow_video(const Options& options, LiveDesk& desk, const Terminal& terminal,
                 const std::stop_token& stop) {
    LiveVideoParams params = options.video;
    params.end_s = options.end_s;
    params.frames = options.frames;
    params.region = parse_region(options.region);
    params.name = free_name(options.out);
    auto video = LiveVideo::open(std::move(params));
    if (!video) {
        return terminal.report(video.error());
    }
    (*video)->run(stop, [&](std::shared_ptr<LiveRun> run) { desk.begin(std::move(run)); });
    return desk.finish();
}

int follow_folder(const Options& options, LiveDesk& desk, const Terminal& terminal,
                  const std::stop_token& stop) {
    LiveFolderParams params = options.folder;
    params.folder = options.watched;
    params.results = options.out;
    params.end_s = options.end_s;
    params.frames = options.frames;
    auto folder = LiveFolder::open(std::move(params));
    if (!folder) {
        return terminal.report(folder.error());
    }
    terminal.note("watching " + options.watched);
    (*folder)->run(stop, options.once,
                   {[&](std::shared_ptr<LiveRun> run) { desk.begin(std::move(run)); },
                    [&](const Error& refused) { desk.refuse(refused); }});
    return desk.finish();
}

// What refers to DICOM objects needs some.
Result<void> check_exports(const Options& options) {
    if (options.video.source.empty()) {
        return {};
    }
    for (const std::string& word : options.outputs.exports) {
        const ExportKind kind = *export_kind(word);
        if (kind != ExportKind::video) {
            return fail(ErrorKind::invalid_input, "--export " + word,
                        "a video is no DICOM object that could be referred to, and names nobody",
                        "export video alone");
        }
    }
    return {};
}

int run_live(Options options, const Terminal& terminal) {
    if (options.watched.empty() == options.video.source.empty()) {
        return terminal.report_usage("live needs a FOLDER or --video, and not both");
    }
    if (auto fine = check_exports(options); !fine) {
        return terminal.report(fine.error());
    }
    const Interrupt interrupt;
    auto params = params_of(options);
    if (!params) {
        return terminal.report(params.error());
    }
    options.outputs.apply(*params, options.desk.wanted);
    options.desk.params = std::move(*params);
    options.desk.out = options.out;
    options.desk.damage_fails = options.once;
    LiveDesk desk(options.desk, terminal);
    return options.video.source.empty() ? follow_folder(options, desk, terminal, interrupt.token())
                                        : follow_video(options, desk, terminal, interrupt.token());
}

void add_folder_options(CLI::App& command, Options& options) {
    command.add_flag("--again", options.folder.again,
                     "also runs whose result is there and newer than their frames");
    command.add_flag("--only-new", options.folder.only_new, "not what lies in the folder already");
    command.add_flag("--once", options.once,
                     "end when all that is there is processed; exit code 1 where some of it was "
                     "damaged");
    command.add_flag("--join", options.folder.join,
                     "objects of several frames continue each other within their series, by "
                     "instance number; else each is a run");
    command
        .add_option("--order", options.folder.order_s,
                    "seconds that a frame waits for those with lower instance numbers")
        ->check(CLI::Range(0.0, 60.0))
        ->capture_default_str();
    command
        .add_option("--broken-after", options.folder.broken_s,
                    "seconds without a change after which an object that is not whole is used as "
                    "far as it is")
        ->check(CLI::Range(0.1, 3600.0))
        ->capture_default_str();
}

void add_video_options(CLI::App& command, Options& options) {
    auto* video =
        command.add_option("--video", options.video.source,
                           "video file, capture device (/dev/video0) or stream (rtsp://...)");
    command.add_option("--region", options.region, "part of the picture: X,Y,WIDTH,HEIGHT in px")
        ->check(CLI::Validator(region_problem, "X,Y,WIDTH,HEIGHT"))
        ->needs(video);
    command
        .add_option("--gamma", options.video.gamma,
                    "of the display: linear intensity is (value / 255) to this power")
        ->check(CLI::Range(0.1, 10.0))
        ->needs(video)
        ->capture_default_str();
}

void add_run_options(CLI::App& command, Options& options) {
    command.add_option("--out", options.out, "folder for the results, a folder in it for each run")
        ->required();
    command.add_option("--end-after", options.end_s, "seconds without a frame that end a run")
        ->check(CLI::Range(0.1, 86400.0))
        ->capture_default_str();
    command.add_option("--frames", options.frames, "so many end a run")
        ->check(CLI::Range(1, 10000000));
    command.add_option("--levels", options.levels, "JSON file with two or more marked levels");
    command.add_option("--backend", options.backend, "auto, cpu or gpu, see dsm process --help")
        ->check(CLI::IsMember({"auto", "cpu", "gpu"}))
        ->capture_default_str();
    command.add_option("--registration", options.registration, "how the mask follows the frame")
        ->check(CLI::IsMember({"none", "shift", "affine", "mesh"}))
        ->capture_default_str();
    add_output_options(command, options.outputs);
    command.add_option("--calibration", options.calibration,
                       "confidence as this file of dsm calibrate has it, not as built in");
    command.add_option("--most-runs", options.desk.most_runs, "runs processed at once")
        ->check(CLI::Range(1, 64))
        ->capture_default_str();
    command.add_flag("--report-latency", options.desk.report_latency,
                     "print, for each run, p50, p95, p99 and maximum of the time from the last "
                     "byte of a frame received to its highlights");
}

}  // namespace

void add_live_command(CLI::App& app, Invocation& invocation) {
    auto options = std::make_shared<Options>();
    CLI::App* command =
        app.add_subcommand("live", "process runs while they are still being acquired");
    command->add_option("FOLDER", options->watched,
                        "watched, with all below it; files still being written are waited for");
    add_run_options(*command, *options);
    add_folder_options(*command, *options);
    add_video_options(*command, *options);
    command->footer(
        "Single frames are joined by series and acquisition. Prints an alarm the moment it comes\n"
        "(ALARM; CHANGED where another takes its place, WITHDRAWN where it does not last), and a "
        "line for each result. What is "
        "missing\nor came too late is in result.json, live. Ctrl-C ends the runs, with their "
        "results.");
    command->callback([options, &invocation] {
        invocation.run = [options, &invocation] { return run_live(*options, invocation.terminal); };
    });
}

}  // namespace dsm::cli
