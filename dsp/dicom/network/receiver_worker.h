// One association, in a process of its own. Private to dsp/dicom.
#pragma once

#include <string>

#include "dsp/dicom/network/receiver.h"
#include "dsp/dicom/network/secure_layer.h"

namespace dsm::dicom {

// Serves the connection to its end and reports each event as a line on `events`:
// kind, peer, file and words with tabs between. Never returns to a caller that has other work.
void serve_association(int connection, const std::string& address, const ReceiverOptions& options,
                       const SecureLayer& layer, int events);

// Below the receiver's folder; parts of what is being received.
inline constexpr const char* kPartsFolder = ".receiving";

// A received file becomes part of the folder: synced, then named after its instance. The same
// content twice is one file; another content under the same UID is kept beside it.
[[nodiscard]] Result<std::filesystem::path> keep_received(const std::filesystem::path& part,
                                                          const std::filesystem::path& folder,
                                                          const std::string& sop_instance_uid);

}  // namespace dsm::dicom
