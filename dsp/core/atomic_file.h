// Whole files or none: written beside the target under a temporary name, synced, then renamed.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <ostream>
#include <span>
#include <string_view>

#include "dsp/core/result.h"

namespace dsm {

// Replaces `file` in one step; on any failure the old file stays and the temporary is removed.
[[nodiscard]] Result<void> write_file_atomically(const std::filesystem::path& file,
                                                 std::string_view bytes);
// The same for content that is produced piece by piece; `write` returns an error to give up.
[[nodiscard]] Result<void> write_file_atomically(
    const std::filesystem::path& file, const std::function<Result<void>(std::ostream&)>& write);
// For libraries that insist on a path of their own: `write` gets the temporary path (same
// extension).
[[nodiscard]] Result<void> write_path_atomically(
    const std::filesystem::path& file,
    const std::function<Result<void>(const std::filesystem::path&)>& write);

}  // namespace dsm
