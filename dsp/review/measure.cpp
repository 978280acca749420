#include "dsp/review/measure.h"

#include <cmath>
#include <cstdio>
#include <numbers>

namespace dsm {
namespace {

// In mm, else in px as if rows and columns were spaced alike.
Point in_plane(Point by_px, const RunInfo& run) {
    return run.spacing ? Point{by_px.x * run.spacing->column_mm, by_px.y * run.spacing->row_mm}
                       : by_px;
}

const char* unit_of(const RunInfo& run) {
    if (!run.spacing) {
        return "px, no pixel spacing";
    }
    switch (run.spacing->basis) {
        case SpacingBasis::calibrated:
            return "mm";
        case SpacingBasis::at_isocentre:
            return "mm at isocentre";
        case SpacingBasis::at_detector:
            return "mm at detector";
        case SpacingBasis::unknown:
            break;
    }
    return "mm, scale unsure";
}

std::string with_unit(double value, const char* unit) {
    char text[64];
    std::snprintf(text, sizeof text, "%.1f %s", value, unit);
    return text;
}

}  // namespace

Length length_between(Point from_px, Point to_px, const RunInfo& run) {
    return {length(in_plane(to_px - from_px, run)), run.spacing.has_value()};
}

double angle_deg(const AngleShape& shape, const RunInfo& run) {
    const Point a = in_plane(shape.first_px - shape.vertex_px, run);
    const Point b = in_plane(shape.second_px - shape.vertex_px, run);
    const double across = a.x * b.y - a.y * b.x;
    const double along = a.x * b.x + a.y * b.y;
    return std::abs(std::atan2(across, along)) * 180.0 / std::numbers::pi;
}

std::optional<std::string> measured_text(const Shape& shape, const RunInfo& run) {
    if (const auto* line = std::get_if<LineShape>(&shape)) {
        return with_unit(length_between(line->from_px, line->to_px, run).value, unit_of(run));
    }
    if (const auto* angle = std::get_if<AngleShape>(&shape)) {
        char text[32];
        std::snprintf(text, sizeof text, "%.1f\xc2\xb0", angle_deg(*angle, run));
        return text;
    }
    return std::nullopt;
}

std::string label_of(const Annotation& annotation, const RunInfo& run) {
    if (const auto measured = measured_text(annotation.shape, run)) {
        return annotation.text.empty() ? *measured : annotation.text + ": " + *measured;
    }
    return is_region(annotation.shape) && annotation.text.empty()
               ? "R" + std::to_string(annotation.id)
               : annotation.text;
}

}  // namespace dsm
