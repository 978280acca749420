// The modules that open every object of results. Private to dsp/dicom.
#pragma once

#include <filesystem>
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

// SOP Instance Reference Macro (PS3.3 10.8) to the source, with its frames from 1 where `frames` is
// not empty.
void put_reference(AttributeWriter& item, const RunInfo& source,
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
