// Key Object Selection Document (PS3.3 A.35.4, template 2010): which frames and images matter.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dsp/core/result.h"
#include "dsp/core/units.h"
#include "dsp/dicom/objects/coded_concept.h"
#include "dsp/dicom/objects/object_source.h"

namespace dsm {

struct KeyObjects {
    Code title{"113000", "DCM", "Of Interest"};  // CID 7010
    std::string description;
    std::vector<FrameIndex> frames;       // of the source, from 0, rising; empty: the whole run
    std::vector<ObjectReference> others;  // made from it: captures, the subtracted run
    friend bool operator==(const KeyObjects&, const KeyObjects&) = default;
};

[[nodiscard]] Result<ObjectReference> write_key_objects(const std::filesystem::path& file,
                                                        ObjectSource& source,
                                                        const KeyObjects& keys);
// `run` is the SOP Instance UID whose frames are wanted; every other image is in `others`.
[[nodiscard]] Result<KeyObjects> read_key_objects(const std::filesystem::path& file,
                                                  const std::string& run);

}  // namespace dsm
