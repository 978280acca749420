// The subcommands of `dsm`. Each adds itself to the command line and says what its exit status was.
// Exit codes (contract.md): 0 done, 1 the work failed, 2 wrong usage.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "dsp/core/stage.h"
#include "tools/dsm/terminal.h"

namespace dsm::cli {

// Filled while the command line is parsed: what to run afterwards. Returns the exit code.
struct Invocation {
    std::function<int()> run;
    Terminal terminal;
};

// "auto", "cpu", "gpu" as --backend takes them.
[[nodiscard]] Backend backend_named(const std::string& name);

void add_info_command(CLI::App& app, Invocation& invocation);
void add_live_command(CLI::App& app, Invocation& invocation);
void add_process_command(CLI::App& app, Invocation& invocation);
void add_phantom_command(CLI::App& app, Invocation& invocation);
void add_bench_command(CLI::App& app, Invocation& invocation);
void add_calibrate_command(CLI::App& app, Invocation& invocation);
void add_anonymise_command(CLI::App& app, Invocation& invocation);
void add_export_command(CLI::App& app, Invocation& invocation);
void add_fetch_command(CLI::App& app, Invocation& invocation);
void add_find_command(CLI::App& app, Invocation& invocation);
void add_send_command(CLI::App& app, Invocation& invocation);
void add_serve_command(CLI::App& app, Invocation& invocation);
void add_import_command(CLI::App& app, Invocation& invocation);
void add_evaluate_command(CLI::App& app, Invocation& invocation);

}  // namespace dsm::cli
