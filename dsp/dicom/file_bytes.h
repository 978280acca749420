// Random access to the bytes of a file through one small window. Private to dsp/dicom.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>

namespace dsm::dicom {

class FileBytes {
 public:
    explicit FileBytes(const std::filesystem::path& file)
        : stream_(file, std::ios::binary | std::ios::ate) {
        size_ =
            stream_ ? static_cast<std::uint64_t>(std::max<std::streamoff>(stream_.tellg(), 0)) : 0;
    }

    [[nodiscard]] std::uint64_t size() const { return size_; }
    // True when `count` bytes at `position` are there.
    [[nodiscard]] bool has(std::uint64_t position, std::uint64_t count) const {
        return position <= size_ && count <= size_ - position;
    }
    // The byte at `position`, 0 behind the end.
    [[nodiscard]] std::uint8_t at(std::uint64_t position) {
        if (position < begin_ || position >= begin_ + filled_) {
            fill(position);
        }
        return position < begin_ + filled_ ? window_[static_cast<std::size_t>(position - begin_)]
                                           : 0;
    }
    [[nodiscard]] std::uint16_t word(std::uint64_t position, bool big_endian) {
        const unsigned first = at(position);
        const unsigned second = at(position + 1);
        return static_cast<std::uint16_t>(big_endian ? first << 8 | second : second << 8 | first);
    }
    [[nodiscard]] std::uint32_t long_word(std::uint64_t position, bool big_endian) {
        const std::uint32_t first = word(position, big_endian);
        const std::uint32_t second = word(position + 2, big_endian);
        return big_endian ? first << 16 | second : second << 16 | first;
    }

 private:
    void fill(std::uint64_t position) {
        begin_ = position;
        filled_ = 0;
        if (position >= size_) {
            return;
        }
        stream_.clear();
        stream_.seekg(static_cast<std::streamoff>(position));
        stream_.read(reinterpret_cast<char*>(window_.data()),
                     static_cast<std::streamsize>(window_.size()));
        filled_ = static_cast<std::uint64_t>(std::max<std::streamsize>(stream_.gcount(), 0));
    }

    std::ifstream stream_;
    std::uint64_t size_{0};
    std::uint64_t begin_{0};
    std::uint64_t filled_{0};
    std::array<std::uint8_t, 4096> window_{};
};

}  // namespace dsm::dicom
