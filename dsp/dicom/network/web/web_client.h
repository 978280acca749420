// The DICOMweb side of dsp/dicom/network/archive.h: QIDO-RS, WADO-RS and STOW-RS (PS3.18 10).
// Private to dsp/dicom.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "dsp/core/result.h"
#include "dsp/dicom/network/archive.h"

namespace dsm::dicom {

// 1 to 64 digits and dots (PS3.5 9.1): what may become a part of a path.
[[nodiscard]] bool is_uid(const std::string& text);

[[nodiscard]] Result<std::vector<FindMatch>> find_on_web(const WebArchive& archive,
                                                         const NetworkOptions& options,
                                                         const FindQuery& query);
// Object by object, each as it is stored (transfer-syntax=*).
[[nodiscard]] Result<FetchSummary> fetch_from_web(const WebArchive& archive,
                                                  const NetworkOptions& options,
                                                  const FetchRequest& request);
// File by file, each as it is.
[[nodiscard]] Result<SendSummary> send_to_web(const WebArchive& archive,
                                              std::span<const std::filesystem::path> files,
                                              const SendOptions& options);

}  // namespace dsm::dicom
