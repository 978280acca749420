#include "dsp/dicom/structure_check.h"

#include <array>
#include <cctype>
#include <cstdint>
#include <string_view>
#include <vector>

#include "dsp/dicom/file_bytes.h"
#include "dsp/dicom/meta_header.h"

namespace dsm::dicom {

namespace {

constexpr std::uint32_t kUndefined = 0xFFFFFFFF;
constexpr std::uint32_t kItem = 0xFFFEE000;
constexpr std::uint32_t kItemEnd = 0xFFFEE00D;
constexpr std::uint32_t kSequenceEnd = 0xFFFEE0DD;
constexpr std::uint32_t kPixelData = 0x7FE00010;
// With fewer item tags than this in the whole file, no reading of it can nest too deep.
constexpr int kHarmlessItemTags = 500;

enum class Walk { fine, too_deep, lost };

struct Header {
    std::uint32_t tag{};
    std::array<char, 2> vr{};
    std::uint32_t length{};
    std::uint64_t value{};  // where the value begins

    [[nodiscard]] bool is(std::string_view name) const {
        return std::string_view(vr.data(), 2) == name;
    }
};

// What is open at a point of the file; ends at `end`, or at a delimiter when that is not known.
struct Open {
    enum class Kind { data_set, sequence, item } kind{};
    std::uint64_t end{};
    bool delimited{};
    bool is_implicit{};  // inside UN of undefined length everything is implicit little endian
};

class Walker {
 public:
    Walker(FileBytes& bytes, std::uint64_t begin, bool is_implicit, bool big_endian)
        : bytes_(bytes), at_(begin), big_endian_(big_endian) {
        open_.push_back({Open::Kind::data_set, bytes.size(), false, is_implicit});
    }

    [[nodiscard]] Walk run() {
        while (true) {
            while (!open_.empty() && !open_.back().delimited && at_ >= open_.back().end) {
                open_.pop_back();
            }
            if (open_.empty() || !bytes_.has(at_, 8)) {
                return Walk::fine;
            }
            const Walk step = open_.back().kind == Open::Kind::sequence ? in_sequence() : in_item();
            if (step != Walk::fine) {
                return step;
            }
            if (open_.size() > 2 * std::size_t{kDeepestNesting}) {
                return Walk::too_deep;
            }
        }
    }

    [[nodiscard]] bool whole_header() const { return whole_header_; }

 private:
    [[nodiscard]] bool big() const { return big_endian_ && !open_.back().is_implicit; }
    [[nodiscard]] std::uint32_t tag_at(std::uint64_t position) {
        return std::uint32_t{bytes_.word(position, big())} << 16 | bytes_.word(position + 2, big());
    }
    void enter(Open::Kind kind, std::uint64_t begin, std::uint32_t length, bool is_implicit) {
        open_.push_back({kind, begin + length, length == kUndefined, is_implicit});
        at_ = begin;
    }

    [[nodiscard]] Walk in_sequence() {
        const std::uint32_t tag = tag_at(at_);
        const std::uint32_t length = bytes_.long_word(at_ + 4, big());
        if (tag == kItem) {
            enter(Open::Kind::item, at_ + 8, length, open_.back().is_implicit);
            return Walk::fine;
        }
        if (tag == kSequenceEnd) {
            open_.pop_back();
            at_ += 8;
            return Walk::fine;
        }
        return Walk::lost;
    }

    [[nodiscard]] Walk in_item() {
        const bool is_implicit = open_.back().is_implicit;
        Header header;
        header.tag = tag_at(at_);
        if (header.tag == kItemEnd && open_.back().kind == Open::Kind::item) {
            open_.pop_back();
            at_ += 8;
            return Walk::fine;
        }
        if (header.tag == kItem || header.tag == kItemEnd || header.tag == kSequenceEnd) {
            return Walk::lost;
        }
        if (!read_header(header, is_implicit)) {
            return Walk::lost;
        }
        return header.length == kUndefined ? undefined_length(header, is_implicit)
                                           : defined_length(header, is_implicit);
    }

