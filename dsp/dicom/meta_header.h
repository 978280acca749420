// The file meta information, PS3.10 7.1, read without a library. Private to dsp/dicom.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "dsp/dicom/file_bytes.h"

namespace dsm::dicom {

inline constexpr const char* kDeflated = "1.2.840.10008.1.2.1.99";
inline constexpr const char* kImplicitLittleEndian = "1.2.840.10008.1.2";
inline constexpr const char* kExplicitLittleEndian = "1.2.840.10008.1.2.1";
inline constexpr const char* kExplicitBigEndian = "1.2.840.10008.1.2.2";

struct MetaHeader {
    std::string sop_class_uid, transfer_syntax_uid;  // empty when the header does not name them
    std::uint64_t data_begin{};                      // where the data set begins
};

// Nothing when the file has no "DICM" behind 128 bytes.
[[nodiscard]] std::optional<MetaHeader> read_meta_header(FileBytes& bytes);

}  // namespace dsm::dicom
