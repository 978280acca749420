#include "dsp/dicom/dicom_folder.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <exception>
#include <string>
#include <system_error>

#include "dsp/dicom/attributes.h"
#include "dsp/dicom/dicom_file.h"
#include "dsp/dicom/file_bytes.h"
#include "dsp/dicom/meta_header.h"

namespace dsm {

using namespace dicom;
namespace fs = std::filesystem;

namespace {

constexpr const char* kDicomdirClass = "1.2.840.10008.1.3.10";
// Presentation states, structured reports and key objects, encapsulated documents: PS3.4 B.5.
constexpr std::array kClassesWithoutImage{
    "1.2.840.10008.5.1.4.1.1.11.", "1.2.840.10008.5.1.4.1.1.88.", "1.2.840.10008.5.1.4.1.1.104."};

// A data set without preamble begins with group 0008 (or its meta group 0002) and either a value
// representation of two capitals or a short length.
bool begins_like_a_data_set(FileBytes& bytes) {
    if (!bytes.has(0, 16)) {
        return false;
    }
    for (const bool big_endian : {false, true}) {
        const std::uint16_t group = bytes.word(0, big_endian);
        const std::uint16_t element = bytes.word(2, big_endian);
        if ((group != 0x0008 && group != 0x0002) || element > 0x0100) {
            continue;
        }
        const bool explicit_vr = std::isupper(bytes.at(4)) != 0 && std::isupper(bytes.at(5)) != 0;
        if (explicit_vr || bytes.long_word(4, big_endian) <= 128) {
            return true;
        }
    }
    return false;
}

// The file a record names; disks often have the names in another case than the record.
fs::path referenced_file(DcmItem& record, const fs::path& folder) {
    fs::path relative;
    for (const std::string& part : texts(record, {0x0004, 0x1500})) {
        if (part.empty() || part == ".." || part == "." || part.find('/') != std::string::npos) {
            return {};
        }
        relative /= part;
    }
    std::error_code problem;
    if (relative.empty() || fs::is_regular_file(folder / relative, problem)) {
        return relative.empty() ? fs::path() : folder / relative;
    }
    std::string lower = relative.string();
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return fs::is_regular_file(folder / lower, problem) ? folder / lower : fs::path();
}

}  // namespace

FileKind file_kind(const fs::path& file) {
    FileBytes bytes(file);
    const auto meta = read_meta_header(bytes);
    if (!meta) {
        return begins_like_a_data_set(bytes) ? FileKind::dicom : FileKind::not_dicom;
    }
    if (meta->sop_class_uid == kDicomdirClass) {
        return FileKind::directory;
    }
    const bool without_image =
        std::any_of(kClassesWithoutImage.begin(), kClassesWithoutImage.end(),
                    [&](const char* root) { return meta->sop_class_uid.starts_with(root); });
    return without_image ? FileKind::without_image : FileKind::dicom;
}

Result<std::vector<fs::path>> images_of_dicomdir(const fs::path& dicomdir) try {
    auto loaded = DicomFile::load(dicomdir);
    if (!loaded) {
        return tl::unexpected(loaded.error());
    }
    DcmItem& data = (*loaded)->dataset();
    constexpr Tag kRecords{0x0004, 0x1220};
    std::vector<fs::path> files;
    unsigned long images = 0;
    for (DcmItem* record : items(data, kRecords)) {
        if (text(*record, {0x0004, 0x1430}) != "IMAGE") {
            continue;
        }
        ++images;
        fs::path file = referenced_file(*record, dicomdir.parent_path());
        if (!file.empty()) {
            files.push_back(std::move(file));
        }
    }
    if (files.empty()) {
        return fail(ErrorKind::not_found, dicomdir.string(),
                    images == 0 ? "lists no image"
                                : "none of its " + std::to_string(images) + " images is there",
                    "name the folder that holds the images");
    }
    return files;
} catch (const std::exception& surprise) {
    return fail(ErrorKind::unreadable, dicomdir.string(),
                std::string("cannot be read (") + surprise.what() + ")",
                "name the folder that holds the images");
}

}  // namespace dsm
