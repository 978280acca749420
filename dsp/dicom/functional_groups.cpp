#include "dsp/dicom/functional_groups.h"

namespace dsm::dicom {

bool is_enhanced(DcmItem& data) {
    return item(data, kSharedGroups) != nullptr || item(data, kPerFrameGroups) != nullptr;
}

DcmItem* functional_group(DcmItem& data, Tag macro, FrameIndex frame) {
    if (DcmItem* groups = item(data, kPerFrameGroups, static_cast<unsigned long>(frame))) {
        if (DcmItem* found = item(*groups, macro)) {
            return found;
        }
    }
    if (DcmItem* groups = item(data, kSharedGroups)) {
        if (DcmItem* found = item(*groups, macro)) {
            return found;
        }
    }
    return item(data, macro);
}

DcmItem& holder(DcmItem& data, Tag macro, Tag attribute) {
    DcmItem* group = functional_group(data, macro);
    return group != nullptr && has(*group, attribute) ? *group : data;
}

}  // namespace dsm::dicom
