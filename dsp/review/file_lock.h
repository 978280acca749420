// One program at a time: flock(2) on a file of its own, released by the kernel when the program
// ends in whatever way. Internal to this room.
#pragma once

#include <filesystem>
#include <optional>

#include "dsp/core/result.h"

namespace dsm {

class FileLock {
 public:
    // Nothing: another holder has it. An error: the lock file cannot be made. The file stays when
    // the lock goes; removing it would let two programs hold one each.
    static Result<std::optional<FileLock>> take(const std::filesystem::path& lock_file);

    FileLock(FileLock&& other) noexcept;
    FileLock& operator=(FileLock&& other) noexcept;
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;
    ~FileLock();

 private:
    explicit FileLock(int descriptor) : descriptor_(descriptor) {}
    int descriptor_{-1};
};

}  // namespace dsm
