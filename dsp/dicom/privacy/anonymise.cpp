#include "dsp/dicom/privacy/anonymise.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <random>

#include "dsp/core/atomic_file.h"
#include "dsp/core/version.h"
#include "dsp/dicom/attributes.h"
#include "dsp/dicom/dicom_file.h"
#include "dsp/dicom/objects/attribute_writer.h"
#include "dsp/dicom/privacy/kept_attributes.h"
#include "dsp/dicom/run_reader.h"

namespace dsm {
namespace {

using namespace dicom;
using Digest = std::array<unsigned char, 32>;

Digest hash(const std::string& secret, const std::string& text) {
    Digest digest{};
    unsigned int size = digest.size();
    HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
         reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &size);
    return digest;
}

// The first 15 bytes as a whole number: 36 digits at most, without leading zeros.
std::string whole_number(Digest digest) {
    constexpr std::size_t kBytes = 15;
    std::string digits;
    for (int place = 0; place < 37; ++place) {
        unsigned rest = 0;
        for (std::size_t i = 0; i < kBytes; ++i) {
            const unsigned value = rest << 8U | digest[i];
            digest[i] = static_cast<unsigned char>(value / 10);
            rest = value % 10;
        }
        digits.insert(digits.begin(), static_cast<char>('0' + rest));
    }
    const auto first = digits.find_first_not_of('0');
    return first == std::string::npos ? "1" : digits.substr(first);
}

std::string hex(const Digest& digest, std::size_t bytes) {
    std::string text;
    for (std::size_t i = 0; i < bytes; ++i) {
        char two[3];
        std::snprintf(two, sizeof two, "%02X", unsigned{digest[i]});
        text += two;
    }
    return text;
}

// One to ten years back, the same for all of a patient's dates.
int days_for(const std::string& secret, const std::string& patient) {
    const Digest digest = hash(secret, "dates of " + patient);
    const unsigned number = unsigned{digest[0]} << 8U | digest[1];
    return -static_cast<int>(365 + number % 3285);
}

// "20260301..." so many days later; empty where it is no date.
std::string shifted(const std::string& value, int days) {
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    const auto part = [&](std::size_t at, std::size_t length, auto& into) {
        const char* from = value.data() + at;
        return std::from_chars(from, from + length, into).ptr == from + length;
    };
    if (value.size() < 8 || !part(0, 4, year) || !part(4, 2, month) || !part(6, 2, day)) {
        return {};
    }
    using namespace std::chrono;
    const year_month_day date{std::chrono::year(year), std::chrono::month(month),
                              std::chrono::day(day)};
    if (!date.ok()) {
        return {};
    }
    const year_month_day moved{sys_days(date) + std::chrono::days(days)};
    char text[16];
    std::snprintf(text, sizeof text, "%04d%02u%02u", static_cast<int>(moved.year()),
                  static_cast<unsigned>(moved.month()), static_cast<unsigned>(moved.day()));
    return text + value.substr(8);
}

class Cleaner {
 public:
    Cleaner(const Anonymiser& anonymiser, const AnonymiseOptions& options, int days,
            AnonymiseReport& report)
        : anonymiser_(anonymiser), options_(options), days_(days), report_(report) {}

    void clean(DcmItem& item) {
        std::vector<DcmElement*> all;
        for (DcmObject* object = item.nextInContainer(nullptr); object != nullptr;
             object = item.nextInContainer(object)) {
            if (auto* element = dynamic_cast<DcmElement*>(object)) {
                all.push_back(element);
            }
        }
        for (DcmElement* element : all) {
            if (!clean_one(item, *element)) {
                note("removed", *element);
                delete item.remove(element);
            }
        }
    }

 private:
    void note(const char* done, DcmElement& element) {
        DcmTag tag = element.getTag();
        const Tag key{element.getGTag(), element.getETag()};
        const bool is_private = key.group % 2 != 0;
        ++report_.changes[std::string(done) + " " +
                          (is_private ? "private attributes"
                                      : to_string(key) + " " + tag.getTagName())];
    }

    bool clean_one(DcmItem& item, DcmElement& element) {
        const Tag tag{element.getGTag(), element.getETag()};
        switch (kept(tag)) {
            case Kept::as_it_is:
                return true;
            case Kept::as_new_uid:
                return replace_uid(item, element, tag);
            case Kept::as_dummy:
                element.putString("ANONYMISED");
                note("replaced", element);
                return true;
            case Kept::as_sequence:
                for (DcmItem* each : items(item, tag)) {
                    clean(*each);
                }
                return true;
            case Kept::as_date: {
                const std::string moved = shifted(text(item, tag), days_);
                if (!options_.shift_dates || moved.empty()) {
                    return false;
                }
                element.putString(moved.c_str());
                note("shifted", element);
                return true;
            }
            case Kept::as_device:
                return options_.keep_device;
            case Kept::no:
                break;
        }
        return false;
    }

