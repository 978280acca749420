// Bringing runs into the workspace and taking them out.
#pragma once

#include <filesystem>

#include "dsp/core/result.h"

namespace dsm::viewer {

struct Workspace;

// Opens every run that `path` means and shows the first new one. Fails when none could be opened;
// when only some could not, that is said in the status line.
[[nodiscard]] Result<void> open_runs(Workspace&, const std::filesystem::path& path);
// A folder or a DICOMDIR.
[[nodiscard]] bool holds_many(const std::filesystem::path& path);
void close_current_run(Workspace&);

}  // namespace dsm::viewer
