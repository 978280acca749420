#include "dsp/dicom/network/file_to_send.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include "dsp/dicom/attributes.h"

namespace dsm::dicom {

Result<std::unique_ptr<DicomFile>> load_to_send(const std::filesystem::path& file) {
    auto loaded = DicomFile::load(file);
    if (!loaded) {
        return loaded;
    }
    if (!(*loaded)->damage().empty()) {
        return fail(ErrorKind::unreadable, file.string(),
                    "is damaged (" + (*loaded)->damage() + "): not sent", "export it again");
    }
    DcmItem& data = (*loaded)->dataset();
    if (text(data, {0x0008, 0x0016}).empty() || text(data, {0x0008, 0x0018}).empty()) {
        return fail(ErrorKind::unreadable, file.string(),
                    "has no SOP Class (0008,0016) or Instance UID (0008,0018): not sent",
                    "export it again");
    }
    return loaded;
}

}  // namespace dsm::dicom
