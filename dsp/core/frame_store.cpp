#include "dsp/core/frame_store.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>

namespace dsm {

namespace {

std::string temporary_folder() {
    const char* chosen = std::getenv("TMPDIR");
    return chosen != nullptr && *chosen != '\0' ? chosen : "/var/tmp";
}

tl::unexpected<Error> disk_failure(const std::string& what, int code) {
    return fail(ErrorKind::io, temporary_folder(), what + ": " + std::strerror(code),
                "make room there, or set TMPDIR to a folder with room");
}

int create_nameless_file(const std::string& folder) {
    std::string name = folder + "/dsm-frames-XXXXXX";
    const int file = ::mkostemp(name.data(), O_CLOEXEC);
    if (file >= 0) {
        ::unlink(name.c_str());
    }
    return file;
}

}  // namespace

Result<FrameStoreFile> FrameStoreFile::create(std::size_t frame_bytes, int frames) {
    const int file = create_nameless_file(temporary_folder());
    if (file < 0) {
        return disk_failure("no temporary file can be made", errno);
    }
    return FrameStoreFile(file, frame_bytes, frames);
}

FrameStoreFile::FrameStoreFile(int file, std::size_t frame_bytes, int frames)
    : file_(file),
      frame_bytes_(frame_bytes),
      frames_(frames),
      held_(std::make_unique<std::atomic<bool>[]>(static_cast<std::size_t>(frames))) {}

FrameStoreFile::~FrameStoreFile() {
    if (file_ >= 0) {
        ::close(file_);
    }
}

FrameStoreFile::FrameStoreFile(FrameStoreFile&& other) noexcept
    : file_(std::exchange(other.file_, -1)),
      frame_bytes_(other.frame_bytes_),
      frames_(other.frames_),
      held_(std::move(other.held_)) {}

FrameStoreFile& FrameStoreFile::operator=(FrameStoreFile&& other) noexcept {
    std::swap(file_, other.file_);
    std::swap(frame_bytes_, other.frame_bytes_);
    std::swap(frames_, other.frames_);
    std::swap(held_, other.held_);
    return *this;
}

Result<void> FrameStoreFile::write(FrameIndex frame, std::span<const std::byte> bytes) {
    if (frame < 0 || frame >= frames_ || bytes.size() != frame_bytes_) {
        return fail(ErrorKind::internal, "frame store", "a frame that does not fit was offered");
    }
    const auto start = static_cast<std::size_t>(frame) * frame_bytes_;
    std::size_t done = 0;
    while (done < bytes.size()) {
        const auto part = ::pwrite(file_, bytes.data() + done, bytes.size() - done,
                                   static_cast<off_t>(start + done));
        if (part < 0 && errno == EINTR) {
            continue;
        }
        if (part <= 0) {
            return disk_failure("frames cannot be kept", part < 0 ? errno : ENOSPC);
        }
        done += static_cast<std::size_t>(part);
    }
    held_[static_cast<std::size_t>(frame)].store(true, std::memory_order_release);
    return {};
}

Result<void> FrameStoreFile::read(FrameIndex frame, std::size_t offset,
                                  std::span<std::byte> bytes) const {
    if (!holds(frame) || offset + bytes.size() > frame_bytes_) {
        return fail(ErrorKind::internal, "frame store", "a frame that is not held was asked for");
    }
    const auto start = static_cast<std::size_t>(frame) * frame_bytes_ + offset;
    std::size_t done = 0;
    while (done < bytes.size()) {
        const auto part = ::pread(file_, bytes.data() + done, bytes.size() - done,
                                  static_cast<off_t>(start + done));
        if (part < 0 && errno == EINTR) {
            continue;
        }
        if (part <= 0) {
            return disk_failure("frames cannot be read back", part < 0 ? errno : EIO);
        }
        done += static_cast<std::size_t>(part);
    }
    return {};
}

bool FrameStoreFile::holds(FrameIndex frame) const {
    return frame >= 0 && frame < frames_ &&
           held_[static_cast<std::size_t>(frame)].load(std::memory_order_acquire);
}

}  // namespace dsm
