#include "tests/dicom/made_run.h"

#include <dcmtk/dcmdata/dcrleerg.h>
#include <dcmtk/dcmjpeg/djencode.h>
#include <dcmtk/dcmjpls/djencode.h>

#include <algorithm>
#include <stdexcept>

#include "dsp/dicom/dicom_file.h"

namespace dsm::test {

namespace {

void require(const OFCondition& status, const std::string& what) {
    if (status.bad()) {
        throw std::runtime_error(what + ": " + status.text());
    }
}

void register_encoders() {
    static const bool done = [] {
        dicom::prepare_library();
        DcmRLEEncoderRegistration::registerCodecs();
        DJEncoderRegistration::registerCodecs();
        DJLSEncoderRegistration::registerCodecs();
        return true;
    }();
    static_cast<void>(done);
}

}  // namespace

void set(DcmItem& item, dicom::Tag tag, const std::string& value) {
    require(item.putAndInsertString(DcmTag(tag.group, tag.element), value.c_str()),
            dicom::to_string(tag));
}

bool warned(const RunInfo& info, const std::string& part) {
    return std::any_of(info.warnings.begin(), info.warnings.end(), [&](const std::string& warning) {
        return warning.find(part) != std::string::npos;
    });
}

MadeRun::MadeRun() {
    set({0x0008, 0x0016}, UID_XRayAngiographicImageStorage).set({0x0008, 0x0018}, "1.2.3.4");
    set({0x0008, 0x0060}, "XA").set({0x0028, 0x0002}, "1").set({0x0028, 0x0004}, "MONOCHROME2");
    set({0x0028, 0x0008}, "3").set({0x0028, 0x0010}, "12").set({0x0028, 0x0011}, "16");
    set({0x0028, 0x0100}, "16").set({0x0028, 0x0101}, "12").set({0x0028, 0x0102}, "11");
    set({0x0028, 0x0103}, "0").set({0x0028, 0x1040}, "LIN").set({0x0018, 0x1063}, "500");
    set({0x0028, 0x0009}, "(0018,1063)");
    std::vector<std::uint16_t> ramp;
    for (int frame = 0; frame < kFrames; ++frame) {
        for (int y = 0; y < kRows; ++y) {
            for (int x = 0; x < kColumns; ++x) {
                ramp.push_back(value(frame, x, y));
            }
        }
    }
    words(ramp);
}

MadeRun& MadeRun::set(dicom::Tag tag, const std::string& value) {
    test::set(data(), tag, value);
    return *this;
}

MadeRun& MadeRun::remove(dicom::Tag tag) {
    require(data().findAndDeleteElement(DcmTagKey(tag.group, tag.element)), dicom::to_string(tag));
    return *this;
}

DcmItem& MadeRun::item(DcmItem& parent, dicom::Tag sequence, long index) {
    DcmItem* made = nullptr;
    require(parent.findOrCreateSequenceItem(DcmTag(sequence.group, sequence.element), made, index),
            dicom::to_string(sequence));
    return *made;
}

MadeRun& MadeRun::words(const std::vector<std::uint16_t>& values) {
    require(data().putAndInsertUint16Array(DCM_PixelData, values.data(), values.size()), "pixels");
    return *this;
}

MadeRun& MadeRun::bytes(const std::vector<std::uint8_t>& values) {
    set({0x0028, 0x0100}, "8").set({0x0028, 0x0101}, "8").set({0x0028, 0x0102}, "7");
    require(data().putAndInsertUint8Array(DCM_PixelData, values.data(), values.size()), "pixels");
    return *this;
}

std::filesystem::path MadeRun::save(const std::filesystem::path& file, E_TransferSyntax syntax) {
    register_encoders();
    if (DcmXfer(syntax).isEncapsulated()) {
        require(format_.getDataset()->chooseRepresentation(syntax, nullptr), "compression");
    }
    require(format_.saveFile(file.c_str(), syntax), file.string());
    return file;
}

RunInfo MadeRun::empty_info(int frames) {
    RunInfo info;
    info.frames = frames;
    info.extent = {kColumns, kRows};
    info.modality = "XA";
    return info;
}

}  // namespace dsm::test
