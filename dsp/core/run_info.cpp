#include "dsp/core/run_info.h"

namespace dsm {

const char* to_string(PatientPosition position) {
    switch (position) {
        case PatientPosition::left_decubitus:
            return "left_decubitus";
        case PatientPosition::right_decubitus:
            return "right_decubitus";
        case PatientPosition::prone:
            return "prone";
        case PatientPosition::supine:
            return "supine";
        case PatientPosition::unknown:
            break;
    }
    return "unknown";
}

const char* to_string(PixelIntensityRelationship relationship) {
    switch (relationship) {
        case PixelIntensityRelationship::linear:
            return "LIN";
        case PixelIntensityRelationship::logarithmic:
            return "LOG";
        case PixelIntensityRelationship::display:
            return "DISP";
        case PixelIntensityRelationship::unknown:
            break;
    }
    return "unknown";
}

const char* to_string(SpacingBasis basis) {
    switch (basis) {
        case SpacingBasis::calibrated:
            return "calibrated";
        case SpacingBasis::at_isocentre:
            return "at isocentre";
        case SpacingBasis::at_detector:
            return "at detector";
        case SpacingBasis::unknown:
            break;
    }
    return "unknown";
}

std::optional<double> mean_spacing_mm(const RunInfo& run) {
    if (!run.spacing) {
        return std::nullopt;
    }
    return 0.5 * (run.spacing->row_mm + run.spacing->column_mm);
}

std::optional<double> time_of(const RunInfo& run, FrameIndex frame) {
    if (frame < 0 || static_cast<std::size_t>(frame) >= run.frame_time_s.size()) {
        return std::nullopt;
    }
    return run.frame_time_s[static_cast<std::size_t>(frame)];
}

}  // namespace dsm
