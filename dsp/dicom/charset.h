// Text of any origin as valid, printable UTF-8. Private to dsp/dicom.
#pragma once

#include <string>
#include <string_view>

class DcmItem;

namespace dsm::dicom {

[[nodiscard]] bool is_utf8(std::string_view text);
// Valid UTF-8 without control characters: other bytes are read as Latin 1, controls become '?', so
// that no header can garble a terminal or break a JSON file.
[[nodiscard]] std::string printable_utf8(std::string_view text);
// Converts all text of a data set from its Specific Character Set (0008,0005) to UTF-8. Returns a
// warning when that is not possible as declared; else "".
[[nodiscard]] std::string convert_to_utf8(DcmItem& data);

}  // namespace dsm::dicom
