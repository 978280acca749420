#include "dsp/dicom/charset.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include "dsp/dicom/attributes.h"

namespace dsm::dicom {

namespace {

// Bytes of the UTF-8 sequence that begins `text`, 0 when there is none (RFC 3629).
std::size_t sequence_length(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(0);
    if (first < 0x80) {
        return 1;
    }
    const std::size_t length = first >= 0xC2 && first <= 0xDF   ? 2
                               : first >= 0xE0 && first <= 0xEF ? 3
                               : first >= 0xF0 && first <= 0xF4 ? 4
                                                                : 0;
    if (length == 0 || length > text.size()) {
        return 0;
    }
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0) != 0x80) {
            return 0;
        }
    }
    const bool overlong = (first == 0xE0 && byte(1) < 0xA0) || (first == 0xF0 && byte(1) < 0x90);
    const bool surrogate = first == 0xED && byte(1) > 0x9F;
    const bool too_large = first == 0xF4 && byte(1) > 0x8F;
    return overlong || surrogate || too_large ? 0 : length;
}

}  // namespace

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        const std::size_t length = sequence_length(text);
        if (length == 0) {
            return false;
        }
        text.remove_prefix(length);
    }
    return true;
}

std::string printable_utf8(std::string_view text) {
    const bool valid = is_utf8(text);
    std::string printable;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7F || (!valid && byte >= 0x80 && byte < 0xA0)) {
            printable += '?';
        } else if (byte < 0x80 || valid) {
            printable += c;
        } else {
            printable += static_cast<char>(0xC0 | (byte >> 6));
            printable += static_cast<char>(0x80 | (byte & 0x3F));
        }
    }
    return printable;
}

std::string convert_to_utf8(DcmItem& data) {
    const std::string named = text(data, {0x0008, 0x0005});
    if (named == "ISO_IR 192") {
        return {};
    }
    if (!named.empty()) {
        return data.convertToUTF8().good()
                   ? std::string()
                   : "text could not be converted from Specific Character Set (0008,0005) '" +
                         named + "': some of it may be wrong";
    }
    const char* name = nullptr;
    data.findAndGetString(DCM_PatientName, name);
    return name == nullptr || is_utf8(name)
               ? std::string()
               : "Specific Character Set (0008,0005) absent: text is read as Latin 1";
}

}  // namespace dsm::dicom
