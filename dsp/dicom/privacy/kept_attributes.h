// What a file without identity may still say. Private to dsp/dicom.
#pragma once

#include <cstdint>

#include "dsp/dicom/attributes.h"

namespace dsm::dicom {

enum class Kept {
    no,           // removed
    as_it_is,     // numbers, codes and enumerations
    as_new_uid,   // replaced, so that references hold
    as_dummy,     // a text that may have to be there: replaced
    as_sequence,  // its items are looked at in turn
    as_date,      // kept only where dates are shifted
    as_device,    // kept only where the device may be known
};

[[nodiscard]] Kept kept(Tag tag);

}  // namespace dsm::dicom
