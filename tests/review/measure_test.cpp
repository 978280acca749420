#include "dsp/review/measure.h"

#include <catch2/catch.hpp>

using namespace dsm;

namespace {

RunInfo spaced(double row_mm, double column_mm, SpacingBasis basis) {
    RunInfo run;
    run.spacing = PixelSpacing{row_mm, column_mm, basis};
    return run;
}

}  // namespace

TEST_CASE("a length is in mm by the spacing of rows and of columns") {
    const auto run = spaced(0.5, 0.25, SpacingBasis::calibrated);
    const Length length = length_between({10, 10}, {22, 18}, run);  // 3 mm across, 4 mm down
    CHECK(length.in_mm);
    CHECK(length.value == Approx(5.0));
    CHECK(measured_text(LineShape{{10, 10}, {22, 18}}, run) == "5.0 mm");
}

TEST_CASE("without a spacing a length is in px and says why") {
    const Length length = length_between({0, 0}, {3, 4}, {});
    CHECK_FALSE(length.in_mm);
    CHECK(length.value == Approx(5.0));
    CHECK(measured_text(LineShape{{0, 0}, {3, 4}}, {}) == "5.0 px, no pixel spacing");
}

TEST_CASE("millimetres that are not those of the patient say where they hold") {
    const LineShape line{{0, 0}, {3, 4}};
    CHECK(measured_text(line, spaced(1, 1, SpacingBasis::at_isocentre)) == "5.0 mm at isocentre");
    CHECK(measured_text(line, spaced(1, 1, SpacingBasis::at_detector)) == "5.0 mm at detector");
    CHECK(measured_text(line, spaced(1, 1, SpacingBasis::unknown)) == "5.0 mm, scale unsure");
}

TEST_CASE("angles are those of the patient's plane, whichever way round they are drawn") {
    const AngleShape right{{20, 0}, {0, 0}, {0, 20}};
    CHECK(angle_deg(right, {}) == Approx(90.0));
    CHECK(angle_deg({right.second_px, right.vertex_px, right.first_px}, {}) == Approx(90.0));
    CHECK(angle_deg({{-5, 0}, {0, 0}, {5, 0}}, {}) == Approx(180.0));
    const AngleShape slanted{{10, 0}, {0, 0}, {10, 10}};
    CHECK(angle_deg(slanted, {}) == Approx(45.0));
    // Rows twice as far apart as columns: the slope doubles.
    CHECK(angle_deg(slanted, spaced(2, 1, SpacingBasis::calibrated)) == Approx(63.4349));
    CHECK(measured_text(slanted, {}) == "45.0\xc2\xb0");
}

TEST_CASE("other shapes measure nothing, and no measure holds the sign that sets it off") {
    CHECK_FALSE(measured_text(ArrowShape{{0, 0}, {3, 4}}, {}));
    CHECK_FALSE(measured_text(EllipseShape{{0, 0}, 3, 4}, {}));
    for (const auto basis : {SpacingBasis::calibrated, SpacingBasis::at_isocentre,
                             SpacingBasis::at_detector, SpacingBasis::unknown}) {
        const auto text = measured_text(LineShape{{0, 0}, {3, 4}}, spaced(1, 1, basis));
        CHECK(text.value().find(':') == std::string::npos);
    }
}
