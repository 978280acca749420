#include "dsp/dicom/attributes.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <charconv>
#include <cmath>
#include <cstdio>
#include <limits>
#include <string_view>
#include <system_error>

#include "dsp/dicom/charset.h"

namespace dsm::dicom {

namespace {

std::string without_padding(const std::string& value) {
    // Padding is blank (text) or zero bytes (UIDs); both occur on either side in real files.
    constexpr const char* kPadding = " \t\r\n\f\v";
    std::string kept = value.substr(0, value.find('\0'));
    const auto first = kept.find_first_not_of(kPadding);
    if (first == std::string::npos) {
        return {};
    }
    const auto last = kept.find_last_not_of(kPadding);
    return kept.substr(first, last - first + 1);
}

std::string trimmed(const std::string& value) {
    return printable_utf8(without_padding(value));
}

DcmElement* find(DcmItem& item, Tag tag) {
    DcmElement* element = nullptr;
    if (item.findAndGetElement(DcmTagKey(tag.group, tag.element), element).bad()) {
        return nullptr;
    }
    // No text or table of ours is that long; a length that lies must not cost memory.
    constexpr Uint32 kLongestValue = Uint32{16} << 20;
    return element != nullptr && tag != Tag{0x7FE0, 0x0010} && element->getLength() > kLongestValue
               ? nullptr
               : element;
}

}  // namespace

std::string to_string(Tag tag) {
    char buffer[16];
    std::snprintf(buffer, sizeof buffer, "(%04x,%04x)", unsigned{tag.group}, unsigned{tag.element});
    return buffer;
}

bool has(DcmItem& item, Tag tag) {
    return find(item, tag) != nullptr;
}

std::string raw_text(DcmItem& item, Tag tag) {
    DcmElement* element = find(item, tag);
    OFString whole;
    if (element == nullptr || element->getOFStringArray(whole, OFFalse).bad()) {
        return {};
    }
    return without_padding(std::string(whole.c_str(), whole.length()));
}

std::vector<std::string> texts(DcmItem& item, Tag tag) {
    const std::string all = raw_text(item, tag);
    if (all.empty()) {
        return {};
    }
    std::vector<std::string> values;
    std::size_t begin = 0;
    while (true) {
        const auto end = all.find('\\', begin);
        values.push_back(trimmed(all.substr(begin, end - begin)));
        if (end == std::string::npos) {
            break;
        }
        begin = end + 1;
    }
    if (values.size() == 1 && values.front().empty()) {
        values.clear();
    }
    return values;
}

std::string text(DcmItem& item, Tag tag) {
    std::string joined;
    for (const std::string& value : texts(item, tag)) {
        if (!joined.empty()) {
            joined += '\\';
        }
        joined += value;
    }
    return joined;
}

std::optional<double> parse_number(std::string value) {
    value = trimmed(value);
    if (value.starts_with('+')) {
        value.erase(0, 1);
    }
    double parsed = 0.0;
    const char* end = value.data() + value.size();
    const auto [stop, error] = std::from_chars(value.data(), end, parsed);
    if (error != std::errc{} || stop != end || !std::isfinite(parsed)) {
        return std::nullopt;
    }
    return parsed;
}

std::vector<double> numbers(DcmItem& item, Tag tag) {
    std::vector<double> values;
    for (const std::string& value : texts(item, tag)) {
        values.push_back(parse_number(value).value_or(std::numeric_limits<double>::quiet_NaN()));
    }
    return values;
}

std::optional<double> number(DcmItem& item, Tag tag) {
    const auto values = texts(item, tag);
    return values.empty() ? std::nullopt : parse_number(values.front());
}

std::optional<int> integer(DcmItem& item, Tag tag) {
    const auto value = number(item, tag);
    if (!value || *value < double{std::numeric_limits<int>::min()} ||
        *value > double{std::numeric_limits<int>::max()} || std::floor(*value) != *value) {
        return std::nullopt;
    }
    return static_cast<int>(*value);
}

std::vector<Tag> pointers(DcmItem& item, Tag tag) {
    std::vector<Tag> tags;
    for (const std::string& value : texts(item, tag)) {
        unsigned group = 0;
        unsigned element = 0;
        if (std::sscanf(value.c_str(), "(%4x,%4x)", &group, &element) == 2) {
            tags.push_back(
                {static_cast<std::uint16_t>(group), static_cast<std::uint16_t>(element)});
        }
    }
    return tags;
}

DcmItem* item(DcmItem& parent, Tag sequence, unsigned long index) {
    auto* items = dynamic_cast<DcmSequenceOfItems*>(find(parent, sequence));
    return items == nullptr || index >= items->card() ? nullptr : items->getItem(index);
}

std::vector<DcmItem*> items(DcmItem& parent, Tag sequence) {
    auto* all = dynamic_cast<DcmSequenceOfItems*>(find(parent, sequence));
    std::vector<DcmItem*> found;
    DcmObject* next = all == nullptr ? nullptr : all->nextInContainer(nullptr);
    for (; next != nullptr; next = all->nextInContainer(next)) {
        if (auto* entry = dynamic_cast<DcmItem*>(next)) {
            found.push_back(entry);
        }
    }
    return found;
}

std::vector<std::uint16_t> words(DcmItem& item, Tag tag) {
    DcmElement* element = find(item, tag);
    if (element == nullptr) {
        return {};
    }
    const std::size_t count = element->getLength() / 2;
    Uint16* values = nullptr;
    if (element->getUint16Array(values).good() && values != nullptr) {
        return {values, values + count};
    }
    Sint16* negative = nullptr;
    if (element->getSint16Array(negative).good() && negative != nullptr) {
        return {negative, negative + count};
    }
    return {};
}

}  // namespace dsm::dicom
