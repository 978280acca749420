#include <algorithm>
#include <cmath>

#include "dsp/dicom/attributes.h"
#include "dsp/dicom/functional_groups.h"
#include "dsp/dicom/run_header.h"

namespace dsm::dicom {

namespace {

constexpr Tag kRelationship{0x0028, 0x1040};
constexpr Tag kSign{0x0028, 0x1041};
constexpr Tag kFrameProperties{0x0028, 0x9443};
constexpr Tag kModalityLut{0x0028, 0x3000};

void read_relationship(DcmItem& data, RunInfo& info) {
    const std::string term = text(holder(data, kFrameProperties, kRelationship), kRelationship);
    if (frames_that_differ(data, kFrameProperties, kRelationship, info.frames) > 0) {
        info.warnings.emplace_back(
            "Pixel Intensity Relationship (0028,1040) changes from frame to frame: the first "
            "frame's is used");
    }
    auto& relationship = info.intensity.relationship;
    if (term == "LIN") {
        relationship = PixelIntensityRelationship::linear;
    } else if (term == "LOG") {
        relationship = PixelIntensityRelationship::logarithmic;
    } else if (term == "DISP") {
        relationship = PixelIntensityRelationship::display;
    }
}

// Plain XA and XRF have no sign; the photometric interpretation tells it. Fluoroscopy shows much
// radiation bright, radiographs (CR, DX) show it black like film.
void read_sign(DcmItem& data, const PixelFormat& format, RunInfo& info) {
    DcmItem& place = holder(data, kFrameProperties, kSign);
    const auto sign = integer(place, kSign);
    if (sign && (*sign == 1 || *sign == -1)) {
        info.intensity.sign = *sign;
        info.intensity.sign_source = "Pixel Intensity Relationship Sign (0028,1041)";
        return;
    }
    if (has(place, kSign)) {
        info.warnings.push_back("Pixel Intensity Relationship Sign (0028,1041) is '" +
                                text(place, kSign) + "', neither 1 nor -1: not used");
    }
    const bool film = info.modality == "CR" || info.modality == "DX" || info.modality == "MG";
    const bool bright_is_more = !film;
    const bool larger_is_bright = !format.monochrome1;
    info.intensity.sign = bright_is_more == larger_is_bright ? +1 : -1;
    info.intensity.sign_source =
        std::string("inferred from ") + (format.monochrome1 ? "MONOCHROME1" : "MONOCHROME2") +
        " (0028,0004), " +
        (film ? "radiograph: black is more X-rays" : "fluoroscopy: bright is more X-rays");
}

// LUT Descriptor and LUT Data, PS3.3 C.11.1.1: entries (0 means 65536), first value mapped (signed
// when the pixels are), bits. 8-bit entries may be packed two to a word. Empty when they disagree.
std::vector<float> lut_entries(DcmItem& lut, bool is_signed, int& first_mapped) {
    const auto descriptor = numbers(lut, {0x0028, 0x3002});
    const auto data = words(lut, {0x0028, 0x3006});
    if (descriptor.size() < 3 || std::any_of(descriptor.begin(), descriptor.end(),
                                             [](double value) { return std::isnan(value); })) {
        return {};
    }
    auto entries = static_cast<int>(descriptor[0]) & 0xFFFF;
    entries = entries == 0 ? 65536 : entries;
    first_mapped = static_cast<int>(descriptor[1]);
    if (is_signed && first_mapped > 32767) {
        first_mapped -= 65536;
    }
    const auto count = static_cast<std::size_t>(entries);
    std::vector<float> values;
    if (data.size() >= count) {
        values.assign(data.begin(), data.begin() + entries);
    } else if (descriptor[2] <= 8 && data.size() >= (count + 1) / 2) {
        for (std::size_t i = 0; i < count; ++i) {
            const int word = data[i / 2];
            values.push_back(static_cast<float>(i % 2 == 0 ? word & 0xFF : word >> 8));
        }
    }
    return values;
}

// Which LUT leads to linear intensity: plain objects have a Modality LUT, Enhanced ones a
// Pixel Intensity Relationship LUT with function TO_LINEAR (PS3.3 C.7.6.16.2.13).
DcmItem* lut_to_linear(DcmItem& data) {
    if (DcmItem* lut = item(data, kModalityLut)) {
        return lut;
    }
    DcmItem* lut = functional_group(data, {0x0028, 0x9422});
    return lut != nullptr && text(*lut, {0x0028, 0x9474}) == "TO_LINEAR" ? lut : nullptr;
}

void read_lut(DcmItem& data, const PixelFormat& format, RunInfo& info) {
    DcmItem* lut = lut_to_linear(data);
    if (lut == nullptr) {
        return;
    }
    IntensityScale& scale = info.intensity;
    const std::string type = text(*lut, {0x0028, 0x3004});
    if (scale.relationship == PixelIntensityRelationship::linear) {
        info.warnings.emplace_back(
            "Modality LUT (0028,3000) beside Pixel Intensity Relationship LIN: not needed, not "
            "used");
        return;
    }
    if (type == "OD" || type == "HU") {
        info.warnings.push_back("Modality LUT (0028,3000) leads to " + type +
                                ", not to X-ray intensity: not used");
        return;
    }
    int first_mapped = 0;
    auto values = lut_entries(*lut, format.is_signed, first_mapped);
    if (values.empty()) {
        info.warnings.emplace_back(
            "Modality LUT (0028,3000) holds fewer entries than it declares: not used");
        return;
    }
    if (std::all_of(values.begin(), values.end(),
                    [&](float value) { return value == values.front(); })) {
        info.warnings.emplace_back(
            "Modality LUT (0028,3000) maps every value to the same: not used");
        return;
    }
    scale.to_linear = std::move(values);
    scale.first_mapped_value = first_mapped;
}

void read_rescale(DcmItem& data, RunInfo& info) {
    IntensityScale& scale = info.intensity;
    DcmItem& place = holder(data, {0x0028, 0x9145}, {0x0028, 0x1053});
    const auto slope = number(place, {0x0028, 0x1053});
    if (!slope || !scale.to_linear.empty()) {
        return;
    }
    if (*slope == 0.0) {
        info.warnings.emplace_back("Rescale Slope (0028,1053) is 0: not used");
        return;
    }
    scale.has_rescale = true;
    scale.rescale_slope = *slope;
    scale.rescale_intercept = number(place, {0x0028, 0x1052}).value_or(0.0);
    scale.rescale_type = text(place, {0x0028, 0x1054});
}

void read_window(DcmItem& data, RunInfo& info) {
    constexpr Tag kCenter{0x0028, 0x1050};
    constexpr Tag kWidth{0x0028, 0x1051};
    DcmItem* group = functional_group(data, {0x0028, 0x9132});
    DcmItem& place = group != nullptr && has(*group, kCenter) ? *group : data;
    if (texts(place, kCenter).empty() && texts(place, kWidth).empty()) {
        return;
    }
    const auto center = number(place, kCenter);
    const auto width = number(place, kWidth);
    // One stored value is the narrowest window there is, PS3.3 C.11.2.1.2.
    if (!center || !width || *width < 1.0 || *width > 1e6 || std::abs(*center) > 1e6) {
        info.warnings.push_back("window (0028,1050)/(0028,1051) '" + text(place, kCenter) +
                                "' / '" + text(place, kWidth) + "' is no window: not used");
        return;
    }
    info.window = DisplayWindow{*center, *width};
}

// Where neither the law nor a table leads back to exposure, opacity is known up to a factor.
void warn_if_relative(DcmItem& data, RunInfo& info) {
    const IntensityScale& scale = info.intensity;
    const bool logarithmic = scale.relationship == PixelIntensityRelationship::logarithmic;
    const bool density = logarithmic && scale.has_rescale && scale.rescale_type == "OD";
    if (scale.relationship == PixelIntensityRelationship::linear || !scale.to_linear.empty() ||
        density) {
        return;
    }
    if (logarithmic) {
        info.warnings.emplace_back(
            "Pixel Intensity Relationship LOG without Modality LUT (0028,3000): opacities are "
            "relative");
        return;
    }
    if (scale.relationship == PixelIntensityRelationship::display) {
        info.warnings.emplace_back(
            "Pixel Intensity Relationship (0028,1040) is DISP: made for display, its law is "
            "unknown; taken as logarithmic, opacities are relative");
        return;
    }
    const std::string term = text(holder(data, kFrameProperties, kRelationship), kRelationship);
    info.warnings.push_back("Pixel Intensity Relationship (0028,1040) " +
                            (term.empty() ? "absent" : "is '" + term + "'") +
                            ": law unknown; taken as logarithmic, opacities are relative");
}

}  // namespace

void read_intensity(DcmItem& data, const PixelFormat& format, RunInfo& info) {
    read_relationship(data, info);
    read_sign(data, format, info);
    read_lut(data, format, info);
    read_rescale(data, info);
    read_window(data, info);
    warn_if_relative(data, info);
}

}  // namespace dsm::dicom
