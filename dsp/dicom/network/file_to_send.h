// A file that may be sent, whichever way. Private to dsp/dicom.
#pragma once

#include <filesystem>
#include <memory>

#include "dsp/core/result.h"
#include "dsp/dicom/dicom_file.h"

namespace dsm::dicom {

// Errors: unreadable, damaged, without a SOP class or instance UID.
[[nodiscard]] Result<std::unique_ptr<DicomFile>> load_to_send(const std::filesystem::path& file);

}  // namespace dsm::dicom
