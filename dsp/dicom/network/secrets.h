// Files that hold what must not be told: passwords, tokens, private keys. What is read here goes
// into no error and no log. Private to dsp/dicom.
#pragma once

#include <filesystem>
#include <string>

#include "dsp/core/result.h"
#include "dsp/dicom/network/peer.h"

namespace dsm::dicom {

// The first line of the file; "" where no file is named. Errors name the file alone: it cannot be
// read, or others can read it too.
[[nodiscard]] Result<std::string> read_secret(const std::filesystem::path& file);
// The value of an HTTP Authorization header from a file with "user:password" or "Bearer token".
[[nodiscard]] Result<std::string> authorization_header(const std::filesystem::path& file);
// That the files are there, come in pairs, and that a key is readable to us alone.
[[nodiscard]] Result<void> check_tls_files(const TlsOptions& tls);

}  // namespace dsm::dicom
