// A file in memory with a path of its own, for readers that read files.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace dsm::test {

class MemoryFile {
 public:
    MemoryFile() : handle_(::memfd_create("fuzz", 0)) {
        if (handle_ < 0) {
            std::abort();
        }
    }
    ~MemoryFile() { ::close(handle_); }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;
    MemoryFile(MemoryFile&&) = delete;
    MemoryFile& operator=(MemoryFile&&) = delete;

    void fill(const std::uint8_t* bytes, std::size_t size) const {
        if (::ftruncate(handle_, 0) != 0 ||
            ::pwrite(handle_, bytes, size, 0) != static_cast<ssize_t>(size)) {
            std::abort();
        }
    }
    [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(handle_); }

 private:
    int handle_;
};

}  // namespace dsm::test
