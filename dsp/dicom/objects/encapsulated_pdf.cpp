#include "dsp/dicom/objects/encapsulated_pdf.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <fstream>
#include <iterator>
#include <system_error>
#include <vector>

#include "dsp/dicom/attributes.h"
#include "dsp/dicom/dicom_file.h"
#include "dsp/dicom/objects/object_header.h"

namespace dsm {
namespace {

constexpr std::uintmax_t kLargestDocument = 256U << 20U;

Result<std::vector<std::uint8_t>> document(const std::filesystem::path& pdf) {
    std::error_code problem;
    const auto size = std::filesystem::file_size(pdf, problem);
    if (problem) {
        return fail(ErrorKind::not_found, pdf.string(), "no such file", "check the path");
    }
    if (size > kLargestDocument) {
        return fail(ErrorKind::invalid_input, pdf.string(), "is larger than 256 MB",
                    "make the report smaller");
    }
    std::ifstream in(pdf, std::ios::binary);
    std::vector<char> bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    if (std::string_view(bytes.data(), std::min<std::size_t>(bytes.size(), 5)) != "%PDF-") {
        return fail(ErrorKind::unsupported, pdf.string(), "is no PDF", "name a PDF document");
    }
    return std::vector<std::uint8_t>(bytes.begin(), bytes.end());
}

}  // namespace

using dicom::AttributeWriter;

Result<ObjectReference> write_encapsulated_pdf(const std::filesystem::path& file,
                                               ObjectSource& source,
                                               const std::filesystem::path& pdf,
                                               const std::string& title) {
    auto bytes = document(pdf);
    if (!bytes) {
        return tl::unexpected(bytes.error());
    }
    DcmFileFormat format;
    AttributeWriter to(*format.getDataset());
    const ObjectReference made =
        put_common_modules(to, source, {UID_EncapsulatedPDFStorage, "DOC", "DSM report"});
    to.text({0x0008, 0x0064}, "WSD");
    put_content_time(to, source);
    to.text({0x0008, 0x002A}, source.made_date() + source.made_time());
    to.text({0x0028, 0x0301}, "YES");
    to.free_text({0x0042, 0x0010}, title);
    to.code({0x0040, 0xA043}, {"126000", "DCM", "Imaging Measurement Report"});
    put_source_images(to, {0x0042, 0x0013}, source.info());
    to.text({0x0042, 0x0012}, "application/pdf");
    to.other_bytes({0x0042, 0x0011}, *bytes);
    return save_object(file, format, to, made);
}

Result<std::string> read_encapsulated_pdf(const std::filesystem::path& file) {
    auto loaded = dicom::DicomFile::load(file);
    if (!loaded) {
        return tl::unexpected(loaded.error());
    }
    DcmItem& data = (*loaded)->dataset();
    const Uint8* bytes = nullptr;
    unsigned long count = 0;
    if (dicom::text(data, {0x0008, 0x0016}) != UID_EncapsulatedPDFStorage ||
        data.findAndGetUint8Array(DcmTagKey(0x0042, 0x0011), bytes, &count).bad() ||
        bytes == nullptr || count > kLargestDocument) {
        return fail(ErrorKind::unsupported, file.string(), "is no encapsulated PDF",
                    "name an encapsulated PDF");
    }
    std::string document(bytes, bytes + count);
    // Padded to an even length: the document itself ends with %%EOF and at most a line end.
    if (!document.empty() && document.back() == '\0') {
        document.pop_back();
    }
    return document;
}

}  // namespace dsm
