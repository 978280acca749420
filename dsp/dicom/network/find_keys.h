// The attributes that a query asks for. Private to dsp/dicom.
#pragma once

#include <array>
#include <string>

#include "dsp/dicom/attributes.h"
#include "dsp/dicom/network/finder.h"

namespace dsm::dicom {

struct FindKey {
    const char* keyword;
    Tag tag;
    FindLevel from;  // asked for at this level and below
};

inline constexpr std::array kFindKeys{
    FindKey{"PatientName", {0x0010, 0x0010}, FindLevel::study},
    FindKey{"PatientID", {0x0010, 0x0020}, FindLevel::study},
    FindKey{"StudyDate", {0x0008, 0x0020}, FindLevel::study},
    FindKey{"StudyTime", {0x0008, 0x0030}, FindLevel::study},
    FindKey{"StudyDescription", {0x0008, 0x1030}, FindLevel::study},
    FindKey{"AccessionNumber", {0x0008, 0x0050}, FindLevel::study},
    FindKey{"ModalitiesInStudy", {0x0008, 0x0061}, FindLevel::study},
    FindKey{"StudyInstanceUID", {0x0020, 0x000D}, FindLevel::study},
    FindKey{"Modality", {0x0008, 0x0060}, FindLevel::series},
    FindKey{"SeriesDescription", {0x0008, 0x103E}, FindLevel::series},
    FindKey{"SeriesNumber", {0x0020, 0x0011}, FindLevel::series},
    FindKey{"SeriesInstanceUID", {0x0020, 0x000E}, FindLevel::series},
    FindKey{"InstanceNumber", {0x0020, 0x0013}, FindLevel::image},
    FindKey{"NumberOfFrames", {0x0028, 0x0008}, FindLevel::image},
    FindKey{"SOPClassUID", {0x0008, 0x0016}, FindLevel::image},
    FindKey{"SOPInstanceUID", {0x0008, 0x0018}, FindLevel::image}};

// Study attributes may be asked for at the study level alone (PS3.4 C.6.2.1), but for the UIDs
// above.
[[nodiscard]] inline bool is_asked(const FindKey& key, FindLevel level) {
    const bool uid = std::string(key.keyword).ends_with("InstanceUID");
    return key.from == level || (uid && key.from < level);
}

}  // namespace dsm::dicom
