#include "dsp/dicom/run_reader.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <algorithm>
#include <exception>
#include <string>

#include "dsp/dicom/attributes.h"
#include "dsp/dicom/dicom_file.h"
#include "dsp/dicom/pixel_access.h"
#include "dsp/dicom/pixel_format.h"
#include "dsp/dicom/run_header.h"
#include "dsp/dicom/transfer_syntax.h"

namespace dsm {

using namespace dicom;

namespace {

constexpr Tag kPixelData{0x7FE0, 0x0010};
constexpr const char* kExportAgain = "export it again from its source";

// Objects without pixels are refused by what they are.
Result<void> check_has_pixels(DcmItem& data, const DicomFile& file, const RunInfo& info) {
    if (has(data, kPixelData)) {
        return {};
    }
    if (!file.damage().empty()) {
        return fail(ErrorKind::unreadable, {},
                    "damaged before its pixels begin (" + file.damage() + ")", kExportAgain);
    }
    const std::string what = info.sop_class_name.empty() ? "class unknown" : info.sop_class_name;
    if (has(data, {0x0028, 0x0010})) {
        return fail(ErrorKind::unreadable, {},
                    "an image without Pixel Data (7fe0,0010) at top level (" + what + ")",
                    kExportAgain);
    }
    return fail(ErrorKind::unsupported, {}, "not an image (" + what + ")", "choose an X-ray run");
}

Result<std::unique_ptr<PixelAccess>> open_pixels(DicomFile& file, const PixelFormat& format,
                                                 const TransferSyntax& syntax,
                                                 std::vector<std::string>& warnings) {
    switch (syntax.codec) {
        case Codec::native:
            return open_native_pixels(file, format);
        case Codec::rle:
        case Codec::jpeg:
        case Codec::jpeg_ls:
        case Codec::jpeg_2000:
            return open_encapsulated_pixels(file, syntax.codec, format, warnings);
        case Codec::unsupported:
            break;
    }
    return fail(ErrorKind::unsupported, {},
                syntax.name + " compression is not supported (transfer syntax " +
                    file.transfer_syntax_uid() + ")",
                "export it uncompressed, or as JPEG Lossless, JPEG-LS or JPEG 2000");
}

// How many frames to hand out, and what to say when that is not what the header declares.
Result<int> count_frames(const PixelAccess& pixels, const DicomFile& file,
                         const PixelFormat& format, std::vector<std::string>& warnings) {
    const int present = pixels.frames();
    const std::string cut =
        file.damage().empty() ? "" : "; the file is damaged or cut short (" + file.damage() + ")";
    if (present < 1) {
        return fail(ErrorKind::unreadable, {},
                    "Pixel Data (7fe0,0010) holds not one whole frame" + cut, kExportAgain);
    }
    if (!format.declared_frames) {
        if (present > 1) {
            warnings.push_back("Number of Frames (0028,0008) missing: " + std::to_string(present) +
                               " frames found and used" + cut);
        }
        return present;
    }
    const int declared = *format.declared_frames;
    if (present < declared) {
        warnings.push_back("INCOMPLETE RUN: Number of Frames (0028,0008) is " +
                           std::to_string(declared) + ", only " + std::to_string(present) +
                           " are there" + cut);
    } else if (present > declared) {
        warnings.push_back("Number of Frames (0028,0008) is " + std::to_string(declared) +
                           ", Pixel Data (7fe0,0010) holds " + std::to_string(present) +
                           ": the first " + std::to_string(declared) + " are used");
    } else if (!cut.empty()) {
        warnings.push_back("all frames are there" + cut);
    }
    return std::min(present, declared);
}

bool marked_lossy(DcmItem& data) {
    return text(data, {0x0028, 0x2110}) == "01" || text(data, {0x0008, 0x2110}) == "01";
}

void warn_of_loss(bool now, RunInfo& info) {
    if (info.lossy) {
        info.warnings.push_back((now ? "lossy compression (" + info.codec_name + ")"
                                     : std::string("lossy compression in the past (0028,2110)")) +
                                ": its noise can be taken for contrast");
    }
}

void describe_pixels(const PixelFormat& format, RunInfo& info) {
    info.extent = format.extent;
    info.bits_allocated = format.bits_allocated;
    info.bits_stored = format.bits_stored;
    info.high_bit = format.high_bit;
    info.is_signed = format.is_signed;
    info.stored_offset = format.stored_offset();
    info.monochrome1 = format.monochrome1;
}

}  // namespace

RunReader::RunReader() = default;
RunReader::~RunReader() = default;

bool RunReader::damaged() const {
    return !file_->damage().empty() || info_.frames < format_->declared_frames.value_or(0);
}

Result<void> RunReader::read_header() {
    DcmDataset& data = file_->dataset();
    read_identity(data, info_);
    if (auto pixels = check_has_pixels(data, *file_, info_); !pixels) {
        return pixels;
    }
    const TransferSyntax syntax = transfer_syntax(file_->transfer_syntax_uid());
    info_.transfer_syntax_uid = file_->transfer_syntax_uid();
    info_.codec_name = syntax.name;
    auto format = read_pixel_format(data, info_.warnings);
    if (!format) {
        return tl::unexpected(format.error());
    }
    format->lossy = syntax.lossy;
    info_.lossy = syntax.lossy || marked_lossy(data);
    format_ = std::make_unique<PixelFormat>(*format);
    describe_pixels(*format_, info_);
    auto pixels = open_pixels(*file_, *format_, syntax, info_.warnings);
    if (!pixels) {
        return tl::unexpected(pixels.error());
    }
    pixels_ = std::move(*pixels);
    const auto frames = count_frames(*pixels_, *file_, *format_, info_.warnings);
    if (!frames) {
        return tl::unexpected(frames.error());
    }
    info_.frames = *frames;
    return {};
}

// In a file cut short the last fragment may be there in part: hand out only what decodes.
Result<void> RunReader::drop_broken_end() {
    const int found = info_.frames;
    while (info_.frames > 0 && !read_decoded(info_.frames - 1)) {
        --info_.frames;
    }
    if (info_.frames == 0) {
        return fail(ErrorKind::unreadable, {},
                    "not one frame can be decoded (" + file_->damage() + ")", kExportAgain);
    }
    if (info_.frames < found) {
        info_.warnings.push_back("INCOMPLETE RUN: frame " + std::to_string(info_.frames + 1) +
                                 " is broken; the first " + std::to_string(info_.frames) +
                                 " frames are used");
    }
    return {};
}

Result<std::unique_ptr<RunReader>> RunReader::open(const std::filesystem::path& file) try {
    auto loaded = DicomFile::load(file);
    if (!loaded) {
        return tl::unexpected(loaded.error());
    }
    std::unique_ptr<RunReader> run(new RunReader);
    run->file_ = std::move(*loaded);
    RunInfo& info = run->info_;
    info.file = file;
    auto ready = run->read_header();
    if (ready && !run->file_->damage().empty()) {
        ready = run->drop_broken_end();
    }
    if (!ready) {
        Error error = ready.error();
        error.subject = file.string();
        return tl::unexpected(error);
    }
    warn_of_loss(run->format_->lossy, info);
    DcmDataset& data = run->file_->dataset();
    read_acquisition(data, info);
    read_timing(data, info);
    read_spacing(data, info);
    read_intensity(data, *run->format_, info);
    read_orientation(data, info);
    read_shutter(data, info);
    read_masks(data, info);
    return run;
} catch (const std::exception& surprise) {
    return fail(ErrorKind::unreadable, file.string(),
                std::string("cannot be read (") + surprise.what() + ")", kExportAgain);
}

Result<std::span<const std::uint8_t>> RunReader::read_decoded(FrameIndex frame) try {
    if (frame < 0 || frame >= info_.frames) {
        return fail(ErrorKind::invalid_input, info_.file.string(),
                    "no frame " + std::to_string(frame + 1) + " of " + std::to_string(info_.frames),
                    "ask for a frame of the run");
    }
    decoded_.resize(format_->frame_bytes());
    if (auto done = pixels_->read(frame, decoded_); !done) {
        Error error = done.error();
        error.subject = info_.file.string();
        return tl::unexpected(error);
    }
    return std::span<const std::uint8_t>(decoded_);
} catch (const std::exception& surprise) {
    return fail(ErrorKind::unreadable, info_.file.string(),
                "frame " + std::to_string(frame + 1) + " cannot be read (" + surprise.what() + ")",
                kExportAgain);
}

Result<void> RunReader::read(FrameIndex frame, ImageView<std::uint16_t> words) {
    if (words.extent() != info_.extent) {
        return fail(ErrorKind::internal, info_.file.string(), "frame buffer of the wrong size");
    }
    const auto bytes = read_decoded(frame);
    if (!bytes) {
        return tl::unexpected(bytes.error());
    }
    unpack(*bytes, *format_, words);
    return {};
}

}  // namespace dsm
