// Puts attributes into a data set that is being made. The first failure is kept, so that a writer
// puts everything and asks once. Private to dsp/dicom. Not thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "dsp/core/result.h"
#include "dsp/dicom/attributes.h"
#include "dsp/dicom/objects/coded_concept.h"

class OFCondition;

namespace dsm::dicom {

class AttributeWriter {
 public:
    explicit AttributeWriter(DcmItem& item);

    // As it is; backslashes part values.
    void text(Tag tag, const std::string& value);
    // What a person typed, as one value: UTF-8, control characters (but line ends in ST, LT and UT)
    // as blanks, cut to the characters its value representation may have (PS3.5 6.2).
    void free_text(Tag tag, const std::string& value);
    void decimals(Tag tag, std::span<const double> values);  // DS
    void decimal(Tag tag, double value) { decimals(tag, {&value, 1}); }
    void integers(Tag tag, std::span<const int> values);  // IS
    void integer(Tag tag, int value) { integers(tag, {&value, 1}); }
    void floats(Tag tag, std::span<const float> values);    // FL
    void doubles(Tag tag, std::span<const double> values);  // FD
    void word(Tag tag, int value) { words(tag, std::vector<int>{value}); }
    void words(Tag tag, const std::vector<int>& values);               // US
    void signed_words(Tag tag, const std::vector<int>& values);        // SS
    void signed_longs(Tag tag, const std::vector<int>& values);        // SL
    void other_words(Tag tag, std::span<const std::uint16_t> values);  // OW
    void other_bytes(Tag tag, std::span<const std::uint8_t> values);   // OB, padded to even
    // A block of this private creator in `group` (PS3.5 7.8) with one UT element, (gggg,1001).
    void private_text(std::uint16_t group, const std::string& creator, const std::string& value);
    void pointer(Tag tag, Tag to);  // AT
    void empty(Tag tag);
    // A new item at the end of a sequence.
    [[nodiscard]] AttributeWriter item(Tag sequence);
    void code(Tag sequence, const Code& code);
    // Copies an element, sequences too, where `from` has it.
    void copy(DcmItem& from, Tag tag);

    // The subject is `file`.
    [[nodiscard]] Result<void> outcome(const std::string& file) const;

 private:
    AttributeWriter(DcmItem* item, std::shared_ptr<std::string> problem)
        : item_(item), problem_(std::move(problem)) {}
    void keep(Tag tag, const OFCondition& status);

    DcmItem* item_;
    std::shared_ptr<std::string> problem_;
};

// A Decimal String of at most 16 characters (PS3.5 6.2), as exact as that allows.
[[nodiscard]] std::string decimal_string(double value);
// "2.25." and a random UUID as a whole number (PS3.5 B.2).
[[nodiscard]] std::string new_uid();

}  // namespace dsm::dicom
