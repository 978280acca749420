// Writes a run as a multi-frame X-Ray Angiographic Image (PS3.3 A.14),
// class 1.2.840.10008.5.1.4.1.1.12.1. Unsigned MONOCHROME2, 16 bits allocated; the attributes are
// those a validator asks for (PS3.3 C.7.6.6 Multi-frame, C.7.6.5 Cine, C.8.7.1 X-Ray Image, C.8.7.2
// X-Ray Acquisition, C.8.7.5 XA Positioner).
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

#include "dsp/core/result.h"
#include "dsp/core/run_info.h"

namespace dsm {

enum class XaCodec { explicit_little_endian, jpeg_lossless, jpeg_ls, rle };

struct XaRun {
    // Read from here: identity (UIDs, names, dates, descriptions, numbers), extent, frames,
    // bits_stored, intensity (relationship, sign, to_linear with first_mapped_value 0 as Modality
    // LUT), window, frame_time_s, spacing (calibrated or at the isocentre, mm at the patient),
    // position, left_in_image and head_in_image (both or neither), body angles.
    RunInfo info;
    XaCodec codec{XaCodec::explicit_little_endian};
    double kvp{70.0};
    double magnification{
        1.4};  // detector over isocentre; Imager Pixel Spacing is spacing times this
    double source_to_detector_mm{1100.0};
};

// `words` holds info.frames frames of info.extent, row after row. Frame times that are not evenly
// spaced are written as a Frame Time Vector (0018,1065). The file appears whole or not at all; the
// same input gives the same bytes. Errors: invalid_input for sizes that do not agree or bits
// outside 8..16, io. Not thread-safe: DCMTK's codec registry is one per process.
[[nodiscard]] Result<void> write_xa_run(const std::filesystem::path& file, const XaRun& run,
                                        std::span<const std::uint16_t> words);

}  // namespace dsm
