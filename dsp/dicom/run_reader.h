// Opens one DICOM file as a run: X-Ray Angiographic, Radiofluoroscopic, their Enhanced forms, and
// any other monochrome image with a warning. Single images are runs of one frame.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "dsp/core/image.h"
#include "dsp/core/result.h"
#include "dsp/core/run_info.h"

namespace dsm {

namespace dicom {
class DicomFile;
class PixelAccess;
struct PixelFormat;
}  // namespace dicom

// Not thread-safe; different readers are independent. The file must stay in place while it lives.
class RunReader {
 public:
    // Errors: not_found; unreadable (damaged); unsupported (no image, colour, unknown codec).
    // What is missing or contradictory but bearable is in info().warnings.
    [[nodiscard]] static Result<std::unique_ptr<RunReader>> open(const std::filesystem::path& file);
    ~RunReader();
    RunReader(const RunReader&) = delete;
    RunReader& operator=(const RunReader&) = delete;
    RunReader(RunReader&&) = delete;
    RunReader& operator=(RunReader&&) = delete;

    [[nodiscard]] const RunInfo& info() const { return info_; }
    // Part of the file is missing or broken: its frames are those that are whole.
    [[nodiscard]] bool damaged() const;
    // Frame `frame` as 16-bit words; stored value = word + info().stored_offset. Any order is
    // allowed; `words` has info().extent.
    [[nodiscard]] Result<void> read(FrameIndex frame, ImageView<std::uint16_t> words);
    // The frame as decoded, before junk bits are removed or overshoot is clamped: little-endian
    // words of Bits Allocated, as other decoders give them. Valid until the next call.
    [[nodiscard]] Result<std::span<const std::uint8_t>> read_decoded(FrameIndex frame);

 private:
    RunReader();
    [[nodiscard]] Result<void> read_header();
    [[nodiscard]] Result<void> drop_broken_end();

    RunInfo info_;
    std::unique_ptr<dicom::DicomFile> file_;
    std::unique_ptr<dicom::PixelFormat> format_;
    std::unique_ptr<dicom::PixelAccess> pixels_;
    std::vector<std::uint8_t> decoded_;
};

}  // namespace dsm
