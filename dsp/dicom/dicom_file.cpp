#include "dsp/dicom/dicom_file.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcrledrg.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmjpeg/djdecode.h>
#include <dcmtk/dcmjpls/djdecode.h>
#include <dcmtk/oflog/oflog.h>

#include <mutex>
#include <system_error>

#include "dsp/dicom/attributes.h"
#include "dsp/dicom/inflate.h"
#include "dsp/dicom/meta_header.h"
#include "dsp/dicom/structure_check.h"

namespace dsm::dicom {

namespace {

constexpr const char* kExportAgain = "export it again from its source";

// The library's switch for damaged files is global: only one file at a time is read with it on,
// and none is being read with it off meanwhile.
std::mutex& parser_switch() {
    static std::mutex mutex;
    return mutex;
}

OFCondition load_tolerantly(DcmFileFormat& format, const std::filesystem::path& file) {
    // Values are left in the file, for one that is read at once still fails when cut short.
    constexpr Uint32 kReadNothing = 1;
    dcmIgnoreParsingErrors.set(OFTrue);
    const OFCondition status =
        format.loadFile(file.c_str(), EXS_Unknown, EGL_noChange, kReadNothing);
    dcmIgnoreParsingErrors.set(OFFalse);
    return status;
}

Error on(const std::filesystem::path& file, Error error) {
    error.subject = file.string();
    return error;
}

}  // namespace

void prepare_library() {
    static std::once_flag once;
    std::call_once(once, [] {
        // One line per failure on stderr is ours to write; the library's log would add its own.
        OFLog::configure(OFLogger::OFF_LOG_LEVEL);
        DcmRLEDecoderRegistration::registerCodecs();
        DJDecoderRegistration::registerCodecs();
        DJLSDecoderRegistration::registerCodecs();
    });
}

TemporaryFile::~TemporaryFile() {
    if (!path_.empty()) {
        std::error_code ignored;
        std::filesystem::remove(path_, ignored);
    }
}

DicomFile::DicomFile() = default;
DicomFile::~DicomFile() = default;

DcmDataset& DicomFile::dataset() {
    return *format_->getDataset();
}

Result<std::unique_ptr<DicomFile>> DicomFile::load(const std::filesystem::path& file) {
    prepare_library();
    std::error_code problem;
    if (!std::filesystem::exists(file, problem)) {
        return fail(ErrorKind::not_found, file.string(), "no such file", "check the path");
    }
    if (!std::filesystem::is_regular_file(file, problem)) {
        return fail(ErrorKind::invalid_input, file.string(), "not a file", "name a DICOM file");
    }
    FileBytes bytes(file);
    if (bytes.size() == 0) {
        return fail(ErrorKind::unreadable, file.string(), "empty, or no permission to read it",
                    "check the file");
    }
    std::unique_ptr<DicomFile> loaded(new DicomFile);
    std::filesystem::path parsed = file;
    const auto meta = read_meta_header(bytes);
    const bool deflated = meta && meta->transfer_syntax_uid == kDeflated;
    if (deflated) {
        auto inflated = inflate_to_temporary(file, meta->data_begin);
        if (!inflated) {
            return tl::unexpected(on(file, inflated.error()));
        }
        parsed = *inflated;
        loaded->inflated_ = TemporaryFile(parsed);
    }
    if (auto read = loaded->parse(parsed); !read) {
        return tl::unexpected(on(file, read.error()));
    }
    if (deflated) {
        loaded->syntax_uid_ = kDeflated;
        loaded->syntax_name_ = "Deflated Explicit VR Little Endian";
    }
    return loaded;
}

Result<void> DicomFile::parse(const std::filesystem::path& file) {
    const auto structure = check_structure(file);
    if (!structure) {
        return tl::unexpected(structure.error());
    }
    FileBytes bytes(file);
    size_bytes_ = bytes.size();
    const std::lock_guard lock(parser_switch());
    format_ = std::make_unique<DcmFileFormat>();
    OFCondition status = format_->loadFile(file.c_str());
    if (status.bad()) {
        const bool ends_early = status == EC_InvalidStream || status == EC_StreamNotifyClient;
        damage_ = ends_early ? "premature end of file" : status.text();
        if (structure->whole_header) {
            format_ = std::make_unique<DcmFileFormat>();
            status = load_tolerantly(*format_, file);
        }
    }
    DcmDataset& data = dataset();
    if (status.bad() && !read_meta_header(bytes)) {
        return fail(ErrorKind::unreadable, {},
                    "not a readable DICOM file (no DICM mark, no header that makes sense)",
                    "name a DICOM file");
    }
    if (status.bad() || data.card() == 0) {
        return fail(ErrorKind::unreadable, {},
                    "not a readable DICOM file (" + (damage_.empty() ? "no data" : damage_) + ")",
                    kExportAgain);
    }
    const DcmXfer syntax(data.getOriginalXfer());
    syntax_uid_ = syntax.getXferID();
    syntax_name_ = syntax.getXferName();
    if (DcmMetaInfo* meta = format_->getMetaInfo()) {
        const std::string named = text(*meta, {0x0002, 0x0010});
        if (!named.empty() && named != syntax_uid_) {
            syntax_uid_ = named;
        }
    }
    return {};
}

}  // namespace dsm::dicom
