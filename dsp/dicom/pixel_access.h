// Reads one frame's decoded words at a time; the rest stays on disk. Private to dsp/dicom.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "dsp/core/result.h"
#include "dsp/core/units.h"
#include "dsp/dicom/dicom_file.h"
#include "dsp/dicom/pixel_format.h"
#include "dsp/dicom/transfer_syntax.h"

namespace dsm::dicom {

// Not thread-safe. Must not outlive the DicomFile it was opened on.
class PixelAccess {
 public:
    virtual ~PixelAccess() = default;
    PixelAccess() = default;
    PixelAccess(const PixelAccess&) = delete;
    PixelAccess& operator=(const PixelAccess&) = delete;
    PixelAccess(PixelAccess&&) = delete;
    PixelAccess& operator=(PixelAccess&&) = delete;

    // Frames that are really there; may be more or fewer than Number of Frames (0028,0008).
    [[nodiscard]] virtual int frames() const = 0;
    // Little-endian words of Bits Allocated; `bytes` holds format.frame_bytes() at least.
    // The error's subject is left empty: the caller knows the file.
    [[nodiscard]] virtual Result<void> read(FrameIndex frame, std::span<std::uint8_t> bytes) = 0;
};

// Pixel Data (7fe0,0010) with a length, PS3.5 8.1.
[[nodiscard]] Result<std::unique_ptr<PixelAccess>> open_native_pixels(DicomFile& file,
                                                                      const PixelFormat& format);
// Pixel Data in fragments, PS3.5 A.4. Adds to `warnings` where frames had to be guessed.
[[nodiscard]] Result<std::unique_ptr<PixelAccess>> open_encapsulated_pixels(
    DicomFile& file, Codec codec, const PixelFormat& format, std::vector<std::string>& warnings);

}  // namespace dsm::dicom
