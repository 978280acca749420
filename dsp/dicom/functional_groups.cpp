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

int frames_that_differ(DcmItem& data, Tag macro, Tag attribute, int frames) {
    std::optional<std::string> first;
    int differing = 0;
    int frame = 0;
    for (DcmItem* groups : items(data, kPerFrameGroups)) {
        if (frame++ == frames) {
            break;
        }
        DcmItem* found = item(*groups, macro);
        const std::string value = found == nullptr ? "" : text(*found, attribute);
        if (!first) {
            first = value;
        }
        differing += value == *first ? 0 : 1;
    }
    return differing;
}

DcmItem& holder(DcmItem& data, Tag macro, Tag attribute) {
    DcmItem* group = functional_group(data, macro);
    return group != nullptr && has(*group, attribute) ? *group : data;
}

}  // namespace dsm::dicom
