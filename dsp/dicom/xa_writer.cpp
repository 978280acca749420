#include "dsp/dicom/xa_writer.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcrleerg.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmjpeg/djencode.h>
#include <dcmtk/dcmjpeg/djrplol.h>
#include <dcmtk/dcmjpls/djencode.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "dsp/core/atomic_file.h"

namespace dsm {
namespace {

// Decimal String (PS3.5 6.2) holds 16 characters.
std::string decimal(double value, int digits = 6) {
    char text[32];
    for (int kept = digits; kept >= 0; --kept) {
        std::snprintf(text, sizeof text, "%.*f", kept, value);
        if (std::string(text).size() <= 16) {
            break;
        }
    }
    std::string out(text);
    if (out.find('.') != std::string::npos) {
        out.erase(out.find_last_not_of('0') + 1);
        if (out.back() == '.') {
            out.pop_back();
        }
    }
    return out;
}

// Collects the first failure of many put calls.
class Attributes {
 public:
    explicit Attributes(DcmItem& item) : item_(item) {}
    void text(const DcmTagKey& tag, const std::string& value) {
        keep(item_.putAndInsertString(tag, value.c_str()));
    }
    void word(const DcmTagKey& tag, int value) {
        keep(item_.putAndInsertUint16(tag, static_cast<Uint16>(value)));
    }
    void keep(const OFCondition& status) {
        if (first_.good() && status.bad()) {
            first_ = status;
        }
    }
    [[nodiscard]] const OFCondition& status() const { return first_; }
    [[nodiscard]] DcmItem& item() { return item_; }

