// Attributes of Enhanced objects, PS3.3 C.7.6.16: per frame, else shared by all frames.
// Private to dsp/dicom.
#pragma once

#include "dsp/core/units.h"
#include "dsp/dicom/attributes.h"

class DcmItem;

namespace dsm::dicom {

inline constexpr Tag kSharedGroups{0x5200, 0x9229};
inline constexpr Tag kPerFrameGroups{0x5200, 0x9230};

// True when the object has functional groups.
[[nodiscard]] bool is_enhanced(DcmItem& data);
// First item of `macro` for the frame: per-frame, then shared, then at top level; null if nowhere.
[[nodiscard]] DcmItem* functional_group(DcmItem& data, Tag macro, FrameIndex frame = 0);
// How many of the first `frames` frames have another text in `attribute` of `macro` than the first
// one; a frame without it counts where the first has it. 0 where nothing is said per frame.
[[nodiscard]] int frames_that_differ(DcmItem& data, Tag macro, Tag attribute, int frames);
// The item that holds `attribute`: the functional group `macro` of the first frame if it has it,
// else the data set itself.
[[nodiscard]] DcmItem& holder(DcmItem& data, Tag macro, Tag attribute);

}  // namespace dsm::dicom
