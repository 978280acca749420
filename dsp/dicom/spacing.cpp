#include <algorithm>
#include <cmath>
#include <cstdio>

#include "dsp/dicom/attributes.h"
#include "dsp/dicom/functional_groups.h"
#include "dsp/dicom/run_header.h"

namespace dsm::dicom {

namespace {

constexpr Tag kPixelSpacing{0x0028, 0x0030};
constexpr Tag kImagerSpacing{0x0018, 0x1164};
constexpr double kSame = 1e-3;  // two spacings written with different digits are still the same

std::string shown(double value) {
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%.4g", value);
    return buffer;
}

struct Pair {
    double row_mm{};
    double column_mm{};
};

// Row spacing (vertical) comes first in every DICOM spacing.
std::optional<Pair> pair(DcmItem& data, Tag tag, const char* name, RunInfo& info) {
    const auto values = numbers(data, tag);
    if (values.empty()) {
        return std::nullopt;
    }
    const auto plausible = [](double mm) { return mm > 0.001 && mm < 100.0; };
    if (values.size() < 2 || !plausible(values[0]) || !plausible(values[1])) {
        info.warnings.push_back(std::string(name) + " " + to_string(tag) + " is '" +
                                text(data, tag) + "', which is no spacing: not used");
        return std::nullopt;
    }
    return Pair{values[0], values[1]};
}

bool same(Pair a, Pair b) {
    return std::abs(a.row_mm - b.row_mm) <= kSame * b.row_mm &&
           std::abs(a.column_mm - b.column_mm) <= kSame * b.column_mm;
}

struct Magnification {
    double factor{};
    std::string source;
};

// Source to detector over source to isocentre; holds for the depth of the isocentre only.
std::optional<double> distance_ratio(DcmItem& data, RunInfo& info) {
    DcmItem& plain = data;
    DcmItem& geometry = holder(data, {0x0018, 0x9476}, {0x0018, 0x1110});
    const auto to_detector_mm = number(geometry, {0x0018, 0x1110});
    auto to_isocentre_mm = number(geometry, {0x0018, 0x9402});
    if (!to_isocentre_mm) {
        to_isocentre_mm = number(plain, {0x0018, 0x1111});
    }
    if (!to_detector_mm || !to_isocentre_mm) {
        return std::nullopt;
    }
    if (*to_isocentre_mm <= 0.0 || *to_detector_mm <= *to_isocentre_mm ||
        *to_detector_mm > 10.0 * *to_isocentre_mm) {
        info.warnings.push_back("Distance Source to Detector (0018,1110) " +
                                shown(*to_detector_mm) + " mm and to Patient (0018,1111) " +
                                shown(*to_isocentre_mm) + " mm give no magnification: not used");
        return std::nullopt;
    }
    return *to_detector_mm / *to_isocentre_mm;
}

std::optional<Magnification> magnification(DcmItem& data, RunInfo& info) {
    const auto ratio = distance_ratio(data, info);
    const auto estimated = number(data, {0x0018, 0x1114});
    if (estimated && *estimated > 1.0 && *estimated < 10.0) {
        if (ratio && std::abs(*ratio - *estimated) > 0.05 * *estimated) {
            info.warnings.push_back("magnifications disagree: (0018,1114) says " +
                                    shown(*estimated) + ", (0018,1110)/(0018,1111) says " +
                                    shown(*ratio) + "; the first is used");
        }
        return Magnification{*estimated,
                             "magnification-corrected (ERMF " + shown(*estimated) + ")"};
    }
    if (estimated) {
        info.warnings.push_back("Estimated Radiographic Magnification Factor (0018,1114) is " +
                                shown(*estimated) + ", not above 1: not used");
    }
    if (ratio) {
        return Magnification{*ratio, "magnification-corrected (SID/SOD " + shown(*ratio) + ")"};
    }
    return std::nullopt;
}

void set(RunInfo& info, Pair spacing, double divisor, SpacingBasis basis, std::string source) {
    info.spacing = PixelSpacing{spacing.row_mm / divisor, spacing.column_mm / divisor, basis};
    info.spacing_source = std::move(source);
}

// Pixel Spacing that was corrected to the patient: says so, or differs from the imager's.
bool use_calibrated(DcmItem& data, const std::optional<Pair>& spacing,
                    const std::optional<Pair>& imager, RunInfo& info) {
    if (!spacing) {
        return false;
    }
    const std::string type = text(data, {0x0028, 0x0A02});
    const bool typed = type == "GEOMETRY" || type == "FIDUCIAL";
    if (imager && same(*spacing, *imager)) {
        if (typed) {
            info.warnings.push_back("Pixel Spacing (0028,0030) claims calibration " + type +
                                    " but equals Imager Pixel Spacing (0018,1164): "
                                    "taken as not corrected");
        }
        return false;
    }
    std::string source = "Pixel Spacing (0028,0030)";
    if (typed) {
        source += ", " + type;
    } else if (!imager) {
        info.warnings.emplace_back(
            "Pixel Spacing (0028,0030) without calibration type (0028,0a02) or Imager Pixel "
            "Spacing (0018,1164): taken as measured in the patient");
    }
    set(info, *spacing, 1.0, SpacingBasis::calibrated, source);
    return true;
}

// One spacing is used for the run: the first frame's.
void warn_of_change(DcmItem& data, RunInfo& info) {
    struct Source {
        Tag macro, attribute;
        const char* name;
    };
    for (const Source& source :
         {Source{{0x0018, 0x9401}, {0x0018, 0x9404}, "Object Pixel Spacing in Center of Beam"},
          Source{{0x0028, 0x9443}, kImagerSpacing, "Imager Pixel Spacing"},
          Source{{0x0018, 0x9476}, {0x0018, 0x1110}, "Distance Source to Detector"},
          Source{{0x0018, 0x9476}, {0x0018, 0x9402}, "Distance Source to Isocenter"}}) {
        if (frames_that_differ(data, source.macro, source.attribute, info.frames) > 0) {
            info.warnings.push_back(std::string(source.name) + " " + to_string(source.attribute) +
                                    " changes from frame to frame: the first frame's is used");
        }
    }
}

void warn_of_shape(DcmItem& data, RunInfo& info) {
    if (info.spacing) {
        const PixelSpacing& spacing = *info.spacing;
        if (std::abs(spacing.row_mm - spacing.column_mm) > 0.01 * spacing.column_mm) {
            info.warnings.push_back("pixels are not square: " + shown(spacing.row_mm) + " mm by " +
                                    shown(spacing.column_mm) + " mm");
        }
        return;
    }
    info.spacing_source = "unknown";
    info.warnings.emplace_back(
        "no pixel spacing (0028,0030) or (0018,1164): lengths in pixels only");
    const auto aspect = numbers(data, {0x0028, 0x0034});
    if (aspect.size() >= 2 && aspect[0] > 0.0 && aspect[1] > 0.0 &&
        std::abs(aspect[0] - aspect[1]) > 0.01 * aspect[1]) {
        info.warnings.push_back("pixels are not square: Pixel Aspect Ratio (0028,0034) is " +
                                text(data, {0x0028, 0x0034}));
    }
}

}  // namespace

void read_spacing(DcmItem& data, RunInfo& info) {
    warn_of_change(data, info);
    const auto spacing = pair(data, kPixelSpacing, "Pixel Spacing", info);
    DcmItem& properties = holder(data, {0x0028, 0x9443}, kImagerSpacing);
    const auto imager = pair(properties, kImagerSpacing, "Imager Pixel Spacing", info);
    if (use_calibrated(data, spacing, imager, info)) {
        warn_of_shape(data, info);
        return;
    }
    constexpr Tag kAtCentre{0x0018, 0x9404};
    DcmItem& calibration = holder(data, {0x0018, 0x9401}, kAtCentre);
    if (const auto at_centre =
            pair(calibration, kAtCentre, "Object Pixel Spacing in Center of Beam", info)) {
        set(info, *at_centre, 1.0, SpacingBasis::at_isocentre,
            "Object Pixel Spacing in Center of Beam (0018,9404)");
    } else if (imager) {
        if (const auto factor = magnification(data, info)) {
            set(info, *imager, factor->factor, SpacingBasis::at_isocentre,
                "Imager Pixel Spacing (0018,1164), " + factor->source);
        } else {
            set(info, *imager, 1.0, SpacingBasis::at_detector,
                "Imager Pixel Spacing (0018,1164), not corrected for magnification");
            info.warnings.emplace_back(
                "no magnification (0018,1114), (0018,1110)/(0018,1111): "
                "millimetres are at the detector, larger than in the patient");
        }
    }
    warn_of_shape(data, info);
}

}  // namespace dsm::dicom
