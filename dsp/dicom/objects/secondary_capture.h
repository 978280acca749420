// A picture made by this program, with marks drawn into it, as Secondary Capture (PS3.3 A.8.1):
// 8-bit grey, so that every viewer, ours too, shows it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "dsp/core/image.h"
#include "dsp/core/result.h"
#include "dsp/core/units.h"
#include "dsp/dicom/objects/object_source.h"

namespace dsm {

struct CapturedPicture {
    Image<std::uint8_t> grey;
    std::string description;         // what it shows
    std::vector<FrameIndex> frames;  // of the source it was made from; empty: the whole run
};

[[nodiscard]] Result<ObjectReference> write_secondary_capture(const std::filesystem::path& file,
                                                              ObjectSource& source,
                                                              const CapturedPicture& picture);

}  // namespace dsm
