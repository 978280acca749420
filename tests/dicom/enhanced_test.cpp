// Enhanced X-Ray Angiographic objects: what their functional groups say, per frame and for all.
#include <catch2/catch.hpp>

#include "dsp/dicom/functional_groups.h"
#include "dsp/dicom/run_header.h"
#include "dsp/dicom/run_reader.h"
#include "tests/dicom/made_run.h"
#include "tests/support/support.h"

using namespace dsm;
using namespace dsm::dicom;
using test::MadeRun;
using test::set;
using test::warned;

namespace {

constexpr Tag kContent{0x0020, 0x9111};
constexpr Tag kAcquired{0x0018, 0x9074};
constexpr Tag kProperties{0x0028, 0x9443};
constexpr Tag kGeometry{0x0018, 0x9476};
constexpr Tag kCalibration{0x0018, 0x9401};
constexpr Tag kPositioner{0x0018, 0x9405};
constexpr Tag kShutter{0x0018, 0x9472};
constexpr Tag kPixelShift{0x0028, 0x9415};
constexpr Tag kSubtractionItem{0x0028, 0x9416};
constexpr Tag kMasks{0x0028, 0x6100};
constexpr Tag kShift{0x0028, 0x6114};

// An Enhanced XA run of three frames that keeps everything in functional groups.
class EnhancedRun : public MadeRun {
 public:
    EnhancedRun() {
        MadeRun::set({0x0008, 0x0016}, "1.2.840.10008.5.1.4.1.1.12.1.1");
        remove({0x0018, 0x1063}).remove({0x0028, 0x0009}).remove({0x0028, 0x1040});
        DcmItem& properties = shared(kProperties);
        test::set(properties, {0x0028, 0x1040}, "LIN");
        test::set(properties, {0x0028, 0x1041}, "1");
        test::set(properties, {0x0018, 0x1164}, "0.3\\0.2");
        for (long frame = 0; frame < kFrames; ++frame) {
            test::set(of_frame(frame, kContent), kAcquired,
                      "2026010112000" + std::to_string(frame) + ".25");
        }
    }
    [[nodiscard]] DcmItem& shared(Tag macro) { return item(item(data(), kSharedGroups), macro); }
    [[nodiscard]] DcmItem& of_frame(long frame, Tag macro) {
        return item(item(data(), kPerFrameGroups, frame), macro);
    }
    [[nodiscard]] RunInfo read() {
        auto run = RunReader::open(save(folder_.path() / "run.dcm"));
        REQUIRE(run);
        return (*run)->info();
    }

