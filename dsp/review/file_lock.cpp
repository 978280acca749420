#include "dsp/review/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace dsm {

Result<std::optional<FileLock>> FileLock::take(const std::filesystem::path& lock_file) {
    const int descriptor = ::open(lock_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (descriptor < 0) {
        return fail(ErrorKind::io, lock_file.parent_path().string(),
                    std::string("cannot be written: ") + std::strerror(errno),
                    "check the permissions");
    }
    FileLock lock(descriptor);
    // Some network file systems have no flock; SQLite's own lock then stands alone.
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        return std::optional<FileLock>{};
    }
    return std::optional<FileLock>{std::move(lock)};
}

FileLock::FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

FileLock::~FileLock() {
    if (descriptor_ >= 0) {
        ::close(descriptor_);
    }
}

}  // namespace dsm
