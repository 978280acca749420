#include <cmath>

#include "dsp/dicom/attributes.h"
#include "dsp/dicom/functional_groups.h"
#include "dsp/dicom/run_header.h"

namespace dsm::dicom {

namespace {

constexpr Tag kPatientPosition{0x0018, 0x5100};
constexpr Tag kPatientOrientation{0x0020, 0x0020};

// Head or feet first, then how the patient lies, PS3.3 C.7.3.1.1.2.
PatientPosition from_term(const std::string& term) {
    if (term == "HFDL" || term == "FFDL") {
        return PatientPosition::left_decubitus;
    }
    if (term == "HFDR" || term == "FFDR") {
        return PatientPosition::right_decubitus;
    }
    if (term == "HFP" || term == "FFP") {
        return PatientPosition::prone;
    }
    if (term == "HFS" || term == "FFS") {
        return PatientPosition::supine;
    }
    return PatientPosition::unknown;
}

// Patient Orientation Modifier Code, PS3.16 CID 20; SNOMED CT, and the retired SRT codes.
PatientPosition from_code(const std::string& code) {
    if (code == "102536004" || code == "F-10319") {
        return PatientPosition::left_decubitus;
    }
    if (code == "102535000" || code == "F-10317") {
        return PatientPosition::right_decubitus;
    }
    if (code == "1240000" || code == "F-10310") {
        return PatientPosition::prone;
    }
    if (code == "40199007" || code == "F-10340") {
        return PatientPosition::supine;
    }
    return PatientPosition::unknown;
}

void read_position(DcmItem& data, RunInfo& info) {
    const std::string term = text(data, kPatientPosition);
    const PatientPosition by_term = from_term(term);
    PatientPosition by_code = PatientPosition::unknown;
    if (DcmItem* orientation = functional_group(data, {0x0054, 0x0410})) {
        if (DcmItem* modifier = item(*orientation, {0x0054, 0x0412})) {
            by_code = from_code(text(*modifier, {0x0008, 0x0100}));
        }
    }
    if (by_term != PatientPosition::unknown && by_code != PatientPosition::unknown &&
        by_term != by_code) {
        info.position_source = "contradictory";
        info.warnings.push_back("patient position contradictory: (0018,5100) says " +
                                std::string(to_string(by_term)) + ", (0054,0412) says " +
                                to_string(by_code) + "; taken as unknown");
        return;
    }
    if (by_term != PatientPosition::unknown) {
        info.position = by_term;
        info.position_source = "Patient Position (0018,5100) " + term;
        return;
    }
    if (by_code != PatientPosition::unknown) {
        info.position = by_code;
        info.position_source = "Patient Orientation Modifier Code (0054,0412)";
        return;
    }
    info.position_source = "unknown";
    info.warnings.push_back("Patient Position (0018,5100) " +
                            (term.empty() ? "absent" : "is '" + term + "'") +
                            ": decubitus side unknown");
}

// Where the direction with `letter` points, if the first letter of a row or column direction is
// it. Further letters say by how much the picture is oblique and do not count.
struct Axes {
    char rightwards{};  // what +x points to: first letter of value 1
    char downwards{};   // what +y points to: first letter of value 2
};

std::optional<Axes> read_axes(const std::vector<std::string>& values) {
    const std::string known = "LRAPHF";
    if (values.size() != 2 || values[0].empty() || values[1].empty() ||
        values[0].find_first_not_of(known) != std::string::npos ||
        values[1].find_first_not_of(known) != std::string::npos) {
        return std::nullopt;
    }
    const Axes axes{values[0].front(), values[1].front()};
    const auto line = [](char letter) {
        return letter == 'L' || letter == 'R' ? 0 : (letter == 'A' || letter == 'P' ? 1 : 2);
    };
    return line(axes.rightwards) == line(axes.downwards) ? std::nullopt : std::optional(axes);
}

void read_image_axes(DcmItem& data, RunInfo& info) {
    DcmItem& place = holder(data, {0x0020, 0x9450}, kPatientOrientation);
    const auto values = texts(place, kPatientOrientation);
    info.orientation_source = "undetermined";
    if (values.empty()) {
        info.warnings.emplace_back(
            "Patient Orientation (0020,0020) absent: left and right undetermined");
        return;
    }
    const auto axes = read_axes(values);
    if (!axes) {
        info.warnings.push_back("Patient Orientation (0020,0020) '" +
                                text(place, kPatientOrientation) +
                                "' names no two directions: left and right undetermined");
        return;
    }
    info.orientation_source = "Patient Orientation (0020,0020) " + text(place, kPatientOrientation);
    const auto [rightwards, downwards] = *axes;
    if (rightwards == 'L' || rightwards == 'R') {
        info.left_in_image =
            rightwards == 'L' ? LeftInImage::towards_larger_x : LeftInImage::towards_smaller_x;
    } else if (downwards == 'L' || downwards == 'R') {
        info.left_in_image =
            downwards == 'L' ? LeftInImage::towards_larger_y : LeftInImage::towards_smaller_y;
    }
    if (rightwards == 'H' || rightwards == 'F') {
        info.head_in_image =
            rightwards == 'H' ? HeadInImage::towards_larger_x : HeadInImage::towards_smaller_x;
    } else if (downwards == 'H' || downwards == 'F') {
        info.head_in_image =
            downwards == 'H' ? HeadInImage::towards_larger_y : HeadInImage::towards_smaller_y;
    }
}

std::optional<double> angle(DcmItem& data, Tag tag, double limit_deg, const char* name,
                            RunInfo& info) {
    DcmItem& place = holder(data, {0x0018, 0x9405}, tag);
    const auto value = number(place, tag);
    if (frames_that_differ(data, {0x0018, 0x9405}, tag, info.frames) > 0) {
        info.warnings.push_back(std::string(name) + " " + to_string(tag) +
                                " changes from frame to frame (a rotating C-arm): the first "
                                "frame's is shown, and frames of other angles do not subtract");
    }
    if (value && std::abs(*value) > limit_deg) {
        info.warnings.push_back(std::string(name) + " " + to_string(tag) + " is " +
                                text(place, tag) + " degrees, out of range: not used");
        return std::nullopt;
    }
    return value;
}

}  // namespace

void read_orientation(DcmItem& data, RunInfo& info) {
    read_position(data, info);
    read_image_axes(data, info);
    info.primary_angle_deg = angle(data, {0x0018, 0x1510}, 180.0, "Positioner Primary Angle", info);
    info.secondary_angle_deg =
        angle(data, {0x0018, 0x1511}, 90.0, "Positioner Secondary Angle", info);
}

}  // namespace dsm::dicom
