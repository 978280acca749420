#include "dsp/core/spoken.h"

#include <algorithm>

namespace dsm {

const char* spoken(LeakKind kind) {
    switch (kind) {
        case LeakKind::csf_venous_fistula:
            return "CSF-venous fistula";
        case LeakKind::extravasation:
            return "Extravasation";
        case LeakKind::diverticulum:
            return "Diverticulum";
        case LeakKind::nerve_root_sleeve:
            return "Nerve root sleeve";
        case LeakKind::renal_excretion:
            return "Renal excretion";
        case LeakKind::unclassified:
            break;
    }
    return "Unclassified";
}

const char* spoken(Drainage drainage) {
    switch (drainage) {
        case Drainage::paravertebral:
            return "paravertebral";
        case Drainage::lateral:
            return "lateral";
        case Drainage::central_epidural:
            return "central epidural";
        case Drainage::unknown:
            break;
    }
    return "unknown";
}

std::string spaced(std::string word) {
    std::replace(word.begin(), word.end(), '_', ' ');
    return word;
}

}  // namespace dsm