    bool replace_uid(DcmItem& item, DcmElement& element, Tag tag) {
        const std::string old = text(item, tag);
        const std::string replacement = anonymiser_.new_uid_for(old);
        if (replacement != old) {
            element.putString(replacement.c_str());
            note("replaced", element);
        }
        return true;
    }

    const Anonymiser& anonymiser_;
    const AnonymiseOptions& options_;
    int days_;
    AnonymiseReport& report_;
};

// Type 2 attributes stay, empty; the patient gets a name and an ID that say nothing.
void put_subject(AttributeWriter& to, const std::string& subject, bool dates_stay,
                 bool device_stays) {
    for (const Tag tag : {Tag{0x0008, 0x0050}, Tag{0x0008, 0x0090}, Tag{0x0010, 0x0030},
                          Tag{0x0010, 0x0040}, Tag{0x0020, 0x0010}, Tag{0x0008, 0x0030}}) {
        to.empty(tag);
    }
    if (!dates_stay) {
        to.empty({0x0008, 0x0020});
    }
    if (!device_stays) {
        to.empty({0x0008, 0x0070});
    }
    to.text({0x0010, 0x0010}, "ANONYMOUS^" + subject);
    to.text({0x0010, 0x0020}, subject);
}

// PS3.15 E.1.1 c, d: that and how it was done, with the codes of CID 7050.
void put_method(AttributeWriter& to, const AnonymiseOptions& options) {
    to.text({0x0012, 0x0062}, "YES");
    to.free_text({0x0012, 0x0063},
                 std::string("dsm ") + kVersion + ", only listed attributes kept");
    to.code({0x0012, 0x0064}, {"113100", "DCM", "Basic Application Confidentiality Profile"});
    if (!options.blank_px.empty()) {
        to.code({0x0012, 0x0064}, {"113101", "DCM", "Clean Pixel Data Option"});
    }
    if (options.shift_dates) {
        to.code(
            {0x0012, 0x0064},
            {"113107", "DCM", "Retain Longitudinal Temporal Information Modified Dates Option"});
    }
    if (options.keep_device) {
        to.code({0x0012, 0x0064}, {"113109", "DCM", "Retain Device Identity Option"});
    }
    to.text({0x0028, 0x0303}, options.shift_dates ? "MODIFIED" : "REMOVED");
}

void warn_of_text(DcmItem& data, const AnonymiseOptions& options, AnonymiseReport& report) {
    const std::string burnt_in = text(data, {0x0028, 0x0301});
    const bool capture = text(data, {0x0008, 0x0008}).find("SECONDARY") != std::string::npos;
    if (burnt_in == "NO" && !capture) {
        return;
    }
    if (options.blank_px.empty()) {
        report.warnings.emplace_back(
            burnt_in == "YES"
                ? "text is burnt into the pixels (0028,0301): look at them, and blank "
                  "where it stands"
                : "the file does not say that no text is burnt into the pixels "
                  "(0028,0301): look at them");
    }
}

// Every frame decoded, blanked and put back uncompressed.
Result<void> blank(const std::filesystem::path& from, DcmDataset& data,
                   const std::vector<PixelRect>& regions) {
    auto run = RunReader::open(from);
    if (!run) {
        return tl::unexpected(run.error());
    }
    const RunInfo& info = (*run)->info();
    for (const PixelRect& r : regions) {
        if (r.x < 0 || r.y < 0 || r.width < 1 || r.height < 1 ||
            r.width > info.extent.width - r.x || r.height > info.extent.height - r.y) {
            return fail(ErrorKind::invalid_input, from.string(),
                        "a region to blank lies outside its " + std::to_string(info.extent.width) +
                            " x " + std::to_string(info.extent.height) + " pixels",
                        "correct --blank");
        }
    }
    const auto word_bytes = static_cast<std::size_t>(info.bits_allocated == 8 ? 1 : 2);
    const std::size_t row_bytes = static_cast<std::size_t>(info.extent.width) * word_bytes;
    std::vector<Uint8> all;
    for (FrameIndex frame = 0; frame < info.frames; ++frame) {
        auto decoded = (*run)->read_decoded(frame);
        if (!decoded) {
            return tl::unexpected(decoded.error());
        }
        const std::size_t begin = all.size();
        all.insert(all.end(), decoded->begin(), decoded->end());
        for (const PixelRect& r : regions) {
            for (int y = r.y; y < r.y + r.height; ++y) {
                const auto at =
                    static_cast<std::ptrdiff_t>(begin + static_cast<std::size_t>(y) * row_bytes +
                                                static_cast<std::size_t>(r.x) * word_bytes);
                std::fill_n(all.begin() + at, static_cast<std::size_t>(r.width) * word_bytes,
                            Uint8{0});
            }
        }
    }
    delete data.remove(DCM_PixelData);
    delete data.remove(DCM_ExtendedOffsetTable);
    delete data.remove(DCM_ExtendedOffsetTableLengths);
    OFCondition status;
    if (word_bytes == 1) {
        all.resize(all.size() + all.size() % 2);
        status = data.putAndInsertUint8Array(DcmTag(DCM_PixelData, EVR_OB), all.data(),
                                             static_cast<unsigned long>(all.size()));
    } else {
        std::vector<Uint16> words(all.size() / 2);
        for (std::size_t i = 0; i < words.size(); ++i) {
            words[i] = static_cast<Uint16>(all[2 * i] | all[2 * i + 1] << 8U);
        }
        status = data.putAndInsertUint16Array(DcmTag(DCM_PixelData, EVR_OW), words.data(),
                                              static_cast<unsigned long>(words.size()));
    }
    if (status.bad()) {
        return fail(ErrorKind::internal, from.string(), status.text(), "please report it");
    }
    return {};
}

std::string random_secret() {
    std::random_device source;
    std::string secret;
    for (int i = 0; i < 8; ++i) {
        const unsigned number = source();
        secret.append(reinterpret_cast<const char*>(&number), sizeof number);
    }
    return secret;
}

}  // namespace

