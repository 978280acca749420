#include <catch2/catch.hpp>

#include "dsp/dicom/run_header.h"
#include "tests/dicom/made_run.h"

using namespace dsm;
using namespace dsm::dicom;
using test::MadeRun;
using test::warned;

namespace {

constexpr Tag kPosition{0x0018, 0x5100};
constexpr Tag kOrientation{0x0020, 0x0020};

RunInfo orientation_of(MadeRun& run) {
    RunInfo info = MadeRun::empty_info();
    read_orientation(run.data(), info);
    return info;
}

}  // namespace

TEST_CASE("the decubitus side comes from patient position") {
    MadeRun run;
    const auto [term, position] =
        GENERATE(table<const char*, PatientPosition>({{"HFDL", PatientPosition::left_decubitus},
                                                      {"FFDL", PatientPosition::left_decubitus},
                                                      {"HFDR", PatientPosition::right_decubitus},
                                                      {"FFDR", PatientPosition::right_decubitus},
                                                      {"HFP", PatientPosition::prone},
                                                      {"FFS", PatientPosition::supine}}));
    run.set(kPosition, term);
    CHECK(orientation_of(run).position == position);
    CHECK(orientation_of(run).position_source ==
          "Patient Position (0018,5100) " + std::string(term));
}

TEST_CASE("angles alone never give a side") {
    MadeRun run;
    run.set({0x0018, 0x1510}, "-90").set({0x0018, 0x1511}, "0");
    const RunInfo info = orientation_of(run);
    CHECK(info.primary_angle_deg == -90.0);
    CHECK(info.position == PatientPosition::unknown);
    CHECK(info.left_in_image == LeftInImage::undetermined);
    CHECK(info.head_in_image == HeadInImage::undetermined);
    CHECK(warned(info, "Patient Position (0018,5100) absent"));
    CHECK(warned(info, "Patient Orientation (0020,0020) absent"));
}

TEST_CASE("contradictory positions are unknown") {
    MadeRun run;
    DcmItem& code = run.item(run.item(run.data(), {0x0054, 0x0410}), {0x0054, 0x0412});
    test::set(code, {0x0008, 0x0100}, "102536004");
    CHECK(orientation_of(run).position == PatientPosition::left_decubitus);
    run.set(kPosition, "HFDR");
    CHECK(orientation_of(run).position == PatientPosition::unknown);
    CHECK(warned(orientation_of(run), "patient position contradictory"));
}

TEST_CASE("left and head are where patient orientation says") {
    MadeRun run;
    struct Row {
        const char* value;
        LeftInImage left;
        HeadInImage head;
    };
    const Row row =
        GENERATE(Row{"L\\F", LeftInImage::towards_larger_x, HeadInImage::towards_smaller_y},
                 Row{"R\\H", LeftInImage::towards_smaller_x, HeadInImage::towards_larger_y},
                 Row{"H\\L", LeftInImage::towards_larger_y, HeadInImage::towards_larger_x},
                 Row{"F\\R", LeftInImage::towards_smaller_y, HeadInImage::towards_smaller_x},
                 Row{"LP\\FA", LeftInImage::towards_larger_x, HeadInImage::towards_smaller_y},
                 Row{"A\\F", LeftInImage::undetermined, HeadInImage::towards_smaller_y},
                 Row{"PL\\FR", LeftInImage::undetermined, HeadInImage::towards_smaller_y});
    CAPTURE(row.value);
    run.set(kOrientation, row.value);
    CHECK(orientation_of(run).left_in_image == row.left);
    CHECK(orientation_of(run).head_in_image == row.head);
}

TEST_CASE("an orientation that names no two directions leaves the side undetermined") {
    MadeRun run;
    run.set(kOrientation, GENERATE("L", "L\\R", "L\\L", "X\\F", "left\\foot", "H\\FL"));
    const RunInfo info = orientation_of(run);
    CHECK(info.left_in_image == LeftInImage::undetermined);
    CHECK(info.head_in_image == HeadInImage::undetermined);
    CHECK(warned(info, "names no two directions"));
}

TEST_CASE("angles out of range are not used") {
    MadeRun run;
    run.set({0x0018, 0x1510}, "270").set({0x0018, 0x1511}, "-120");
    const RunInfo info = orientation_of(run);
    CHECK(!info.primary_angle_deg);
    CHECK(!info.secondary_angle_deg);
    CHECK(warned(info, "(0018,1510)"));
}

TEST_CASE("shutter and collimator leave the rectangle inside both, their edges visible") {
    MadeRun run;
    run.set({0x0018, 0x1600}, "RECTANGULAR")
        .set({0x0018, 0x1602}, " 0003")
        .set({0x0018, 0x1604}, "14")
        .set({0x0018, 0x1606}, "1")
        .set({0x0018, 0x1608}, "12");
    RunInfo info = MadeRun::empty_info();
    read_shutter(run.data(), info);
    CHECK(info.shutter == PixelRect{2, 0, 12, 12});
    run.set({0x0018, 0x1700}, "CIRCULAR").set({0x0018, 0x1710}, "6\\8").set({0x0018, 0x1712}, "4");
    info = MadeRun::empty_info();
    read_shutter(run.data(), info);
    CHECK(info.shutter == PixelRect{3, 1, 9, 9});
    CHECK(warned(info, "only the rectangle around it"));
}

TEST_CASE("shutters that are incomplete or leave nothing are not used") {
    MadeRun run;
    SECTION("no edges") {
        run.set({0x0018, 0x1600}, "RECTANGULAR");
    }
    SECTION("two vertices") {
        run.set({0x0018, 0x1600}, "POLYGONAL").set({0x0018, 0x1620}, "1\\1\\12\\16");
    }
    SECTION("outside") {
        run.set({0x0018, 0x1600}, "CIRCULAR")
            .set({0x0018, 0x1610}, "900\\900")
            .set({0x0018, 0x1612}, "5");
    }
    RunInfo info = MadeRun::empty_info();
    read_shutter(run.data(), info);
    CHECK(!info.shutter);
    CHECK(warned(info, "not used"));
}

TEST_CASE("a shutter as large as the picture is none") {
    MadeRun run;
    run.set({0x0018, 0x1600}, "RECTANGULAR")
        .set({0x0018, 0x1602}, "0")
        .set({0x0018, 0x1604}, "17")
        .set({0x0018, 0x1606}, "0")
        .set({0x0018, 0x1608}, "13");
    RunInfo info = MadeRun::empty_info();
    read_shutter(run.data(), info);
    CHECK(!info.shutter);
    CHECK(info.warnings.empty());
}
