#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcuid.h>

#include "dsp/dicom/attributes.h"
#include "dsp/dicom/charset.h"
#include "dsp/dicom/functional_groups.h"
#include "dsp/dicom/run_header.h"

namespace dsm::dicom {

namespace {

bool is_x_ray_run_class(const std::string& uid) {
    return uid == UID_XRayAngiographicImageStorage ||
           uid == UID_XRayRadiofluoroscopicImageStorage || uid == UID_EnhancedXAImageStorage ||
           uid == UID_EnhancedXRFImageStorage;
}

bool is_secondary_capture(const std::string& uid) {
    return uid == UID_SecondaryCaptureImageStorage ||
           uid == UID_MultiframeGrayscaleByteSecondaryCaptureImageStorage ||
           uid == UID_MultiframeGrayscaleWordSecondaryCaptureImageStorage ||
           uid == UID_MultiframeTrueColorSecondaryCaptureImageStorage ||
           uid == UID_MultiframeSingleBitSecondaryCaptureImageStorage;
}

void warn_about_class(RunInfo& info) {
    if (is_x_ray_run_class(info.sop_class_uid)) {
        return;
    }
    if (is_secondary_capture(info.sop_class_uid)) {
        info.warnings.emplace_back(
            "secondary capture (0008,0016): display values only, perhaps processed; "
            "measured opacities may be off by a factor");
        if (info.modality == "XA" || info.modality == "RF") {
            return;
        }
    }
    info.warnings.push_back("not an X-ray run: " +
                            (info.sop_class_name.empty() ? "class unknown" : info.sop_class_name) +
                            ", modality " + (info.modality.empty() ? "unknown" : info.modality) +
                            " (0008,0060)");
}

}  // namespace

void read_identity(DcmItem& data, RunInfo& info) {
    info.sop_class_uid = text(data, {0x0008, 0x0016});
    const char* name = dcmFindNameOfUID(info.sop_class_uid.c_str(), "");
    info.sop_class_name = name == nullptr ? "" : name;
    info.sop_instance_uid = text(data, {0x0008, 0x0018});
    info.study_instance_uid = text(data, {0x0020, 0x000D});
    info.series_instance_uid = text(data, {0x0020, 0x000E});
    TextReader texts_in(data);
    info.patient_name = texts_in.read_person({0x0010, 0x0010});
    info.patient_id = texts_in.read({0x0010, 0x0020});
    info.study_description = texts_in.read({0x0008, 0x1030});
    info.series_description = texts_in.read({0x0008, 0x103E});
    info.manufacturer = texts_in.read({0x0008, 0x0070});
    if (!texts_in.warning().empty()) {
        info.warnings.push_back(texts_in.warning());
    }
    info.study_date = text(data, {0x0008, 0x0020});
    info.study_time = text(data, {0x0008, 0x0030});
    info.modality = text(data, {0x0008, 0x0060});
    info.series_number = integer(data, {0x0020, 0x0011}).value_or(0);
    info.instance_number = integer(data, {0x0020, 0x0013}).value_or(0);
    if (info.sop_instance_uid.empty()) {
        info.warnings.emplace_back(
            "no SOP Instance UID (0008,0018): results cannot be tied to this run");
    }
    warn_about_class(info);
}

}  // namespace dsm::dicom
