// dsm: digital subtraction myelography on the command line.
#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <exception>
#include <string>

#include "dsp/core/version.h"
#include "tools/dsm/commands.h"

namespace {

int run(int argc, char** argv) {
    CLI::App app{std::string("dsm ") + dsm::kVersion +
                     " - digital subtraction myelography, headless.\n" + dsm::kNotice,
                 "dsm"};
    app.set_version_flag("--version", std::string("dsm ") + dsm::kVersion + "\n" + dsm::kNotice);
    app.require_subcommand(1);
    app.fallthrough();

    dsm::cli::Invocation invocation;
    dsm::cli::add_phantom_command(app, invocation);
    app.add_flag("-v,--verbose", invocation.terminal.verbose, "say more on stderr");
    app.add_flag("-q,--quiet", invocation.terminal.quiet, "say nothing but errors on stderr");
    app.add_flag("--log-json", invocation.terminal.log_json, "log lines as JSON on stderr");
    dsm::cli::add_info_command(app, invocation);

    dsm::cli::add_process_command(app, invocation);
    dsm::cli::add_live_command(app, invocation);
    dsm::cli::add_export_command(app, invocation);
    dsm::cli::add_import_command(app, invocation);
    dsm::cli::add_serve_command(app, invocation);
    dsm::cli::add_send_command(app, invocation);
    dsm::cli::add_find_command(app, invocation);
    dsm::cli::add_fetch_command(app, invocation);
    dsm::cli::add_anonymise_command(app, invocation);
    dsm::cli::add_evaluate_command(app, invocation);
    dsm::cli::add_calibrate_command(app, invocation);
    dsm::cli::add_bench_command(app, invocation);

    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& shown) {
        return app.exit(shown);
    } catch (const CLI::ParseError& wrong) {
        return invocation.terminal.report_usage(wrong.what());
    }
    invocation.terminal.start_logging();
    return invocation.run ? invocation.run() : 2;
}

}  // namespace

int main(int argc, char** argv) {
    // A file that grows past its limit and a reader that went away are errors to report, not
    // deaths.
    std::signal(SIGXFSZ, SIG_IGN);
    std::signal(SIGPIPE, SIG_IGN);
    try {
        return run(argc, argv);
    } catch (const std::exception& surprise) {
        std::fprintf(stderr, "dsm: internal error: %s; please report it\n", surprise.what());
    } catch (...) {
        std::fprintf(stderr, "dsm: internal error; please report it\n");
    }
    return 1;
}
