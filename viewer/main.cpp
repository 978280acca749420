// dsm-viewer: looking at digital subtraction myelography.
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <string>

#include "dsp/core/version.h"
#include "viewer/app.h"

namespace {

bool parse_size(const std::string& text, dsm::Extent& size) {
    int end = 0;
    return std::sscanf(text.c_str(), "%5dx%5d%n", &size.width, &size.height, &end) == 2 &&
           static_cast<std::size_t>(end) == text.size() && size.width >= 640 &&
           size.height >= 400 && size.width <= 16384 && size.height <= 16384;
}

int run(int argc, char** argv) {
    CLI::App app{std::string("dsm-viewer ") + dsm::kVersion +
                     " - looks at digital subtraction myelography runs.\n" + dsm::kNotice,
                 "dsm-viewer"};
    app.set_version_flag("--version",
                         std::string("dsm-viewer ") + dsm::kVersion + "\n" + dsm::kNotice);
    dsm::viewer::AppOptions options;
    std::string size = "1440x900";
    std::string script;
    app.add_option("RUN", options.runs, "DICOM files, folders or DICOMDIR to open");
    std::string live;
    app.add_option("--live", live, "follow runs that arrive in this folder while they are acquired")
        ->type_name("FOLDER");
    app.add_option("--script", script, "play the actions of FILE, one per line")->type_name("FILE");
    app.add_option("--size", size, "of the window, 640x400 at least")->type_name("WxH");
    app.add_option("--settings", options.settings,
                   "preferences and keys, instead of the user's; with --script there are none else")
        ->type_name("FILE");
    app.add_option("--font-scale", options.font_scale, "size of the text, 0.8 to 2")
        ->check(CLI::Range(0.8, 2.0));
    try {
        app.parse(argc, argv);
        if (!parse_size(size, options.size)) {
            throw CLI::ValidationError("--size", "must look like 1920x1080, 640x400 at least");
        }
    } catch (const CLI::Success& shown) {
        return app.exit(shown);
    } catch (const CLI::ParseError& wrong) {
        std::fprintf(stderr, "dsm-viewer: %s; see --help\n", wrong.what());
        return 2;
    }
    if (!live.empty()) {
        options.live = live;
    }
    if (!script.empty()) {
        options.script = script;
    }
    auto viewer = dsm::viewer::App::create(options);
    auto done = viewer ? (*viewer)->run() : tl::unexpected(viewer.error());
    if (!done) {
        std::fprintf(stderr, "dsm-viewer: %s\n", done.error().message().c_str());
        return 1;
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        spdlog::set_default_logger(spdlog::stderr_color_mt("dsm-viewer"));
        spdlog::set_pattern("dsm-viewer: %v");
        return run(argc, argv);
    } catch (const std::exception& surprise) {
        std::fprintf(stderr, "dsm-viewer: internal error: %s; please report it\n", surprise.what());
    } catch (...) {
        std::fprintf(stderr, "dsm-viewer: internal error; please report it\n");
    }
    return 1;
}
