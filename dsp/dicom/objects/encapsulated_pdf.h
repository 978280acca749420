// A report in PDF as a DICOM object: Encapsulated PDF (PS3.3 A.45.1).
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "dsp/core/result.h"
#include "dsp/dicom/objects/object_source.h"

namespace dsm {

// Errors: not_found; unsupported, where `pdf` is no PDF; invalid_input beyond 256 MB; io.
[[nodiscard]] Result<ObjectReference> write_encapsulated_pdf(const std::filesystem::path& file,
                                                             ObjectSource& source,
                                                             const std::filesystem::path& pdf,
                                                             const std::string& title);
// The document inside, without padding. Errors: not_found, unreadable, unsupported.
[[nodiscard]] Result<std::string> read_encapsulated_pdf(const std::filesystem::path& file);

}  // namespace dsm
