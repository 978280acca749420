#include "dsp/dicom/transfer_syntax.h"

#include <array>
#include <string_view>

namespace dsm::dicom {

namespace {

struct Known {
    std::string_view suffix;  // behind 1.2.840.10008.1.2
    Codec codec;
    bool lossy;
    std::string_view name;
};

constexpr std::string_view kRoot = "1.2.840.10008.1.2";

constexpr std::array kKnown{
    Known{"", Codec::native, false, "uncompressed, implicit little endian"},
    Known{".1", Codec::native, false, "uncompressed, explicit little endian"},
    Known{".2", Codec::native, false, "uncompressed, explicit big endian"},
    Known{".1.99", Codec::native, false, "deflated, explicit little endian"},
    Known{".5", Codec::rle, false, "RLE"},
    Known{".4.50", Codec::jpeg, true, "JPEG Baseline"},
    Known{".4.51", Codec::jpeg, true, "JPEG Extended"},
    Known{".4.53", Codec::jpeg, true, "JPEG Spectral Selection"},
    Known{".4.55", Codec::jpeg, true, "JPEG Progressive"},
    Known{".4.57", Codec::jpeg, false, "JPEG Lossless, Process 14"},
    Known{".4.70", Codec::jpeg, false, "JPEG Lossless, Process 14 SV1"},
    Known{".4.80", Codec::jpeg_ls, false, "JPEG-LS Lossless"},
    Known{".4.81", Codec::jpeg_ls, true, "JPEG-LS Near-lossless"},
    Known{".4.90", Codec::jpeg_2000, false, "JPEG 2000 Lossless"},
    Known{".4.91", Codec::jpeg_2000, true, "JPEG 2000"},
    Known{".4.92", Codec::unsupported, false, "JPEG 2000 Part 2 Lossless"},
    Known{".4.93", Codec::unsupported, true, "JPEG 2000 Part 2"},
    Known{".4.94", Codec::unsupported, false, "JPIP"},
    Known{".4.95", Codec::unsupported, false, "JPIP Deflate"},
    Known{".4.100", Codec::unsupported, true, "MPEG-2 Main Level"},
    Known{".4.100.1", Codec::unsupported, true, "MPEG-2 Main Level, fragmentable"},
    Known{".4.101", Codec::unsupported, true, "MPEG-2 High Level"},
    Known{".4.101.1", Codec::unsupported, true, "MPEG-2 High Level, fragmentable"},
    Known{".4.102", Codec::unsupported, true, "MPEG-4 AVC/H.264 High Profile"},
    Known{".4.103", Codec::unsupported, true, "MPEG-4 AVC/H.264 BD-compatible"},
    Known{".4.104", Codec::unsupported, true, "MPEG-4 AVC/H.264 for 2D video"},
    Known{".4.105", Codec::unsupported, true, "MPEG-4 AVC/H.264 for 3D video"},
    Known{".4.106", Codec::unsupported, true, "MPEG-4 AVC/H.264 Stereo"},
    Known{".4.107", Codec::unsupported, true, "HEVC/H.265 Main"},
    Known{".4.108", Codec::unsupported, true, "HEVC/H.265 Main 10"},
    Known{".4.110", Codec::unsupported, false, "JPEG XL Lossless"},
    Known{".4.111", Codec::unsupported, true, "JPEG XL JPEG Recompression"},
    Known{".4.112", Codec::unsupported, true, "JPEG XL"},
    Known{".4.201", Codec::unsupported, false, "High-Throughput JPEG 2000 Lossless"},
    Known{".4.202", Codec::unsupported, false, "High-Throughput JPEG 2000 RPCL Lossless"},
    Known{".4.203", Codec::unsupported, true, "High-Throughput JPEG 2000"},
};

}  // namespace

TransferSyntax transfer_syntax(const std::string& uid) {
    for (const Known& known : kKnown) {
        if (uid.size() == kRoot.size() + known.suffix.size() && uid.starts_with(kRoot) &&
            uid.ends_with(known.suffix)) {
            return {known.codec, known.lossy, std::string(known.name)};
        }
    }
    return {Codec::unsupported, false, uid.empty() ? "an unnamed codec" : uid};
}

}  // namespace dsm::dicom
