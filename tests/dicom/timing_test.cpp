#include <rapidcheck.h>

#include <catch2/catch.hpp>

#include "dsp/dicom/date_time.h"
#include "dsp/dicom/dicom_file.h"
#include "dsp/dicom/run_header.h"
#include "tests/dicom/made_run.h"
#include "tests/support/support.h"

using namespace dsm;
using namespace dsm::dicom;
using test::MadeRun;
using test::warned;

namespace {

constexpr Tag kPointer{0x0028, 0x0009};
constexpr Tag kFrameTime{0x0018, 0x1063};
constexpr Tag kVector{0x0018, 0x1065};
constexpr Tag kCineRate{0x0018, 0x0040};

RunInfo timing_of(MadeRun& run, int frames = 3) {
    RunInfo info = MadeRun::empty_info(frames);
    read_timing(run.data(), info);
    return info;
}

}  // namespace

TEST_CASE("the pointer decides between frame time and frame time vector") {
    MadeRun run;
    run.set(kVector, "0\\100\\300");
    SECTION("to the step") {
        const RunInfo info = timing_of(run);
        CHECK(info.timing_source == "Frame Time (0018,1063)");
        CHECK(info.frame_time_s == std::vector<double>{0.0, 0.5, 1.0});
        CHECK(warned(info, "frame times disagree"));
    }
    SECTION("to the vector") {
        run.set(kPointer, "(0018,1065)");
        const RunInfo info = timing_of(run);
        CHECK(info.timing_source == "Frame Time Vector (0018,1065)");
        REQUIRE(info.frame_time_s.size() == 3);
        CHECK(info.frame_time_s[1] == Approx(0.1));
        CHECK(info.frame_time_s[2] == Approx(0.4));
        CHECK(info.timing_is_acquisition);
    }
}

TEST_CASE("times count from the first frame whatever the first vector entry or the delay is") {
    rc::check([](unsigned short first_ms) {
        MadeRun run;
        run.remove(kFrameTime).set(kPointer, "(0018,1065)").set({0x0018, 0x1066}, "1234");
        run.set(kVector, std::to_string(first_ms) + "\\40\\40");
        const RunInfo info = timing_of(run);
        RC_ASSERT(info.frame_time_s.size() == 3U);
        RC_ASSERT(info.frame_time_s[0] == 0.0);
        RC_ASSERT(std::abs(info.frame_time_s[2] - 0.08) < 1e-12);
    });
}

TEST_CASE("the real ultrasound vector with 40 ms in its first entry gives 40 ms steps") {
    const auto file = test::shared_data("xa/us_frametimevector_10f_ybr.dcm");
    if (!file) {
        WARN("shared data absent");
        return;
    }
    auto loaded = DicomFile::load(*file);
    REQUIRE(loaded);
    RunInfo info = MadeRun::empty_info(10);
    read_timing((*loaded)->dataset(), info);
    CHECK(info.timing_source == "Frame Time Vector (0018,1065)");
    REQUIRE(info.frame_time_s.size() == 10);
    CHECK(info.frame_time_s.back() == Approx(0.36));
}

TEST_CASE(
    "a vector that does not match the frame count is used as far as it goes, with a warning") {
    MadeRun run;
    run.remove(kFrameTime).set(kPointer, "(0018,1065)");
    SECTION("short: the last step repeats") {
        run.set(kVector, "0\\500\\1000");
        const RunInfo info = timing_of(run, 5);
        CHECK(info.frame_time_s == std::vector<double>{0.0, 0.5, 1.5, 2.5, 3.5});
        CHECK(warned(info, "(0018,1065) has 3 values for 5 frames"));
    }
    SECTION("long: the rest is ignored") {
        run.set(kVector, "0\\500\\500\\9999");
        const RunInfo info = timing_of(run);
        CHECK(info.frame_time_s == std::vector<double>{0.0, 0.5, 1.0});
        CHECK(warned(info, "4 values for 3 frames"));
    }
}

TEST_CASE("absurd frame times are not used, and named") {
    MadeRun run;
    const std::string value = GENERATE("0", "-33", "abc", "0.067");
    CAPTURE(value);
    run.remove(kFrameTime);
    run.data().putAndInsertString(DCM_FrameTime, value.c_str());
    RunInfo info = timing_of(run);
    CHECK(!info.has_timing());
    CHECK(info.timing_source == "unknown");
    CHECK(warned(info, "Frame Time (0018,1063) is"));
    CHECK(warned(info, "timing unknown"));
    run.set(kCineRate, "15");
    info = timing_of(run);
    CHECK(info.timing_source == "Cine Rate (0018,0040)");
    CHECK_FALSE(info.timing_is_acquisition);
}

