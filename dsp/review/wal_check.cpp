#include "dsp/review/wal_check.h"

#include <cstdint>
#include <fstream>
#include <iterator>
#include <vector>

namespace dsm {
namespace {

constexpr std::size_t kHeaderBytes = 32;
constexpr std::size_t kFrameHeaderBytes = 24;
constexpr std::uint32_t kMagic = 0x377F0682;  // the last bit: checksums over big-endian words

std::uint32_t big_endian(std::span<const unsigned char> bytes, std::size_t at) {
    return static_cast<std::uint32_t>(bytes[at]) << 24 |
           static_cast<std::uint32_t>(bytes[at + 1]) << 16 |
           static_cast<std::uint32_t>(bytes[at + 2]) << 8 |
           static_cast<std::uint32_t>(bytes[at + 3]);
}

std::uint32_t little_endian(std::span<const unsigned char> bytes, std::size_t at) {
    return __builtin_bswap32(big_endian(bytes, at));
}

struct Checksum {
    bool big{false};
    std::uint32_t first{0};
    std::uint32_t second{0};

    void add(std::span<const unsigned char> bytes) {
        for (std::size_t i = 0; i + 8 <= bytes.size(); i += 8) {
            first += (big ? big_endian(bytes, i) : little_endian(bytes, i)) + second;
            second += (big ? big_endian(bytes, i + 4) : little_endian(bytes, i + 4)) + first;
        }
    }
    [[nodiscard]] bool is_at(std::span<const unsigned char> bytes, std::size_t at) const {
        return first == big_endian(bytes, at) && second == big_endian(bytes, at + 4);
    }
};

}  // namespace

bool is_damaged_log(std::span<const unsigned char> bytes) {
    if (bytes.size() < kHeaderBytes) {
        return false;
    }
    const std::uint32_t magic = big_endian(bytes, 0);
    const std::size_t page = big_endian(bytes, 8);
    Checksum sum{.big = (magic & 1U) != 0};
    sum.add(bytes.subspan(0, 24));
    const bool header_sound = (magic & ~1U) == kMagic && page >= 512 && page <= 65536 &&
                              (page & (page - 1)) == 0 && sum.is_at(bytes, 24);
    if (!header_sound) {
        // The header is on the disk before the first frame is written.
        return bytes.size() > kHeaderBytes;
    }
    bool broken = false;
    const std::size_t stride = kFrameHeaderBytes + page;
    for (std::size_t at = kHeaderBytes; at + stride <= bytes.size(); at += stride) {
        const auto frame = bytes.subspan(at, stride);
        const bool this_round = big_endian(frame, 8) == big_endian(bytes, 16) &&
                                big_endian(frame, 12) == big_endian(bytes, 20);
        if (!this_round) {
            broken = true;  // left from before the log was begun anew, or overwritten
            continue;
        }
        if (broken) {
            if (big_endian(frame, 4) != 0) {  // the last frame of a change
                return true;
            }
            continue;
        }
        sum.add(frame.subspan(0, 8));
        sum.add(frame.subspan(kFrameHeaderBytes));
        broken = !sum.is_at(frame, 16);
    }
    return false;
}

bool is_damaged_log(const std::filesystem::path& log) {
    std::ifstream in(log, std::ios::binary);
    if (!in) {
        return false;
    }
    const std::vector<char> content{std::istreambuf_iterator<char>(in),
                                    std::istreambuf_iterator<char>()};
    return is_damaged_log({reinterpret_cast<const unsigned char*>(content.data()), content.size()});
}

}  // namespace dsm
