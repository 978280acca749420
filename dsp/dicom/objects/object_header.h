// The modules that open every object of results. Private to dsp/dicom.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "dsp/core/result.h"
#include "dsp/core/units.h"
#include "dsp/dicom/objects/attribute_writer.h"
#include "dsp/dicom/objects/object_source.h"

class DcmFileFormat;

namespace dsm::dicom {

// Patient, General Study, General Series, (Enhanced) General Equipment, SOP Common (PS3.3 C.7.1.1,
// C.7.2.1, C.7.3.1, C.7.5.1, C.7.5.2, C.12.1). Returns the new instance.
ObjectReference put_common_modules(AttributeWriter& to, ObjectSource& source,
                                   const ObjectKind& kind);

struct FramesOfObject {
    ObjectReference object;
    std::vector<FrameIndex> frames;  // within it; empty: all, or the only one
};
// The objects that hold `frames` of the run; of all frames where that is empty.
[[nodiscard]] std::vector<FramesOfObject> frames_by_object(const RunInfo& run,
                                                           const std::vector<FrameIndex>& frames);

// An item in `sequence` for each of these objects: Image SOP Instance Reference Macro (PS3.3 10.3),
// and what `also` adds.
void put_references(AttributeWriter& to, Tag sequence, const RunInfo& run,
                    const std::vector<FrameIndex>& frames = {},
                    const std::function<void(AttributeWriter&)>& also = {});
// The same, as what an image or document was made from (PS3.3 C.12.4).
void put_source_images(AttributeWriter& to, Tag sequence, const RunInfo& run,
                       const std::vector<FrameIndex>& frames = {});

// Content Date and Time of now.
void put_content_time(AttributeWriter& to, const ObjectSource& source);

// Checks the outcome and writes the file, whole or not at all, as Explicit VR Little Endian.
// Returns `made`.
[[nodiscard]] Result<ObjectReference> save_object(const std::filesystem::path& file,
                                                  DcmFileFormat& format,
                                                  const AttributeWriter& written,
                                                  ObjectReference made);

}  // namespace dsm::dicom