 private:
    DcmItem& item_;
    OFCondition first_{EC_Normal};
};

bool evenly_spaced(const std::vector<double>& time_s) {
    if (time_s.size() < 2) {
        return true;
    }
    const double step = time_s[1] - time_s[0];
    for (std::size_t k = 1; k < time_s.size(); ++k) {
        if (std::abs(time_s[k] - time_s[k - 1] - step) > 1e-6) {
            return false;
        }
    }
    return true;
}

void put_identity(Attributes& to, const RunInfo& info) {
    const auto or_else = [](const std::string& value, const char* fallback) {
        return value.empty() ? std::string(fallback) : value;
    };
    to.text(DCM_SOPClassUID, UID_XRayAngiographicImageStorage);
    to.text(DCM_SOPInstanceUID, info.sop_instance_uid);
    to.text(DCM_StudyInstanceUID, info.study_instance_uid);
    to.text(DCM_SeriesInstanceUID, info.series_instance_uid);
    to.text(DCM_ImageType, "ORIGINAL\\PRIMARY\\SINGLE PLANE");
    to.text(DCM_PatientName, info.patient_name);
    to.text(DCM_PatientID, info.patient_id);
    to.text(DCM_PatientBirthDate, "");
    to.text(DCM_PatientSex, "");
    to.text(DCM_StudyDate, info.study_date);
    to.text(DCM_StudyTime, info.study_time);
    to.text(DCM_ContentDate, info.study_date);
    to.text(DCM_ContentTime, info.study_time);
    to.text(DCM_StudyID, "1");
    to.text(DCM_ReferringPhysicianName, "");
    to.text(DCM_AccessionNumber, "");
    to.text(DCM_Modality, "XA");
    to.text(DCM_SeriesNumber, std::to_string(std::max(1, info.series_number)));
    to.text(DCM_InstanceNumber, std::to_string(std::max(1, info.instance_number)));
    to.text(DCM_Manufacturer, or_else(info.manufacturer, "dsm"));
    to.text(DCM_BodyPartExamined, "TSPINE");
    if (!info.study_description.empty()) {
        to.text(DCM_StudyDescription, info.study_description);
    }
    if (!info.series_description.empty()) {
        to.text(DCM_SeriesDescription, info.series_description);
    }
}

void put_timing(Attributes& to, const RunInfo& info) {
    to.text(DCM_NumberOfFrames, std::to_string(info.frames));
    if (evenly_spaced(info.frame_time_s)) {
        const double step_s =
            info.frame_time_s.size() > 1 ? info.frame_time_s[1] - info.frame_time_s[0] : 0.0;
        to.keep(to.item().putAndInsertTagKey(DCM_FrameIncrementPointer, DCM_FrameTime));
        to.text(DCM_FrameTime, decimal(step_s * 1000.0));
        return;
    }
    std::string vector = "0";
    for (std::size_t k = 1; k < info.frame_time_s.size(); ++k) {
        vector += "\\" + decimal((info.frame_time_s[k] - info.frame_time_s[k - 1]) * 1000.0, 3);
    }
    to.keep(to.item().putAndInsertTagKey(DCM_FrameIncrementPointer, DCM_FrameTimeVector));
    to.text(DCM_FrameTimeVector, vector);
}

const char* letter(LeftInImage left) {
    switch (left) {
        case LeftInImage::towards_larger_x:
        case LeftInImage::towards_larger_y:
            return "L";
        case LeftInImage::towards_smaller_x:
        case LeftInImage::towards_smaller_y:
            return "R";
        case LeftInImage::undetermined:
            break;
    }
    return "";
}

const char* letter(HeadInImage head) {
    switch (head) {
        case HeadInImage::towards_larger_x:
        case HeadInImage::towards_larger_y:
            return "H";
        case HeadInImage::towards_smaller_x:
        case HeadInImage::towards_smaller_y:
            return "F";
        case HeadInImage::undetermined:
            break;
    }
    return "";
}

// Row direction, then column direction (PS3.3 C.7.6.1.1.1).
std::string patient_orientation(const RunInfo& info) {
    const std::string left = letter(info.left_in_image);
    const std::string head = letter(info.head_in_image);
    if (left.empty() || head.empty()) {
        return "";
    }
    const bool left_along_rows = info.left_in_image == LeftInImage::towards_larger_x ||
                                 info.left_in_image == LeftInImage::towards_smaller_x;
    return left_along_rows ? left + "\\" + head : head + "\\" + left;
}

const char* patient_position(PatientPosition position) {
    switch (position) {
        case PatientPosition::left_decubitus:
            return "HFDL";
        case PatientPosition::right_decubitus:
            return "HFDR";
        case PatientPosition::prone:
            return "HFP";
        case PatientPosition::supine:
            return "HFS";
        case PatientPosition::unknown:
            break;
    }
    return "";
}

void put_geometry(Attributes& to, const XaRun& run) {
    const RunInfo& info = run.info;
    to.text(DCM_PatientOrientation, patient_orientation(info));
    to.text(DCM_PositionerMotion, "STATIC");
    to.text(DCM_PositionerPrimaryAngle, decimal(info.primary_angle_deg.value_or(0.0)));
    to.text(DCM_PositionerSecondaryAngle, decimal(info.secondary_angle_deg.value_or(0.0)));
    if (const char* position = patient_position(info.position); *position != '\0') {
        to.text(DCM_PatientPosition, position);
    }
    if (info.spacing) {
        to.text(DCM_ImagerPixelSpacing, decimal(info.spacing->row_mm * run.magnification) + "\\" +
                                            decimal(info.spacing->column_mm * run.magnification));
        to.text(DCM_EstimatedRadiographicMagnificationFactor, decimal(run.magnification));
        to.text(DCM_DistanceSourceToDetector, decimal(run.source_to_detector_mm));
        to.text(DCM_DistanceSourceToPatient,
                decimal(run.source_to_detector_mm / run.magnification));
    }
}

// Plain XA has no sign attribute: MONOCHROME2 says that brighter means more X-rays.
// PS3.3 C.8.7.1.1.2: LOG values need the table that leads back to linear intensity.
void put_intensity(Attributes& to, const RunInfo& info) {
    to.text(DCM_PixelIntensityRelationship, to_string(info.intensity.relationship));
    if (info.intensity.to_linear.empty()) {
        return;
    }
    std::vector<Uint16> table;
    table.reserve(info.intensity.to_linear.size());
    for (const float value : info.intensity.to_linear) {
        table.push_back(static_cast<Uint16>(std::clamp(std::lround(value), 0L, 65535L)));
    }
    DcmItem* item = nullptr;
    to.keep(to.item().findOrCreateSequenceItem(DCM_ModalityLUTSequence, item));
    if (item == nullptr) {
        return;
    }
    Attributes lut(*item);
    // Three US words; an entry count of 65536 is written as 0 (PS3.3 C.11.1.1).
    const Uint16 descriptor[3] = {static_cast<Uint16>(table.size()),
                                  static_cast<Uint16>(info.intensity.first_mapped_value), 16};
    to.keep(item->putAndInsertUint16Array(DcmTag(DCM_LUTDescriptor, EVR_US), descriptor, 3));
    lut.text(DCM_ModalityLUTType, "US");
    to.keep(item->putAndInsertUint16Array(DcmTag(DCM_LUTData, EVR_OW), table.data(),
                                          static_cast<unsigned long>(table.size())));
    to.keep(lut.status());
}

void put_pixels(Attributes& to, const RunInfo& info, std::span<const std::uint16_t> words) {
    to.word(DCM_SamplesPerPixel, 1);
    to.text(DCM_PhotometricInterpretation, "MONOCHROME2");
    to.word(DCM_Rows, info.extent.height);
    to.word(DCM_Columns, info.extent.width);
    to.word(DCM_BitsAllocated, 16);
    to.word(DCM_BitsStored, info.bits_stored);
    to.word(DCM_HighBit, info.bits_stored - 1);
    to.word(DCM_PixelRepresentation, 0);
    to.text(DCM_LossyImageCompression, "00");
    if (info.window) {
        to.text(DCM_WindowCenter, decimal(info.window->center));
        to.text(DCM_WindowWidth, decimal(info.window->width));
    }
    to.keep(to.item().putAndInsertUint16Array(DCM_PixelData, words.data(),
                                              static_cast<unsigned long>(words.size())));
}

E_TransferSyntax transfer_syntax(XaCodec codec) {
    switch (codec) {
        case XaCodec::jpeg_lossless:
            return EXS_JPEGProcess14SV1;
        case XaCodec::jpeg_ls:
            return EXS_JPEGLSLossless;
        case XaCodec::rle:
            return EXS_RLELossless;
        case XaCodec::explicit_little_endian:
            break;
    }
    return EXS_LittleEndianExplicit;
}

OFCondition compress(DcmDataset& dataset, XaCodec codec) {
    switch (codec) {
        case XaCodec::jpeg_lossless: {
            DJEncoderRegistration::registerCodecs(ECC_lossyYCbCr, EUC_never);
            const DJ_RPLossless first_order_prediction(1, 0);
            return dataset.chooseRepresentation(EXS_JPEGProcess14SV1, &first_order_prediction);
        }
        case XaCodec::jpeg_ls:
            DJLSEncoderRegistration::registerCodecs(0, 0, 0, 0, OFTrue, 0, OFTrue, EJLSUC_never);
            return dataset.chooseRepresentation(EXS_JPEGLSLossless, nullptr);
        case XaCodec::rle:
            DcmRLEEncoderRegistration::registerCodecs();
            return dataset.chooseRepresentation(EXS_RLELossless, nullptr);
        case XaCodec::explicit_little_endian:
            break;
    }
    return EC_Normal;
}

Result<void> check(const std::filesystem::path& file, const XaRun& run, std::size_t words) {
    const RunInfo& info = run.info;
    const auto refuse = [&](const std::string& what) {
        return fail(ErrorKind::invalid_input, file.string(), what, "correct the run's description");
    };
    if (info.extent.width < 1 || info.extent.height < 1 || info.extent.width > 65535 ||
        info.extent.height > 65535 || info.frames < 1) {
        return refuse("rows, columns and frames must be positive and rows, columns below 65536");
    }
    if (words != info.extent.pixels() * static_cast<std::size_t>(info.frames)) {
        return refuse("the number of pixels does not agree with rows, columns and frames");
    }
    if (words > 0x7fffffffU) {
        return refuse("the pixel data would pass 4 GiB, the limit of a DICOM element");
    }
    if (info.bits_stored < 8 || info.bits_stored > 16) {
        return refuse("bits stored must be 8 to 16");
    }
    if (info.frame_time_s.size() != static_cast<std::size_t>(info.frames)) {
        return refuse("there must be one time for each frame");
    }
    if (info.intensity.to_linear.size() > 65536) {
        return refuse("the table to linear intensity has more than 65536 entries");
    }
    return {};
}

}  // namespace

Result<void> write_xa_run(const std::filesystem::path& file, const XaRun& run,
                          std::span<const std::uint16_t> words) {
    if (Result<void> checked = check(file, run, words.size()); !checked) {
        return checked;
    }
    DcmFileFormat format;
    Attributes to(*format.getDataset());
    put_identity(to, run.info);
    put_timing(to, run.info);
    put_geometry(to, run);
    put_intensity(to, run.info);
    to.text(DCM_KVP, decimal(run.kvp));
    to.text(DCM_RadiationSetting, "GR");
    to.text(DCM_Exposure, "");
    to.text(DCM_ContrastBolusAgent, "iohexol");
    put_pixels(to, run.info, words);
    OFCondition status = to.status();
    if (status.good()) {
        status = compress(*format.getDataset(), run.codec);
    }
    if (status.bad()) {
        return fail(ErrorKind::internal, file.string(),
                    std::string("cannot be encoded: ") + status.text(), "try another codec");
    }
    return write_path_atomically(file, [&](const std::filesystem::path& temporary) -> Result<void> {
        const OFCondition saved = format.saveFile(temporary.c_str(), transfer_syntax(run.codec));
        if (saved.bad()) {
            return fail(ErrorKind::io, file.string(),
                        std::string("cannot be written: ") + saved.text(),
                        "check that the folder is writable and the disk not full");
        }
        return {};
    });
}

}  // namespace dsm
