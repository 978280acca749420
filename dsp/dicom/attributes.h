// Tolerant reading of DICOM attributes: text trimmed, numbers from any value representation,
// nothing instead of an exception or a guess where a value is absent, empty or not a number.
// Private to dsp/dicom; safe to call from any thread as long as one thread owns the item.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

class DcmItem;

namespace dsm::dicom {

struct Tag {
    std::uint16_t group{};
    std::uint16_t element{};
    friend bool operator==(const Tag&, const Tag&) = default;
};

[[nodiscard]] std::string to_string(Tag);  // "(0018,1063)"

// True when the attribute is there, even if empty.
[[nodiscard]] bool has(DcmItem&, Tag);
// The values between backslashes, blanks trimmed; empty when absent or without value.
[[nodiscard]] std::vector<std::string> texts(DcmItem&, Tag);
// All values as one text; "" when absent.
[[nodiscard]] std::string text(DcmItem&, Tag);
// The bytes as they are in the file, outer padding removed; for text in other character sets.
[[nodiscard]] std::string raw_text(DcmItem&, Tag);
// Finite numbers only: a value that is no number is NaN in `numbers` and nothing in `number`.
[[nodiscard]] std::vector<double> numbers(DcmItem&, Tag);
[[nodiscard]] std::optional<double> number(DcmItem&, Tag);
// The first value as a whole number in the range of int.
[[nodiscard]] std::optional<int> integer(DcmItem&, Tag);
// Values of an AT attribute.
[[nodiscard]] std::vector<Tag> pointers(DcmItem&, Tag);
// Item `index` of a sequence; null when there is none.
[[nodiscard]] DcmItem* item(DcmItem&, Tag sequence, unsigned long index = 0);
// All items of a sequence, in order.
[[nodiscard]] std::vector<DcmItem*> items(DcmItem&, Tag sequence);
// 16-bit words of a US, SS or OW attribute.
[[nodiscard]] std::vector<std::uint16_t> words(DcmItem&, Tag);

// The number in `value`, blanks and a leading '+' allowed; nothing when it is not one.
[[nodiscard]] std::optional<double> parse_number(std::string value);

}  // namespace dsm::dicom