 private:
    test::TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("Enhanced XA: times, intensity and spacing come from the functional groups") {
    EnhancedRun run;
    test::set(run.of_frame(2, kContent), kAcquired, "20260101120003.75");
    const RunInfo info = run.read();
    CHECK(info.frame_time_s == std::vector<double>{0.0, 1.0, 3.5});
    CHECK(info.timing_source == "Frame Acquisition DateTime (0018,9074)");
    CHECK(info.timing_is_acquisition);
    CHECK(info.intensity.relationship == PixelIntensityRelationship::linear);
    CHECK(info.intensity.sign == 1);
    REQUIRE(info.spacing);
    CHECK(info.spacing->row_mm == Approx(0.3));
    CHECK(info.spacing->column_mm == Approx(0.2));
    CHECK(info.spacing->basis == SpacingBasis::at_detector);
}

TEST_CASE("Enhanced XA: geometry is the first frame's, and a change is told") {
    EnhancedRun run;
    DcmItem& geometry = run.shared(kGeometry);
    set(geometry, {0x0018, 0x1110}, "1200");
    set(geometry, {0x0018, 0x9402}, "800");
    for (long frame = 0; frame < MadeRun::kFrames; ++frame) {
        set(run.of_frame(frame, kPositioner), {0x0018, 0x1510}, "-30");
    }
    SECTION("the ratio of the distances") {
        const RunInfo info = run.read();
        REQUIRE(info.spacing);
        CHECK(info.spacing->row_mm == Approx(0.2));
        CHECK(info.spacing->basis == SpacingBasis::at_isocentre);
        CHECK(info.primary_angle_deg.value() == Approx(-30.0));
        CHECK_FALSE(warned(info, "changes from frame to frame"));
    }
    SECTION("a spacing at the centre of the beam comes first") {
        set(run.shared(kCalibration), {0x0018, 0x9404}, "0.21\\0.22");
        const RunInfo info = run.read();
        CHECK(info.spacing->row_mm == Approx(0.21));
        CHECK(info.spacing->column_mm == Approx(0.22));
    }
    SECTION("a rotating arm") {
        set(run.of_frame(2, kPositioner), {0x0018, 0x1510}, "40");
        const RunInfo info = run.read();
        CHECK(info.primary_angle_deg.value() == Approx(-30.0));
        CHECK(warned(info, "Positioner Primary Angle (0018,1510) changes from frame to frame"));
    }
    SECTION("a spacing that changes") {
        for (long frame = 0; frame < MadeRun::kFrames; ++frame) {
            set(run.of_frame(frame, kCalibration), {0x0018, 0x9404},
                frame == 1 ? "0.3\\0.3" : "0.25\\0.25");
        }
        const RunInfo info = run.read();
        CHECK(info.spacing->row_mm == Approx(0.25));
        CHECK(warned(info, "Center of Beam (0018,9404) changes from frame to frame"));
    }
}

TEST_CASE("Enhanced XA: shutter and its change") {
    EnhancedRun run;
    const auto shutter = [&](long frame, const char* right) {
        DcmItem& item = run.of_frame(frame, kShutter);
        set(item, {0x0018, 0x1600}, "RECTANGULAR");
        set(item, {0x0018, 0x1602}, "3");
        set(item, {0x0018, 0x1604}, right);
        set(item, {0x0018, 0x1606}, "2");
        set(item, {0x0018, 0x1608}, "11");
    };
    for (long frame = 0; frame < MadeRun::kFrames; ++frame) {
        shutter(frame, "14");
    }
    CHECK(run.read().shutter == PixelRect{2, 1, 12, 10});
    CHECK_FALSE(warned(run.read(), "changes from frame to frame"));
    shutter(1, "10");
    CHECK(warned(run.read(), "Frame Display Shutter (0018,9472) changes"));
}

TEST_CASE("Enhanced XA: a mask's shift of each frame is found by its Subtraction Item ID") {
    EnhancedRun run;
    for (long index = 0; index < 2; ++index) {
        DcmItem& mask = run.item(run.data(), kMasks, index);
        set(mask, {0x0028, 0x6101}, "AVG_SUB");
        set(mask, {0x0028, 0x6110}, "1");
        set(mask, kSubtractionItem, std::to_string(index + 1));
    }
    const auto shift = [&](long frame, long at, const char* id, const char* value) {
        DcmItem& item = run.item(run.item(run.data(), kPerFrameGroups, frame), kPixelShift, at);
        set(item, kSubtractionItem, id);
        set(item, kShift, value);
    };
    shift(1, 0, "2", "0.5\\1");
    shift(1, 1, "1", "-1\\2");
    shift(2, 0, "1", "500\\0");
    DcmItem& shared = run.shared(kPixelShift);
    set(shared, kSubtractionItem, "2");
    set(shared, kShift, "0.25\\0");
    const RunInfo info = run.read();
    REQUIRE(info.masks.size() == 2);
    using FrameShift = MaskSubtraction::FrameShift;
    // Rows first and down, columns to the left: (dx, dy) = (column, -row).
    CHECK(info.masks[0].shift_px == Point{});
    CHECK(info.masks[0].frame_shifts == std::vector{FrameShift{1, {2.0, 1.0}}});
    CHECK(info.masks[1].shift_px == Point{0.0, -0.25});
    CHECK(info.masks[1].frame_shifts == std::vector{FrameShift{1, {1.0, -0.5}}});
    CHECK(warned(info, "Frame Pixel Shift (0028,9415) of 1 frames"));
}

TEST_CASE("Enhanced XA: groups that are missing or too few are told, and nothing is guessed") {
    EnhancedRun run;
    SECTION("times in whole seconds that stand still") {
        for (long frame = 0; frame < MadeRun::kFrames; ++frame) {
            set(run.of_frame(frame, kContent), kAcquired,
                frame == 2 ? "20260101120001" : "20260101120000");
        }
        RunInfo info = run.read();
        CHECK_FALSE(info.has_timing());
        CHECK(warned(info, "counts whole seconds"));
        run.MadeRun::set({0x0018, 0x0040}, "2");
        info = run.read();
        CHECK(info.frame_time_s == std::vector<double>{0.0, 0.5, 1.0});
        CHECK(warned(info, "counts whole seconds"));
    }
    SECTION("fewer groups than frames") {
        delete dynamic_cast<DcmSequenceOfItems*>(
            run.data().remove(DcmTagKey(kPerFrameGroups.group, kPerFrameGroups.element)));
        (void)run.item(run.data(), kPerFrameGroups);
        CHECK(warned(run.read(), "Per-Frame Functional Groups (5200,9230)"));
    }
}
