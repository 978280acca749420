#include "dsp/dicom/objects/secondary_capture.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include "dsp/dicom/objects/object_header.h"

namespace dsm {

using dicom::AttributeWriter;

Result<ObjectReference> write_secondary_capture(const std::filesystem::path& file,
                                                ObjectSource& source,
                                                const CapturedPicture& picture) {
    const auto view = picture.grey.view();
    if (view.width() < 1 || view.height() < 1 || view.width() > 65535 || view.height() > 65535) {
        return fail(ErrorKind::invalid_input, file.string(), "the picture is empty or too large",
                    "please report it");
    }
    std::vector<std::uint8_t> bytes;
    bytes.reserve(picture.grey.extent().pixels());
    for (int y = 0; y < view.height(); ++y) {
        const auto row = view.row_span(y);
        bytes.insert(bytes.end(), row.begin(), row.end());
    }
    DcmFileFormat format;
    AttributeWriter to(*format.getDataset());
    const ObjectReference made =
        put_common_modules(to, source, {UID_SecondaryCaptureImageStorage, "OT", "DSM key images"});
    to.text({0x0008, 0x0008}, "DERIVED\\SECONDARY");
    to.text({0x0008, 0x0064}, "WSD");
    put_content_time(to, source);
    to.empty({0x0020, 0x0020});
    to.free_text({0x0008, 0x2111}, picture.description);
    to.free_text({0x0020, 0x4000}, picture.description);
    put_source_images(to, {0x0008, 0x2112}, source.info(), picture.frames);
    to.text({0x0028, 0x0301}, "YES");  // the marks are burnt in
    to.word({0x0028, 0x0002}, 1);
    to.text({0x0028, 0x0004}, "MONOCHROME2");
    to.word({0x0028, 0x0010}, view.height());
    to.word({0x0028, 0x0011}, view.width());
    to.word({0x0028, 0x0100}, 8);
    to.word({0x0028, 0x0101}, 8);
    to.word({0x0028, 0x0102}, 7);
    to.word({0x0028, 0x0103}, 0);
    to.text({0x0028, 0x2110}, source.info().lossy ? "01" : "00");
    to.other_bytes({0x7FE0, 0x0010}, bytes);
    return save_object(file, format, to, made);
}

}  // namespace dsm
