#include <catch2/catch.hpp>

#include "dsp/dicom/run_header.h"
#include "tests/dicom/made_run.h"

using namespace dsm;
using namespace dsm::dicom;
using test::MadeRun;
using test::warned;

namespace {

constexpr Tag kPixelSpacing{0x0028, 0x0030};
constexpr Tag kImager{0x0018, 0x1164};
constexpr Tag kMagnification{0x0018, 0x1114};
constexpr Tag kCalibrationType{0x0028, 0x0A02};

RunInfo spacing_of(MadeRun& run) {
    RunInfo info = MadeRun::empty_info();
    read_spacing(run.data(), info);
    return info;
}

}  // namespace

TEST_CASE("a calibrated spacing wins and row comes first") {
    MadeRun run;
    run.set(kPixelSpacing, "0.25\\0.2").set(kImager, "0.5\\0.5").set(kMagnification, "1.5");
    run.set(kCalibrationType, "FIDUCIAL");
    const RunInfo info = spacing_of(run);
    REQUIRE(info.spacing);
    CHECK(info.spacing->row_mm == 0.25);
    CHECK(info.spacing->column_mm == 0.2);
    CHECK(info.spacing->basis == SpacingBasis::calibrated);
    CHECK(warned(info, "pixels are not square"));
}

TEST_CASE("a pixel spacing equal to the imager's is not corrected") {
    MadeRun run;
    run.set(kPixelSpacing, "0.50\\0.500").set(kImager, "0.5\\0.5");
    RunInfo info = spacing_of(run);
    REQUIRE(info.spacing);
    CHECK(info.spacing->basis == SpacingBasis::at_detector);
    run.set(kMagnification, "1.25").set(kCalibrationType, "GEOMETRY");
    info = spacing_of(run);
    CHECK(info.spacing->basis == SpacingBasis::at_isocentre);
    CHECK(info.spacing->row_mm == Approx(0.4));
    CHECK(warned(info, "claims calibration GEOMETRY but equals"));
}

TEST_CASE("magnification comes from the factor, else from the distances") {
    MadeRun run;
    run.set(kImager, "0.3\\0.3").set({0x0018, 0x1110}, "1200").set({0x0018, 0x1111}, "800");
    RunInfo info = spacing_of(run);
    CHECK(info.spacing->row_mm == Approx(0.2));
    CHECK(info.spacing->basis == SpacingBasis::at_isocentre);
    run.set(kMagnification, "1.2");
    info = spacing_of(run);
    CHECK(info.spacing->row_mm == Approx(0.25));
    CHECK(warned(info, "magnifications disagree"));
}

TEST_CASE("impossible magnifications are named and not used") {
    MadeRun run;
    run.set(kImager, "0.3\\0.3").set(kMagnification, GENERATE("0", "1", "0.7", "-2"));
    run.set({0x0018, 0x1110}, "800").set({0x0018, 0x1111}, "1200");
    const RunInfo info = spacing_of(run);
    CHECK(info.spacing->basis == SpacingBasis::at_detector);
    CHECK(info.spacing->row_mm == 0.3);
    CHECK(warned(info, "(0018,1114)"));
    CHECK(warned(info, "(0018,1110)"));
}

TEST_CASE("detector element spacing and absurd values are never lengths") {
    MadeRun run;
    run.set({0x0018, 0x7022}, "0.15\\0.15");
    run.data().putAndInsertString(DCM_PixelSpacing, GENERATE("0\\0", "-1\\1", "x\\y", "0.5"));
    const RunInfo info = spacing_of(run);
    CHECK(!info.spacing);
    CHECK(warned(info, "Pixel Spacing (0028,0030) is"));
    CHECK(warned(info, "lengths in pixels only"));
}

TEST_CASE("an aspect ratio of equal big numbers is square, an unequal one is named") {
    MadeRun run;
    run.set({0x0028, 0x0034}, "1000000\\1000000");
    CHECK_FALSE(warned(spacing_of(run), "not square"));
    run.set({0x0028, 0x0034}, "4\\3");
    CHECK(warned(spacing_of(run), "not square"));
}

TEST_CASE("enhanced runs give the spacing in the centre of the beam") {
    MadeRun run;
    DcmItem& shared = run.item(run.data(), {0x5200, 0x9229});
    test::set(run.item(shared, {0x0028, 0x9443}), kImager, "0.3\\0.3");
    RunInfo info = spacing_of(run);
    CHECK(info.spacing->basis == SpacingBasis::at_detector);
    test::set(run.item(shared, {0x0018, 0x9401}), {0x0018, 0x9404}, "0.21\\0.22");
    info = spacing_of(run);
    CHECK(info.spacing->basis == SpacingBasis::at_isocentre);
    CHECK(info.spacing->row_mm == Approx(0.21));
    CHECK(info.spacing->column_mm == Approx(0.22));
}
