#include <algorithm>
#include <cmath>
#include <cstdio>

#include "tools/dsm/info_format.h"
#include "tools/dsm/info_names.h"

namespace dsm::cli {

namespace {

std::string shown(double value, const char* format = "%.4g") {
    char buffer[48];
    std::snprintf(buffer, sizeof buffer, format, value);
    return buffer;
}

class Lines {
 public:
    void add(const char* name, const std::string& value) {
        char head[24];
        std::snprintf(head, sizeof head, "  %-14s", name);
        text_ += head + value + "\n";
    }
    void title(const std::string& line) { text_ += line + "\n"; }
    [[nodiscard]] std::string text() && { return std::move(text_); }

 private:
    std::string text_;
};

std::string or_unknown(const std::string& value) {
    return value.empty() ? "unknown" : value;
}

std::string pixels_of(const RunInfo& info) {
    return std::to_string(info.extent.width) + " columns x " + std::to_string(info.extent.height) +
           " rows, " + std::to_string(info.frames) + (info.frames == 1 ? " frame, " : " frames, ") +
           std::to_string(info.bits_stored) + " of " + std::to_string(info.bits_allocated) +
           " bits" + (info.is_signed ? ", signed" : "") +
           (info.monochrome1 ? ", MONOCHROME1" : ", MONOCHROME2");
}

std::string timing_of(const RunInfo& info) {
    if (!info.has_timing()) {
        return "unknown";
    }
    if (info.frames < 2) {
        return info.timing_source;
    }
    double shortest_s = info.frame_time_s[1] - info.frame_time_s[0];
    double longest_s = shortest_s;
    for (std::size_t i = 1; i < info.frame_time_s.size(); ++i) {
        const double step_s = info.frame_time_s[i] - info.frame_time_s[i - 1];
        shortest_s = std::min(shortest_s, step_s);
        longest_s = std::max(longest_s, step_s);
    }
    const bool even = longest_s - shortest_s < 1e-6 + 1e-3 * longest_s;
    const std::string steps =
        even ? shown(1000.0 * longest_s) + " ms apart"
             : shown(1000.0 * shortest_s) + " to " + shown(1000.0 * longest_s) + " ms apart";
    return steps + ", " + shown(info.frame_time_s.back(), "%.2f") + " s from first to last, from " +
           info.timing_source + (info.timing_is_acquisition ? "" : " (display rate)");
}

std::string spacing_of(const RunInfo& info) {
    if (!info.spacing) {
        return "unknown: pixels only";
    }
    return shown(info.spacing->row_mm) + " x " + shown(info.spacing->column_mm) +
           " mm (row x column), " + to_string(info.spacing->basis) + ", from " +
           info.spacing_source;
}

std::string intensity_of(const RunInfo& info) {
    const IntensityScale& scale = info.intensity;
    std::string line = to_string(scale.relationship);
    line += scale.sign > 0 ? ", larger is more X-rays" : ", larger is fewer X-rays";
    line += " (" + scale.sign_source + ")";
    if (!scale.to_linear.empty()) {
        line += ", table of " + std::to_string(scale.to_linear.size()) + " to linear";
    }
    return line;
}

std::string mask_of(const MaskSubtraction& mask) {
    std::string line = name_of(mask.operation);
    if (mask.operation == MaskSubtraction::Operation::average) {
        line += ", frames";
        for (const FrameIndex frame : mask.mask_frames) {
            line += " " + std::to_string(frame + 1);
        }
    } else {
        line += ", offset " + std::to_string(mask.time_offset_frames);
    }
    for (const auto& range : mask.applicable) {
        line += ", for " + std::to_string(range.first + 1) + "-" + std::to_string(range.last + 1);
    }
    if (mask.shift_px != Point{}) {
        line += ", shift (" + shown(mask.shift_px.x) + ", " + shown(mask.shift_px.y) + ") px";
    }
    if (!mask.frame_shifts.empty()) {
        line += ", another shift in " + std::to_string(mask.frame_shifts.size()) + " frames";
    }
    return line;
}

void add_geometry(const RunInfo& info, Lines& lines) {
    lines.add("position",
              std::string(to_string(info.position)) + " (" + info.position_source + ")");
    lines.add("patient left", name_of(info.left_in_image));
    lines.add("patient head", name_of(info.head_in_image));
    if (info.primary_angle_deg || info.secondary_angle_deg) {
        const auto degrees = [](const std::optional<double>& angle) {
            return angle ? shown(*angle) : std::string("unknown");
        };
        lines.add("C-arm", "primary " + degrees(info.primary_angle_deg) + ", secondary " +
                               degrees(info.secondary_angle_deg) + " degrees");
    }
    if (info.shutter) {
        lines.add("shutter", "x " + std::to_string(info.shutter->x) + ", y " +
                                 std::to_string(info.shutter->y) + ", " +
                                 std::to_string(info.shutter->width) + " x " +
                                 std::to_string(info.shutter->height) + " px");
    }
}

}  // namespace

std::string info_as_text(const RunInfo& info, const std::optional<PixelDigest>& digest) {
    Lines lines;
    lines.title(info.file.string());
    lines.add("class", or_unknown(info.sop_class_name) + ", modality " + or_unknown(info.modality));
    lines.add("patient", or_unknown(info.patient_name) + " (" + or_unknown(info.patient_id) + ")");
    lines.add("study", or_unknown(info.study_date) + " " + info.study_description);
    lines.add("series", std::to_string(info.series_number) + "/" +
                            std::to_string(info.instance_number) + " " + info.series_description);
    lines.add("codec",
              info.codec_name + (info.lossy ? " (lossy)" : "") + ", " + info.transfer_syntax_uid);
    lines.add("pixels", pixels_of(info));
    lines.add("timing", timing_of(info));
    lines.add("spacing", spacing_of(info));
    lines.add("intensity", intensity_of(info));
    add_geometry(info, lines);
    for (const MaskSubtraction& mask : info.masks) {
        lines.add("mask", mask_of(mask));
    }
    lines.add("viewing mode", info.viewing_mode_subtracted ? "subtracted" : "native");
    if (info.already_subtracted) {
        lines.add("subtracted", "already, by the source");
    }
    if (digest) {
        lines.add("sha256", digest->sha256);
        lines.add("values", "min " + std::to_string(digest->minimum) + ", max " +
                                std::to_string(digest->maximum) + ", mean " +
                                shown(digest->mean, "%.3f"));
    }
    for (const std::string& warning : info.warnings) {
        lines.add("warning", warning);
    }
    return std::move(lines).text();
}

}  // namespace dsm::cli
