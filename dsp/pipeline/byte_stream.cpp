#include "dsp/pipeline/byte_stream.h"

#include <minizip/unzip.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <limits>
#include <system_error>

namespace dsm {
namespace {

class PlainFile final : public ByteStream {
 public:
    explicit PlainFile(const std::filesystem::path& file) : in_(file, std::ios::binary) {
        std::error_code unknown;
        size_ = std::filesystem::file_size(file, unknown);
        open_ = static_cast<bool>(in_) && !unknown;
    }
    [[nodiscard]] bool is_open() const { return open_; }

    bool read(char* into, std::size_t count) override {
        in_.read(into, static_cast<std::streamsize>(count));
        return static_cast<bool>(in_);
    }
    bool skip(std::uint64_t count) override {
        in_.seekg(static_cast<std::streamoff>(count), std::ios::cur);
        return static_cast<bool>(in_);
    }
    std::optional<std::uint64_t> bytes_left() override {
        const auto at = static_cast<std::uint64_t>(in_.tellg());
        return size_ > at ? size_ - at : 0;
    }

 private:
    std::ifstream in_;
    std::uint64_t size_{0};
    bool open_{false};
};

class ZipMember final : public ByteStream {
 public:
    explicit ZipMember(const std::filesystem::path& file) : zip_(::unzOpen64(file.c_str())) {
        constexpr int kCaseSensitive = 1;
        for (const char* name : {"opacity_1e4.npy", "opacity.npy"}) {
            if (zip_ != nullptr && ::unzLocateFile(zip_, name, kCaseSensitive) == UNZ_OK) {
                open_ = ::unzOpenCurrentFile(zip_) == UNZ_OK;
                break;
            }
        }
    }
    ~ZipMember() override {
        if (open_) {
            ::unzCloseCurrentFile(zip_);
        }
        if (zip_ != nullptr) {
            ::unzClose(zip_);
        }
    }
    ZipMember(const ZipMember&) = delete;
    ZipMember& operator=(const ZipMember&) = delete;
    ZipMember(ZipMember&&) = delete;
    ZipMember& operator=(ZipMember&&) = delete;
    [[nodiscard]] bool is_zip() const { return zip_ != nullptr; }
    [[nodiscard]] bool is_open() const { return open_; }

    bool read(char* into, std::size_t count) override {
        while (count > 0) {
            const auto piece = static_cast<unsigned>(std::min<std::size_t>(count, 1U << 20U));
            const int got = ::unzReadCurrentFile(zip_, into, piece);
            if (got <= 0) {
                return false;
            }
            into += got;
            count -= static_cast<std::size_t>(got);
        }
        return true;
    }
    bool skip(std::uint64_t count) override {
        std::array<char, 1U << 16U> unwanted{};
        while (count > 0) {
            const auto piece = std::min<std::uint64_t>(count, unwanted.size());
            if (!read(unwanted.data(), static_cast<std::size_t>(piece))) {
                return false;
            }
            count -= piece;
        }
        return true;
    }
    std::optional<std::uint64_t> bytes_left() override {
        unz_file_info64 about{};
        if (::unzGetCurrentFileInfo64(zip_, &about, nullptr, 0, nullptr, 0, nullptr, 0) != UNZ_OK) {
            return 0;
        }
        // Deflate cannot expand more than 1032 times (zlib's technical notes): a larger claim lies.
        constexpr std::uint64_t kMostExpansion = 1032;
        const std::uint64_t possible =
            about.compressed_size > std::numeric_limits<std::uint64_t>::max() / kMostExpansion
                ? 0
                : about.compressed_size * kMostExpansion;
        const std::uint64_t size = std::min<std::uint64_t>(about.uncompressed_size, possible);
        const std::uint64_t at = ::unztell64(zip_);
        return size > at ? size - at : 0;
    }

 private:
    unzFile zip_;
    bool open_{false};
};

}  // namespace

Result<std::unique_ptr<ByteStream>> open_byte_stream(const std::filesystem::path& file) {
    if (file.extension() == ".npz") {
        auto member = std::make_unique<ZipMember>(file);
        if (!member->is_zip()) {
            return fail(ErrorKind::unreadable, file.string(), "cannot be read as a .npz",
                        "check the name and write it again");
        }
        if (!member->is_open()) {
            return fail(ErrorKind::unsupported, file.string(),
                        "has no member 'opacity_1e4' or 'opacity' that can be read",
                        "save it under that name");
        }
        return std::unique_ptr<ByteStream>(std::move(member));
    }
    auto plain = std::make_unique<PlainFile>(file);
    if (!plain->is_open()) {
        return fail(ErrorKind::not_found, file.string(), "cannot be read",
                    "check the name and the permissions");
    }
    return std::unique_ptr<ByteStream>(std::move(plain));
}

}  // namespace dsm
