// What lines and angles measure. Pure functions, safe from any thread.
// Lengths are in mm where the run has a pixel spacing, rows and columns each by their own, else in
// px. Millimetres hold in the plane the spacing is for (PS3.3 C.7.6.28, C.8.7.5): at the isocentre
// or the detector they are not those of a vein nearer to the tube, and the text says which they
// are.
#pragma once

#include <optional>
#include <string>

#include "dsp/core/run_info.h"
#include "dsp/core/units.h"
#include "dsp/review/review.h"

namespace dsm {

struct Length {
    double value{0.0};
    bool in_mm{false};  // false: px
};
[[nodiscard]] Length length_between(Point from_px, Point to_px, const RunInfo& run);

// Degrees, 0 to 180, in the patient's plane where rows and columns are spaced differently; 0 for an
// arm without length.
[[nodiscard]] double angle_deg(const AngleShape& shape, const RunInfo& run);

// "23.4 mm", "23.4 mm at isocentre", "118.2 px, no pixel spacing", "34.5°"; nothing for shapes that
// measure nothing. Holds no colon.
[[nodiscard]] std::optional<std::string> measured_text(const Shape& shape, const RunInfo& run);

// What is written at an annotation: its text, what it measures, or "R3" for a region without text.
[[nodiscard]] std::string label_of(const Annotation& annotation, const RunInfo& run);

}  // namespace dsm
