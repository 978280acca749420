// Text of any origin as valid, printable UTF-8. Private to dsp/dicom.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "dsp/dicom/attributes.h"

class DcmItem;
class DcmSpecificCharacterSet;
class OFCharacterEncoding;

namespace dsm::dicom {

[[nodiscard]] bool is_utf8(std::string_view text);
// Valid UTF-8 without control characters: other bytes are read as Latin 1, controls become '?', so
// that no header can garble a terminal or break a JSON file.
[[nodiscard]] std::string printable_utf8(std::string_view text);
// Text attributes of one data set, from its Specific Character Set (0008,0005) to UTF-8.
class TextReader {
 public:
    explicit TextReader(DcmItem& data);
    ~TextReader();
    TextReader(const TextReader&) = delete;
    TextReader& operator=(const TextReader&) = delete;
    TextReader(TextReader&&) = delete;
    TextReader& operator=(TextReader&&) = delete;

    [[nodiscard]] std::string read(Tag tag);         // LO, SH, ST, LT, UC, UT
    [[nodiscard]] std::string read_person(Tag tag);  // PN, whose parts switch sets on their own
    // What could not be converted as declared so far; "" when all was.
    [[nodiscard]] const std::string& warning() const { return warning_; }

 private:
    [[nodiscard]] std::string convert(const std::string& raw, const char* delimiters);

    DcmItem& data_;
    std::unique_ptr<DcmSpecificCharacterSet> converter_;  // null: nothing to convert from
    std::unique_ptr<OFCharacterEncoding> japanese_;       // for sets DCMTK cannot convert itself
    std::string declared_, warning_;
};

}  // namespace dsm::dicom
