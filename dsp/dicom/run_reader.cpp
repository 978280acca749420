#include "dsp/dicom/run_reader.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <exception>
#include <string>

#include "dsp/dicom/attributes.h"
#include "dsp/dicom/dicom_file.h"
#include "dsp/dicom/pixel_access.h"
#include "dsp/dicom/pixel_format.h"

namespace dsm {

using namespace dicom;

RunReader::RunReader() = default;
RunReader::~RunReader() = default;

Result<std::unique_ptr<RunReader>> RunReader::open(const std::filesystem::path& file) {
    auto loaded = DicomFile::load(file);
    if (!loaded) {
        return tl::unexpected(loaded.error());
    }
    std::unique_ptr<RunReader> run(new RunReader);
    run->file_ = std::move(*loaded);
    DcmDataset& data = run->file_->dataset();
    RunInfo& info = run->info_;
    PixelFormat format;
    format.extent = {integer(data, {0x0028, 0x0011}).value_or(0),
                     integer(data, {0x0028, 0x0010}).value_or(0)};
    if (format.extent.width <= 0 || format.extent.height <= 0) {
        return fail(ErrorKind::unsupported, file.string(), "not an image", "choose an image");
    }
    format.declared_frames = integer(data, {0x0028, 0x0008}).value_or(1);
    format.bits_allocated = integer(data, {0x0028, 0x0100}).value_or(16);
    format.bits_stored = integer(data, {0x0028, 0x0101}).value_or(format.bits_allocated);
    format.high_bit = integer(data, {0x0028, 0x0102}).value_or(format.bits_stored - 1);
    format.is_signed = integer(data, {0x0028, 0x0103}).value_or(0) == 1;
    if (integer(data, {0x0028, 0x0002}).value_or(1) != 1 ||
        (format.bits_allocated != 8 && format.bits_allocated != 16) || format.bits_stored < 1 ||
        format.bits_stored > format.bits_allocated || format.high_bit < format.bits_stored - 1 ||
        format.high_bit >= format.bits_allocated) {
        return fail(ErrorKind::unsupported, file.string(), "pixel format not supported",
                    "choose a monochrome image of 8 to 16 bits");
    }
    const DcmXfer syntax(data.getOriginalXfer());
    format.lossy = syntax.getXfer() == EXS_JPEGProcess1 || syntax.getXfer() == EXS_JPEGProcess2_4;
    auto pixels = syntax.isEncapsulated()
                      ? open_encapsulated_pixels(*run->file_, format, info.warnings)
                      : open_native_pixels(*run->file_, format);
    if (!pixels) {
        Error error = pixels.error();
        error.subject = file.string();
        return tl::unexpected(error);
    }
    run->pixels_ = std::move(*pixels);
    run->format_ = std::make_unique<PixelFormat>(format);

    info.file = file;
    info.sop_class_uid = text(data, {0x0008, 0x0016});
    info.sop_instance_uid = text(data, {0x0008, 0x0018});
    info.modality = text(data, {0x0008, 0x0060});
    info.extent = format.extent;
    info.frames = run->pixels_->frames();
    info.bits_allocated = format.bits_allocated;
    info.bits_stored = format.bits_stored;
    info.high_bit = format.high_bit;
    info.is_signed = format.is_signed;
    info.stored_offset = format.stored_offset();
    info.lossy = format.lossy;
    info.transfer_syntax_uid = run->file_->transfer_syntax_uid();
    info.codec_name = syntax.getXferName();
    const std::string relationship = text(data, {0x0028, 0x1040});
    info.intensity.relationship = relationship == "LIN"    ? PixelIntensityRelationship::linear
                                  : relationship == "LOG"  ? PixelIntensityRelationship::logarithmic
                                  : relationship == "DISP" ? PixelIntensityRelationship::display
                                                           : PixelIntensityRelationship::unknown;
    const auto step_ms = number(data, {0x0018, 0x1063});
    const auto vector_ms = numbers(data, {0x0018, 0x1065});
    double time_s = 0.0;
    if (step_ms || !vector_ms.empty()) {
        for (int i = 0; i < info.frames; ++i) {
            if (i > 0) {
                const auto k = static_cast<std::size_t>(i);
                time_s += 0.001 * (k < vector_ms.size() ? vector_ms[k] : step_ms.value_or(0.0));
            }
            info.frame_time_s.push_back(time_s);
        }
        info.timing_is_acquisition = true;
    }
    return run;
}

Result<std::span<const std::uint8_t>> RunReader::read_decoded(FrameIndex frame) {
    if (frame < 0 || frame >= info_.frames) {
        return fail(ErrorKind::invalid_input, info_.file.string(),
                    "no frame " + std::to_string(frame + 1) + " of " + std::to_string(info_.frames),
                    "ask for a frame of the run");
    }
    decoded_.resize(format_->frame_bytes());
    auto done = pixels_->read(frame, decoded_);
    if (!done) {
        Error error = done.error();
        error.subject = info_.file.string();
        return tl::unexpected(error);
    }
    return std::span<const std::uint8_t>(decoded_);
}

Result<void> RunReader::read(FrameIndex frame, ImageView<std::uint16_t> words) {
    if (words.extent() != info_.extent) {
        return fail(ErrorKind::internal, info_.file.string(), "frame buffer of the wrong size");
    }
    auto bytes = read_decoded(frame);
    if (!bytes) {
        return tl::unexpected(bytes.error());
    }
    unpack(*bytes, *format_, words);
    return {};
}

}  // namespace dsm