    // False for what no value representation known to us begins with.
    [[nodiscard]] bool read_header(Header& header, bool is_implicit) {
        if (is_implicit) {
            header.length = bytes_.long_word(at_ + 4, big());
            header.value = at_ + 8;
            return true;
        }
        header.vr = {static_cast<char>(bytes_.at(at_ + 4)), static_cast<char>(bytes_.at(at_ + 5))};
        static constexpr std::array kLong{"OB", "OW", "OF", "OD", "OL", "OV", "SQ",
                                          "UC", "UN", "UR", "UT", "SV", "UV"};
        static constexpr std::array kShort{"AE", "AS", "AT", "CS", "DA", "DS", "DT",
                                           "FD", "FL", "IS", "LO", "LT", "PN", "SH",
                                           "SL", "SS", "ST", "TM", "UI", "UL", "US"};
        for (const char* vr : kLong) {
            if (header.is(vr)) {
                header.length = bytes_.long_word(at_ + 8, big());
                header.value = at_ + 12;
                return true;
            }
        }
        for (const char* vr : kShort) {
            if (header.is(vr)) {
                header.length = bytes_.word(at_ + 6, big());
                header.value = at_ + 8;
                return true;
            }
        }
        return false;
    }

    [[nodiscard]] Walk undefined_length(const Header& header, bool is_implicit) {
        const bool fragments = header.tag == kPixelData && (header.is("OB") || header.is("OW"));
        if (fragments) {
            skip_fragments(header.value);
            return Walk::fine;
        }
        if (!is_implicit && !header.is("SQ") && !header.is("UN")) {
            return Walk::lost;
        }
        enter(Open::Kind::sequence, header.value, kUndefined, is_implicit || header.is("UN"));
        return Walk::fine;
    }

    [[nodiscard]] Walk defined_length(const Header& header, bool is_implicit) {
        // Implicit files do not say what is a sequence; only one begins with an item.
        const bool is_sequence =
            header.is("SQ") || (is_implicit && header.length >= 8 && tag_at(header.value) == kItem);
        if (is_sequence) {
            enter(Open::Kind::sequence, header.value, header.length, is_implicit);
        } else {
            at_ = header.value + header.length;
            whole_header_ &= header.tag == kPixelData || at_ <= bytes_.size();
        }
        return Walk::fine;
    }

    void skip_fragments(std::uint64_t position) {
        while (bytes_.has(position, 8) && tag_at(position) == kItem) {
            position += 8 + std::uint64_t{bytes_.long_word(position + 4, big())};
        }
        at_ = position + 8;
    }

    FileBytes& bytes_;
    std::uint64_t at_;
    bool big_endian_;
    bool whole_header_{true};
    std::vector<Open> open_;
};

// Item tags anywhere in the file, whatever they are part of, in either byte order.
bool has_few_item_tags(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    std::vector<char> block(std::size_t{1} << 20);
    std::uint32_t last = 0;
    int found = 0;
    while (stream.read(block.data(), static_cast<std::streamsize>(block.size())),
           stream.gcount() > 0) {
        for (std::streamsize i = 0; i < stream.gcount(); ++i) {
            last = last << 8 | static_cast<std::uint8_t>(block[static_cast<std::size_t>(i)]);
            found += last == 0xFEFF00E0 || last == 0xFFFEE000 ? 1 : 0;
        }
    }
    return found <= kHarmlessItemTags;
}

}  // namespace

Result<FileStructure> check_structure(const std::filesystem::path& file) {
    FileBytes bytes(file);
    const auto meta = read_meta_header(bytes);
    Walk result = Walk::lost;  // without a transfer syntax the library will guess the encoding
    FileStructure structure;
    if (meta && !meta->transfer_syntax_uid.empty()) {
        const std::string& uid = meta->transfer_syntax_uid;
        Walker walker(bytes, meta->data_begin, uid == kImplicitLittleEndian,
                      uid == kExplicitBigEndian);
        result = walker.run();
        structure.whole_header = result == Walk::fine && walker.whole_header();
    }
    if (result == Walk::fine || (result == Walk::lost && has_few_item_tags(file))) {
        return structure;
    }
    return fail(ErrorKind::unreadable, {},
                result == Walk::too_deep
                    ? "sequences nest deeper than " + std::to_string(kDeepestNesting) + " levels"
                    : std::string("its data elements cannot be followed"),
                "export it again from its source");
}

}  // namespace dsm::dicom