TEST_CASE("a vector with a negative or unreadable step falls back to the frame time") {
    MadeRun run;
    run.set(kPointer, "(0018,1065)");
    run.data().putAndInsertString(DCM_FrameTimeVector, GENERATE("0\\-5\\500", "0\\x\\500", "500"));
    const RunInfo info = timing_of(run);
    CHECK(info.timing_source == "Frame Time (0018,1063)");
    CHECK(warned(info, "Frame Time Vector (0018,1065)"));
}

TEST_CASE("without a pointer what is there is used, and said") {
    MadeRun run;
    run.remove(kPointer);
    RunInfo info = timing_of(run);
    CHECK(info.timing_source == "Frame Time (0018,1063)");
    CHECK(info.timing_is_acquisition);
    CHECK(warned(info, "Frame Increment Pointer (0028,0009) absent"));

    run.remove(kFrameTime).set(kCineRate, "4").set({0x0008, 0x2144}, "8");
    info = timing_of(run);
    CHECK(info.timing_source == "Cine Rate (0018,0040)");
    CHECK(info.frame_time_s[1] == Approx(0.25));
    CHECK_FALSE(info.timing_is_acquisition);
    CHECK(warned(info, "display rate"));

    run.remove(kCineRate);
    info = timing_of(run);
    CHECK(info.timing_source == "Recommended Display Frame Rate (0008,2144)");
    CHECK(info.frame_time_s[1] == Approx(0.125));
}

TEST_CASE("a pointer to something that is not there is named") {
    MadeRun run;
    run.set(kPointer, "(0018,1065)");
    const RunInfo info = timing_of(run);
    CHECK(info.timing_source == "Frame Time (0018,1063)");
    CHECK(warned(info, "names (0018,1065), which gives no times"));
}

TEST_CASE("a cine rate that disagrees is named, rounding is not") {
    MadeRun run;
    run.set(kFrameTime, "150").set(kCineRate, "7");
    CHECK_FALSE(warned(timing_of(run), "disagree"));
    run.set(kCineRate, "15");
    const RunInfo info = timing_of(run);
    CHECK(warned(info, "frame times disagree"));
    CHECK(info.frame_time_s[1] == Approx(0.15));
}

TEST_CASE("the frame time of a run that lasted longer than it says is doubted") {
    MadeRun run;
    run.set({0x0018, 0x0072}, "20");
    CHECK(warned(timing_of(run, 10), "Effective Duration (0018,0072)"));
    run.set({0x0018, 0x0072}, "5");
    CHECK_FALSE(warned(timing_of(run, 10), "Effective Duration"));
}

TEST_CASE("enhanced runs take the acquisition time of each frame, across midnight too") {
    MadeRun run;
    run.remove(kFrameTime).remove(kPointer);
    const char* times[] = {"20260101235959.500", "20260102000000.250", "20260102000002.000"};
    for (long frame = 0; frame < 3; ++frame) {
        DcmItem& groups = run.item(run.data(), {0x5200, 0x9230}, frame);
        test::set(run.item(groups, {0x0020, 0x9111}), {0x0018, 0x9074}, times[frame]);
    }
    RunInfo info = timing_of(run);
    CHECK(info.timing_source == "Frame Acquisition DateTime (0018,9074)");
    REQUIRE(info.frame_time_s.size() == 3);
    CHECK(info.frame_time_s[1] == Approx(0.75));
    CHECK(info.frame_time_s[2] == Approx(2.5));
    CHECK(info.warnings.empty());

    DcmItem& last = run.item(run.data(), {0x5200, 0x9230}, 2);
    test::set(run.item(last, {0x0020, 0x9111}), {0x0018, 0x9074}, "20250101000000");
    info = timing_of(run);
    CHECK(!info.has_timing());
    CHECK(warned(info, "does not rise"));
}

TEST_CASE("a single frame has time zero") {
    MadeRun run;
    const RunInfo info = timing_of(run, 1);
    CHECK(info.frame_time_s == std::vector<double>{0.0});
    CHECK(info.warnings.empty());
}

TEST_CASE("date-times need seconds and honour their offset from UTC") {
    CHECK(parse_date_time("19700101000001.5") == 1.5);
    CHECK(parse_date_time("19700101010000+0100") == 0.0);
    CHECK(parse_date_time("19691231233000-0030") == 0.0);
    for (const char* wrong : {"", "1970", "197001010000", "19701301000000", "19700101006000x",
                              "19700101250000", "1970010100000a", "19700101000000+1"}) {
        CAPTURE(wrong);
        CHECK_FALSE(parse_date_time(wrong));
    }
}
