#include "dsp/core/atomic_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <string>
#include <system_error>

namespace dsm {
namespace {

std::filesystem::path temporary_beside(const std::filesystem::path& file) {
    static std::atomic<unsigned> counter{0};
    const std::string name = "." + file.stem().string() + "." + std::to_string(::getpid()) + "." +
                             std::to_string(counter.fetch_add(1)) + ".part" +
                             file.extension().string();
    return file.parent_path() / name;
}

Result<void> sync_to_disk(const std::filesystem::path& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        return fail(ErrorKind::io, path.string(), std::strerror(errno), "check the folder");
    }
    const int status = ::fsync(descriptor);
    const int reason = errno;
    ::close(descriptor);
    if (status != 0) {
        return fail(ErrorKind::io, path.string(), std::strerror(reason), "check the disk");
    }
    return {};
}

}  // namespace

Result<void> write_path_atomically(
    const std::filesystem::path& file,
    const std::function<Result<void>(const std::filesystem::path&)>& write) {
    const std::filesystem::path temporary = temporary_beside(file);
    std::error_code ignored;
    Result<void> done = write(temporary);
    if (done) {
        done = sync_to_disk(temporary);
    }
    if (!done) {
        std::filesystem::remove(temporary, ignored);
        return done;
    }
    std::error_code renamed;
    std::filesystem::rename(temporary, file, renamed);
    if (renamed) {
        std::filesystem::remove(temporary, ignored);
        return fail(ErrorKind::io, file.string(), "cannot be written: " + renamed.message(),
                    "check that the folder exists and is writable");
    }
    return {};
}

Result<void> write_file_atomically(const std::filesystem::path& file,
                                   const std::function<Result<void>(std::ostream&)>& write) {
    return write_path_atomically(file, [&](const std::filesystem::path& temporary) -> Result<void> {
        std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
        if (!out) {
            return fail(ErrorKind::io, file.string(), "cannot be created",
                        "check that the folder exists and is writable");
        }
        Result<void> done = write(out);
        if (!done) {
            return done;
        }
        out.flush();
        out.close();
        if (!out) {
            return fail(ErrorKind::io, file.string(), "could not be written completely",
                        "check that the disk is not full");
        }
        return {};
    });
}

Result<void> write_file_atomically(const std::filesystem::path& file, std::string_view bytes) {
    return write_file_atomically(file, [&](std::ostream& out) -> Result<void> {
        out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        return {};
    });
}

}  // namespace dsm
