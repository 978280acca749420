// The command line as a person meets it: a subprocess, files in, files out.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "dsp/core/image.h"
#include "tests/support/support.h"

namespace dsm::test {

// Runs `dsm` with these arguments to its end.
[[nodiscard]] Finished dsm_command(std::vector<std::string> arguments);
// Runs a shell line in which $DSM is the program.
[[nodiscard]] Finished shell(const std::string& line);

// A small run of noise with a dark column that rises: something to process in a blink.
void write_small_run(const std::filesystem::path& file, int frames = 8, Extent extent = {64, 48});

// Everything below `folder`, relative to it.
[[nodiscard]] std::set<std::string> files_below(const std::filesystem::path& folder);

// Exactly one line, "dsm: ...", that names `subject`.
[[nodiscard]] bool is_one_error_line(const std::string& err, const std::string& subject);

}  // namespace dsm::test