Anonymiser::Anonymiser(AnonymiseOptions options, std::string secret)
    : options_(std::move(options)), secret_(secret.empty() ? random_secret() : std::move(secret)) {}

std::string Anonymiser::new_uid_for(const std::string& uid) const {
    const bool of_the_standard = uid.starts_with("1.2.840.10008.");
    return uid.empty() || of_the_standard ? uid : "2.25." + whole_number(hash(secret_, uid));
}

Result<AnonymiseReport> Anonymiser::copy(const std::filesystem::path& from,
                                         const std::filesystem::path& to) const {
    auto loaded = DicomFile::load(from);
    if (!loaded) {
        return tl::unexpected(loaded.error());
    }
    DcmDataset& source = (*loaded)->dataset();
    if (!(*loaded)->damage().empty() || text(source, {0x0008, 0x0016}).empty() ||
        text(source, {0x0008, 0x0018}).empty()) {
        return fail(ErrorKind::unreadable, from.string(),
                    (*loaded)->damage().empty()
                        ? "has no SOP Class (0008,0016) or Instance UID (0008,0018)"
                        : "is damaged (" + (*loaded)->damage() + ")",
                    "export it again from its source");
    }
    AnonymiseReport report;
    const std::string patient =
        raw_text(source, {0x0010, 0x0020}) + "\n" + raw_text(source, {0x0010, 0x0010});
    report.subject = hex(hash(secret_, "patient " + patient), 6);
    warn_of_text(source, options_, report);
    if (!options_.blank_px.empty()) {
        if (auto blanked = blank(from, source, options_.blank_px); !blanked) {
            return tl::unexpected(blanked.error());
        }
    }
    Cleaner(*this, options_, days_for(secret_, patient), report).clean(source);
    AttributeWriter writer(source);
    put_subject(writer, report.subject,
                options_.shift_dates && source.tagExistsWithValue(DCM_StudyDate),
                options_.keep_device && source.tagExists(DCM_Manufacturer));
    put_method(writer, options_);
    if (auto fine = writer.outcome(to.string()); !fine) {
        return tl::unexpected(fine.error());
    }
    const bool blanked = !options_.blank_px.empty();
    const E_TransferSyntax syntax = blanked || source.getOriginalXfer() == EXS_Unknown
                                        ? EXS_LittleEndianExplicit
                                        : source.getOriginalXfer();
    // A meta header of our own: the source's may name people and machines.
    const auto written =
        write_path_atomically(to, [&](const std::filesystem::path& temporary) -> Result<void> {
            DcmFileFormat format(&source);
            const OFCondition saved = format.saveFile(temporary.c_str(), syntax);
            if (saved.bad()) {
                return fail(ErrorKind::io, to.string(),
                            std::string("cannot be written: ") + saved.text(),
                            "check the folder and the disk");
            }
            return {};
        });
    return written.map([&] { return std::move(report); });
}

}  // namespace dsm
