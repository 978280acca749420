#include "dsp/dicom/objects/attribute_writer.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <random>

#include "dsp/dicom/charset.h"

namespace dsm::dicom {
namespace {

DcmTag dcm(Tag tag) {
    return DcmTag(tag.group, tag.element);
}

// Characters, not bytes: UTF-8 continuation bytes begin a new one never (RFC 3629).
std::string first_characters(const std::string& text, std::size_t most) {
    std::size_t characters = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool begins = (static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U;
        if (begins && ++characters > most) {
            return text.substr(0, i);
        }
    }
    return text;
}

// PS3.5 6.2: the most characters of one value, and whether it may hold lines and backslashes.
struct TextLimit {
    std::size_t characters;
    bool lines;
};
TextLimit limit_of(DcmEVR vr) {
    switch (vr) {
        case EVR_SH:
        case EVR_CS:
            return {16, false};
        case EVR_ST:
            return {1024, true};
        case EVR_LT:
            return {10240, true};
        case EVR_UT:
            return {0x7fffffff, true};
        default:
            return {64, false};
    }
}

std::string as_one_value(const std::string& typed, TextLimit limit) {
    std::string clean;
    for (const char c : is_utf8(typed) ? typed : printable_utf8(typed)) {
        const auto byte = static_cast<unsigned char>(c);
        if (limit.lines && (c == '\n' || c == '\r')) {
            clean += c;
        } else if (byte < 0x20 || byte == 0x7F) {
            clean += ' ';
        } else {
            clean += !limit.lines && c == '\\' ? '/' : c;
        }
    }
    return first_characters(clean, limit.characters);
}

template <class T, class Write>
std::string joined(std::span<const T> values, Write write) {
    std::string all;
    for (const T& value : values) {
        all += (all.empty() ? "" : "\\") + write(value);
    }
    return all;
}

}  // namespace

AttributeWriter::AttributeWriter(DcmItem& item)
    : item_(&item), problem_(std::make_shared<std::string>()) {}

void AttributeWriter::keep(Tag tag, const OFCondition& status) {
    if (status.bad() && problem_->empty()) {
        *problem_ = to_string(tag) + " cannot be written: " + status.text();
    }
}

void AttributeWriter::text(Tag tag, const std::string& value) {
    keep(tag, item_->putAndInsertOFStringArray(dcm(tag), OFString(value.c_str(), value.size())));
}

void AttributeWriter::free_text(Tag tag, const std::string& value) {
    text(tag, as_one_value(value, limit_of(dcm(tag).getEVR())));
}

void AttributeWriter::decimals(Tag tag, std::span<const double> values) {
    text(tag, joined(values, decimal_string));
}

void AttributeWriter::integers(Tag tag, std::span<const int> values) {
    text(tag, joined(values, [](int value) { return std::to_string(value); }));
}

void AttributeWriter::floats(Tag tag, std::span<const float> values) {
    keep(tag, item_->putAndInsertFloat32Array(dcm(tag), values.data(),
                                              static_cast<unsigned long>(values.size())));
}

void AttributeWriter::doubles(Tag tag, std::span<const double> values) {
    keep(tag, item_->putAndInsertFloat64Array(dcm(tag), values.data(),
                                              static_cast<unsigned long>(values.size())));
}

void AttributeWriter::words(Tag tag, const std::vector<int>& values) {
    std::vector<Uint16> words(values.begin(), values.end());
    keep(tag, item_->putAndInsertUint16Array(DcmTag(dcm(tag), EVR_US), words.data(),
                                             static_cast<unsigned long>(words.size())));
}

void AttributeWriter::signed_words(Tag tag, const std::vector<int>& values) {
    std::vector<Sint16> words(values.begin(), values.end());
    keep(tag, item_->putAndInsertSint16Array(DcmTag(dcm(tag), EVR_SS), words.data(),
                                             static_cast<unsigned long>(words.size())));
}

void AttributeWriter::other_words(Tag tag, std::span<const std::uint16_t> values) {
    keep(tag, item_->putAndInsertUint16Array(DcmTag(dcm(tag), EVR_OW), values.data(),
                                             static_cast<unsigned long>(values.size())));
}

void AttributeWriter::other_bytes(Tag tag, std::span<const std::uint8_t> values) {
    std::vector<Uint8> even(values.begin(), values.end());
    if (even.size() % 2 != 0) {
        even.push_back(0);
    }
    keep(tag, item_->putAndInsertUint8Array(DcmTag(dcm(tag), EVR_OB), even.data(),
                                            static_cast<unsigned long>(even.size())));
}

void AttributeWriter::signed_longs(Tag tag, const std::vector<int>& values) {
    std::vector<Sint32> longs(values.begin(), values.end());
    auto element = std::make_unique<DcmSignedLong>(dcm(tag));
    keep(tag, element->putSint32Array(longs.data(), static_cast<unsigned long>(longs.size())));
    keep(tag, item_->insert(element.release(), OFTrue));
}

void AttributeWriter::private_text(std::uint16_t group, const std::string& creator,
                                   const std::string& value) {
    const Tag reserved{group, 0x0010};
    const Tag element{group, 0x1001};
    keep(reserved, item_->putAndInsertString(DcmTag(dcm(reserved), EVR_LO), creator.c_str()));
    keep(element, item_->putAndInsertString(DcmTag(dcm(element), EVR_UT), value.c_str(),
                                            static_cast<Uint32>(value.size())));
}

void AttributeWriter::pointer(Tag tag, Tag to) {
    keep(tag, item_->putAndInsertTagKey(dcm(tag), DcmTagKey(to.group, to.element)));
}

void AttributeWriter::empty(Tag tag) {
    keep(tag, item_->insertEmptyElement(dcm(tag)));
}

AttributeWriter AttributeWriter::item(Tag sequence) {
    constexpr long kAppend = -2;
    DcmItem* made = nullptr;
    keep(sequence, item_->findOrCreateSequenceItem(dcm(sequence), made, kAppend));
    return {made == nullptr ? item_ : made, problem_};
}

void AttributeWriter::code(Tag sequence, const Code& code) {
    AttributeWriter entry = item(sequence);
    entry.free_text({0x0008, 0x0100}, code.value);
    entry.free_text({0x0008, 0x0102}, code.scheme);
    entry.free_text({0x0008, 0x0104}, code.meaning);
}

void AttributeWriter::copy(DcmItem& from, Tag tag) {
    if (from.tagExists(DcmTagKey(tag.group, tag.element))) {
        keep(tag, from.findAndInsertCopyOfElement(DcmTagKey(tag.group, tag.element), item_));
    }
}

Result<void> AttributeWriter::outcome(const std::string& file) const {
    if (problem_->empty()) {
        return {};
    }
    return fail(ErrorKind::internal, file, *problem_, "please report it");
}

std::string decimal_string(double value) {
    std::array<char, 40> digits{};
    for (int kept = 15; kept > 0; --kept) {
        const int length = std::snprintf(digits.data(), digits.size(), "%.*g", kept, value);
        if (length <= 16) {
            break;
        }
    }
    return digits.data();
}

std::string new_uid() {
    std::random_device source;
    // 128 random bits with the version and variant of RFC 4122, in base 1e9.
    std::array<std::uint32_t, 4> words{};
    for (auto& word : words) {
        word = source();
    }
    words[1] = (words[1] & 0xFFFF0FFFU) | 0x00004000U;
    words[2] = (words[2] & 0x3FFFFFFFU) | 0x80000000U;
    std::string digits;
    while (std::any_of(words.begin(), words.end(), [](std::uint32_t w) { return w != 0; })) {
        std::uint64_t rest = 0;
        for (auto& word : words) {
            const std::uint64_t value = (rest << 32U) | word;
            word = static_cast<std::uint32_t>(value / 10);
            rest = value % 10;
        }
        digits.insert(digits.begin(), static_cast<char>('0' + rest));
    }
    return "2.25." + digits;
}

}  // namespace dsm::dicom
