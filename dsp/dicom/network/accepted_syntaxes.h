// Transfer syntaxes of what is received (PS3.6 A). Private to dsp/dicom.
#pragma once

#include <array>

namespace dsm::dicom {

// Of images: those that lose nothing first, best packed first among them.
inline constexpr std::array kImageSyntaxes{
    "1.2.840.10008.1.2.4.70",  // JPEG Lossless, SV1
    "1.2.840.10008.1.2.4.57",  // JPEG Lossless
    "1.2.840.10008.1.2.4.80",  // JPEG-LS Lossless
    "1.2.840.10008.1.2.4.81",  // JPEG-LS Near-lossless
    "1.2.840.10008.1.2.4.90",  // JPEG 2000 Lossless
    "1.2.840.10008.1.2.4.91",  // JPEG 2000
    "1.2.840.10008.1.2.5",     // RLE
    "1.2.840.10008.1.2.4.50",  // JPEG Baseline
    "1.2.840.10008.1.2.4.51",  // JPEG Extended
    "1.2.840.10008.1.2.1.99",  // Deflated Explicit Little Endian
    "1.2.840.10008.1.2.1",     // Explicit Little Endian
    "1.2.840.10008.1.2.2",     // Explicit Big Endian
    "1.2.840.10008.1.2"};      // Implicit Little Endian
// Of everything else.
inline constexpr std::array kPlainSyntaxes{"1.2.840.10008.1.2.1", "1.2.840.10008.1.2"};

}  // namespace dsm::dicom
