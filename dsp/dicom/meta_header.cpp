#include "dsp/dicom/meta_header.h"

#include <algorithm>
#include <string_view>

namespace dsm::dicom {

namespace {

constexpr std::uint64_t kPreambleBytes = 128;
constexpr std::uint16_t kMetaGroup = 0x0002;
constexpr std::uint32_t kLongestUid = 128;  // 64 by the standard

bool has_long_length(std::string_view vr) {
    return vr == "OB" || vr == "OW" || vr == "UN" || vr == "SQ" || vr == "UT";
}

std::string uid_at(FileBytes& bytes, std::uint64_t begin, std::uint32_t length) {
    std::string uid;
    for (std::uint64_t i = begin; i < begin + std::min(length, kLongestUid); ++i) {
        const char c = static_cast<char>(bytes.at(i));
        if (c != '\0' && c != ' ') {
            uid += c;
        }
    }
    return uid;
}

}  // namespace

std::optional<MetaHeader> read_meta_header(FileBytes& bytes) {
    constexpr std::string_view kMagic = "DICM";
    for (std::size_t i = 0; i < kMagic.size(); ++i) {
        if (bytes.at(kPreambleBytes + i) != static_cast<std::uint8_t>(kMagic[i])) {
            return std::nullopt;
        }
    }
    MetaHeader meta;
    meta.data_begin = kPreambleBytes + kMagic.size();
    while (bytes.has(meta.data_begin, 8) && bytes.word(meta.data_begin, false) == kMetaGroup) {
        const std::uint16_t element = bytes.word(meta.data_begin + 2, false);
        const char vr[2] = {static_cast<char>(bytes.at(meta.data_begin + 4)),
                            static_cast<char>(bytes.at(meta.data_begin + 5))};
        const bool is_long = has_long_length({vr, 2});
        const std::uint64_t value = meta.data_begin + (is_long ? 12 : 8);
        const std::uint32_t length = is_long ? bytes.long_word(meta.data_begin + 8, false)
                                             : bytes.word(meta.data_begin + 6, false);
        if (!bytes.has(value, length)) {
            break;
        }
        if (element == 0x0002) {
            meta.sop_class_uid = uid_at(bytes, value, length);
        } else if (element == 0x0010) {
            meta.transfer_syntax_uid = uid_at(bytes, value, length);
        }
        meta.data_begin = value + length;
    }
    return meta;
}

}  // namespace dsm::dicom
