#include "dsp/dicom/objects/derived_image.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "dsp/dicom/objects/object_header.h"

namespace dsm {
namespace {

using dicom::AttributeWriter;
using dicom::Tag;

// What an X-Ray Angiographic image has to say of its acquisition (PS3.3 C.8.7.1, C.8.7.2,
// C.8.7.5): type 1 and 2, without which the object is a secondary capture.
bool is_angiographic(const ObjectSource& source) {
    DcmDataset& header = source.header();
    return source.info().sop_class_uid == UID_XRayAngiographicImageStorage &&
           header.tagExistsWithValue(DcmTagKey(0x0018, 0x1155));
}

// Type 2 of the acquisition and positioner modules: empty where the source is silent.
constexpr std::array kAcquisitionType2{Tag{0x0018, 0x0060}, Tag{0x0018, 0x1152},
                                       Tag{0x0018, 0x1510}, Tag{0x0018, 0x1511},
                                       Tag{0x0020, 0x0020}};
// Optional, and true of the subtracted frames too: geometry, position, shutter, contrast.
constexpr std::array kAcquisitionType3{
    Tag{0x0018, 0x0010}, Tag{0x0018, 0x1110}, Tag{0x0018, 0x1111}, Tag{0x0018, 0x1114},
    Tag{0x0018, 0x1164}, Tag{0x0018, 0x1155}, Tag{0x0018, 0x1500}, Tag{0x0018, 0x1600},
    Tag{0x0018, 0x1602}, Tag{0x0018, 0x1604}, Tag{0x0018, 0x1606}, Tag{0x0018, 0x1608},
    Tag{0x0018, 0x1610}, Tag{0x0018, 0x1612}, Tag{0x0018, 0x1620}, Tag{0x0018, 0x5100},
    Tag{0x0020, 0x0060}, Tag{0x0008, 0x0022}, Tag{0x0008, 0x0032}, Tag{0x0018, 0x1150},
    Tag{0x0018, 0x1151}};

void put_acquisition(AttributeWriter& to, ObjectSource& source) {
    DcmDataset& header = source.header();
    for (const Tag tag : kAcquisitionType2) {
        to.empty(tag);
        to.copy(header, tag);
    }
    for (const Tag tag : kAcquisitionType3) {
        to.copy(header, tag);
    }
    if (!header.tagExistsWithValue(DCM_PositionerMotion)) {
        to.empty({0x0018, 0x1500});
    }
    to.text({0x0028, 0x1040}, "DISP");
}

// Frame Time or Frame Time Vector of the frames' own times (PS3.3 C.7.6.5); without timing the
// frames are 1 s apart for display, and the description says so.
void put_timing(AttributeWriter& to, const RunInfo& run) {
    to.integer({0x0028, 0x0008}, run.frames);
    std::vector<double> steps_ms{0.0};
    for (std::size_t k = 1; k < run.frame_time_s.size(); ++k) {
        steps_ms.push_back(std::round((run.frame_time_s[k] - run.frame_time_s[k - 1]) * 1e6) / 1e3);
    }
    const bool even = std::all_of(steps_ms.begin() + 1, steps_ms.end(),
                                  [&](double step) { return std::abs(step - steps_ms[1]) < 2e-3; });
    if (even) {
        to.pointer({0x0028, 0x0009}, {0x0018, 0x1063});
        to.decimal({0x0018, 0x1063}, steps_ms.size() > 1 ? steps_ms[1] : 1000.0);
    } else {
        to.pointer({0x0028, 0x0009}, {0x0018, 0x1065});
        to.decimals({0x0018, 0x1065}, steps_ms);
    }
}

// Derivation (PS3.3 C.7.6.1.1.3, C.12.4): what was done to which image.
void put_derivation(AttributeWriter& to, const ObjectSource& source, const Derivation& derivation) {
    to.free_text({0x0008, 0x2111}, derivation.description);
    to.code({0x0008, 0x9215}, {"113062", "DCM", "Pixel by pixel subtraction"});
    put_source_images(to, {0x0008, 0x2112}, source.info());
}

// Real World Value Mapping (PS3.3 C.7.6.16.2.11): stored values to opacity.
void put_opacity_mapping(AttributeWriter& to) {
    AttributeWriter mapping = to.item({0x0040, 0x9096});
    mapping.words({0x0040, 0x9216}, {0});
    mapping.words({0x0040, 0x9211}, {65535});
    mapping.free_text({0x0028, 0x3003}, "opacity, ln(mask / live)");
    mapping.free_text({0x0040, 0x9210}, "OPACITY");
    const double slope = -1.0 / kSubtractedPerOpacity;
    const double intercept = kSubtractedZero / kSubtractedPerOpacity;
    mapping.doubles({0x0040, 0x9224}, {&intercept, 1});
    mapping.doubles({0x0040, 0x9225}, {&slope, 1});
    mapping.code({0x0040, 0x08EA}, {"1", "UCUM", "no units"});
}

void put_pixels(AttributeWriter& to, const RunInfo& run, const SubtractedRun& subtracted,
                const Derivation& derivation) {
    to.word({0x0028, 0x0002}, 1);
    to.text({0x0028, 0x0004}, "MONOCHROME2");
    to.word({0x0028, 0x0010}, run.extent.height);
    to.word({0x0028, 0x0011}, run.extent.width);
    to.word({0x0028, 0x0100}, 16);
    to.word({0x0028, 0x0101}, 16);
    to.word({0x0028, 0x0102}, 15);
    to.word({0x0028, 0x0103}, 0);
    to.decimal({0x0028, 0x1050},
               kSubtractedZero -
                   0.5 * kSubtractedPerOpacity * (derivation.shown_from + derivation.shown_to));
    to.decimal({0x0028, 0x1051}, std::max(1.0, kSubtractedPerOpacity *
                                                   (derivation.shown_to - derivation.shown_from)));
    to.other_words({0x7FE0, 0x0010}, subtracted.words());
}

void put_lossy(AttributeWriter& to, const ObjectSource& source) {
    DcmDataset& header = source.header();
    to.text({0x0028, 0x2110}, source.info().lossy ? "01" : "00");
    if (source.info().lossy) {
        to.copy(header, {0x0028, 0x2112});
        to.copy(header, {0x0028, 0x2114});
    }
}

void put_capture(AttributeWriter& to, const RunInfo& run) {
    to.text({0x0008, 0x0064}, "WSD");
    to.text({0x0028, 0x0301}, "NO");
    to.text({0x2050, 0x0020}, "IDENTITY");
    to.decimal({0x0028, 0x1052}, 0.0);
    to.decimal({0x0028, 0x1053}, 1.0);
    to.text({0x0028, 0x1054}, "US");
    if (run.spacing && run.spacing->row_mm > 0.0 && run.spacing->column_mm > 0.0) {
        to.decimals({0x0018, 0x2010},
                    std::vector<double>{run.spacing->row_mm, run.spacing->column_mm});
    }
    to.empty({0x0020, 0x0020});
}

constexpr std::size_t kMostWords = 0x7fffffffU;

tl::unexpected<Error> too_large(const std::string& run) {
    return fail(ErrorKind::invalid_input, run,
                "the subtracted run would pass 4 GiB, the limit of a DICOM element",
                "leave it out of the export");
}

}  // namespace

Result<SubtractedRun> SubtractedRun::begin(const RunInfo& run) {
    const std::size_t words = run.extent.pixels() * static_cast<std::size_t>(run.frames);
    if (words == 0 || words > kMostWords) {
        return too_large(run.file.string());
    }
    SubtractedRun made;
    made.name_ = run.file.string();
    made.words_.reserve(words);
    return made;
}

Result<void> SubtractedRun::append(ImageView<const float> opacity) {
    if (words_.size() + opacity.extent().pixels() > kMostWords) {
        return too_large(name_);
    }
    for (int y = 0; y < opacity.height(); ++y) {
        for (const float value : opacity.row_span(y)) {
            const double stored =
                kSubtractedZero -
                (std::isfinite(value) ? kSubtractedPerOpacity * static_cast<double>(value) : 0.0);
            const double rounded = std::round(stored);
            clipped_ += rounded < 0.0 || rounded > 65535.0 ? 1 : 0;
            words_.push_back(static_cast<std::uint16_t>(std::clamp(rounded, 0.0, 65535.0)));
        }
    }
    ++frames_;
    return {};
}

Image<float> SubtractedRun::opacity_of(FrameIndex frame, Extent extent) const {
    Image<float> opacity(extent);
    const std::size_t pixels = extent.pixels();
    const auto words = std::span(words_).subspan(static_cast<std::size_t>(frame) * pixels, pixels);
    std::transform(words.begin(), words.end(), opacity.view().data(), [](std::uint16_t stored) {
        return static_cast<float>((kSubtractedZero - stored) / kSubtractedPerOpacity);
    });
    return opacity;
}

Result<ObjectReference> write_subtracted_run(const std::filesystem::path& file,
                                             ObjectSource& source, const SubtractedRun& subtracted,
                                             const Derivation& derivation) {
    const RunInfo& run = source.info();
    if (subtracted.frames() != run.frames ||
        subtracted.words().size() != run.extent.pixels() * static_cast<std::size_t>(run.frames)) {
        return fail(ErrorKind::invalid_input, file.string(), "frames of the run are missing",
                    "subtract the whole run first");
    }
    const bool angiographic = is_angiographic(source);
    DcmFileFormat format;
    AttributeWriter to(*format.getDataset());
    const ObjectReference made = put_common_modules(
        to, source,
        {angiographic ? UID_XRayAngiographicImageStorage
                      : UID_MultiframeGrayscaleWordSecondaryCaptureImageStorage,
         angiographic || run.modality.empty() ? "XA" : run.modality, "DSM subtracted run"});
    to.text({0x0008, 0x0008},
            angiographic ? "DERIVED\\SECONDARY\\SINGLE PLANE" : "DERIVED\\SECONDARY");
    put_content_time(to, source);
    if (angiographic) {
        put_acquisition(to, source);
    } else {
        put_capture(to, run);
    }
    put_timing(to, run);
    put_derivation(to, source, derivation);
    put_opacity_mapping(to);
    put_pixels(to, run, subtracted, derivation);
    put_lossy(to, source);
    return save_object(file, format, to, made);
}

}  // namespace dsm
