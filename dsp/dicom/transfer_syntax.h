// Which codecs can be read, by Transfer Syntax UID (PS3.6 A). Private to dsp/dicom.
#pragma once

#include <string>

namespace dsm::dicom {

enum class Codec { native, rle, jpeg, jpeg_ls, jpeg_2000, unsupported };

struct TransferSyntax {
    Codec codec{Codec::unsupported};
    bool lossy{};
    std::string name;
};

// An unknown UID comes back as unsupported, with the UID as its name.
[[nodiscard]] TransferSyntax transfer_syntax(const std::string& uid);

}  // namespace dsm::dicom
