#include "dsp/dicom/charset.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcspchrs.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/ofstd/ofchrenc.h>

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

TextReader::TextReader(DcmItem& data) : data_(data), declared_(text(data, {0x0008, 0x0005})) {
    if (declared_.empty() || declared_ == "ISO_IR 192") {
        return;
    }
    auto converter = std::make_unique<DcmSpecificCharacterSet>();
    // OFString is std::string only in some builds of DCMTK.
    // NOLINTNEXTLINE(readability-redundant-string-cstr)
    if (converter->selectCharacterSet(declared_.c_str()).good()) {
        converter_ = std::move(converter);
        return;
    }
    // DCMTK does not find the Japanese sets of ISO 2022 in the C library, which has them whole.
    const bool is_japanese = declared_.find("ISO 2022 IR 87") != std::string::npos ||
                             declared_.find("ISO 2022 IR 159") != std::string::npos;
    auto japanese = std::make_unique<OFCharacterEncoding>();
    if (is_japanese && japanese->selectEncoding("ISO-2022-JP-2", "UTF-8").good()) {
        japanese_ = std::move(japanese);
    } else {
        warning_ =
            "Specific Character Set (0008,0005) '" + declared_ + "' unknown: names may be wrong";
    }
}

TextReader::~TextReader() = default;

std::string TextReader::convert(const std::string& raw, const char* delimiters) {
    if (converter_ || japanese_) {
        OFString converted;
        const OFString source(raw.data(), raw.size());
        const OFCondition status = converter_
                                       ? converter_->convertString(source, converted, delimiters)
                                       : japanese_->convertString(source, converted);
        if (status.good()) {
            return printable_utf8(std::string_view(converted.c_str(), converted.length()));
        }
        warning_ = "text does not fit Specific Character Set (0008,0005) '" + declared_ +
                   "': names may be wrong";
    } else if (declared_.empty() && !is_utf8(raw)) {
        warning_ = "Specific Character Set (0008,0005) absent: text is read as Latin 1";
    }
    return printable_utf8(raw);
}

std::string TextReader::read(Tag tag) {
    return convert(raw_text(data_, tag), "\\");
}

std::string TextReader::read_person(Tag tag) {
    return convert(raw_text(data_, tag), "\\^=");
}

}  // namespace dsm::dicom
