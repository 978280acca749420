#include "dsp/dicom/dicom_file.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcrledrg.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmjpeg/djdecode.h>
#include <dcmtk/dcmjpls/djdecode.h>
#include <dcmtk/oflog/oflog.h>

#include <mutex>
#include <system_error>

namespace dsm::dicom {

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

DicomFile::DicomFile() : format_(std::make_unique<DcmFileFormat>()) {}
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
    std::unique_ptr<DicomFile> loaded(new DicomFile);
    loaded->path_ = file;
    const OFCondition status = loaded->format_->loadFile(file.c_str());
    if (status.bad()) {
        return fail(ErrorKind::unreadable, file.string(),
                    std::string("not a readable DICOM file (") + status.text() + ")",
                    "export it again from its source");
    }
    const DcmXfer syntax(loaded->dataset().getOriginalXfer());
    loaded->transfer_syntax_uid_ = syntax.getXferID();
    return loaded;
}

}  // namespace dsm::dicom
