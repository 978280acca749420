#include <catch2/catch.hpp>
#include <cmath>

#include "dsp/dicom/run_header.h"
#include "tests/dicom/made_run.h"

using namespace dsm;
using namespace dsm::dicom;
using test::MadeRun;
using test::warned;

namespace {

constexpr Tag kMasks{0x0028, 0x6100};
constexpr Tag kOperation{0x0028, 0x6101};
constexpr Tag kRange{0x0028, 0x6102};
constexpr Tag kFrames{0x0028, 0x6110};
constexpr Tag kShift{0x0028, 0x6114};
constexpr Tag kOffset{0x0028, 0x6120};

RunInfo masks_of(MadeRun& run, int frames = 10) {
    RunInfo info = MadeRun::empty_info(frames);
    info.extent = {64, 64};
    read_masks(run.data(), info);
    return info;
}

}  // namespace

TEST_CASE("mask frames and ranges count from 1 in the file and from 0 here") {
    MadeRun run;
    DcmItem& mask = run.item(run.data(), kMasks);
    test::set(mask, kOperation, "AVG_SUB");
    test::set(mask, kFrames, "1\\2\\10");
    test::set(mask, kRange, "3\\5\\7\\10");
    test::set(mask, {0x0028, 0x6112}, "2");
    const RunInfo info = masks_of(run);
    REQUIRE(info.masks.size() == 1);
    CHECK(info.masks[0].mask_frames == std::vector<FrameIndex>{0, 1, 9});
    REQUIRE(info.masks[0].applicable.size() == 2);
    CHECK(info.masks[0].applicable[0] == MaskSubtraction::Range{2, 4});
    CHECK(info.masks[0].applicable[1] == MaskSubtraction::Range{6, 9});
    CHECK(info.masks[0].contrast_frame_averaging == 2);
    CHECK(info.warnings.empty());
}

// The standard's words, done to a picture: a positive row offset moves the mask down, a positive
// column offset moves it left. A mask displaced the other way vanishes under the recorded shift.
TEST_CASE("the mask shift moves down for positive rows and left for positive columns") {
    MadeRun run;
    DcmItem& mask = run.item(run.data(), kMasks);
    test::set(mask, kOperation, "AVG_SUB");
    test::set(mask, kFrames, "1");
    test::set(mask, kShift, "3\\5");
    const RunInfo info = masks_of(run);
    REQUIRE(info.masks.size() == 1);
    const Point shift = info.masks[0].shift_px;

    const auto live = [](double x, double y) { return std::sin(0.3 * x) + 0.01 * y * y; };
    // Moving this picture 3 down and 5 left gives the live frame.
    const auto stored_mask = [&](double x, double y) { return live(x - 5, y + 3); };
    for (int y = 10; y < 50; y += 7) {
        for (int x = 10; x < 50; x += 7) {
            CHECK(stored_mask(x + shift.x, y + shift.y) == Approx(live(x, y)));
        }
    }
}

TEST_CASE("time interval differences need a usable offset") {
    MadeRun run;
    DcmItem& mask = run.item(run.data(), kMasks);
    test::set(mask, kOperation, "TID");
    CHECK(masks_of(run).masks.at(0).time_offset_frames == 1);
    test::set(mask, kOffset, "-2");
    CHECK(masks_of(run).masks.at(0).time_offset_frames == -2);
    test::set(mask, kOffset, "0");
    CHECK(masks_of(run).masks.empty());
    test::set(mask, kOffset, "10");
    const RunInfo info = masks_of(run);
    CHECK(info.masks.empty());
    CHECK(warned(info, "TID Offset (0028,6120)"));
    test::set(mask, kOperation, "REV_TID");
    test::set(mask, kOffset, "1");
    CHECK(warned(masks_of(run), "REV_TID without Applicable Frame Range"));
    test::set(mask, kRange, "4\\9");
    CHECK(masks_of(run).masks.at(0).operation ==
          MaskSubtraction::Operation::reversed_time_interval);
}

TEST_CASE("illegal mask items are ignored with a warning") {
    MadeRun run;
    DcmItem& mask = run.item(run.data(), kMasks);
    const auto refused_with = [&](const std::string& part) {
        const RunInfo info = masks_of(run);
        return info.masks.empty() && warned(info, part);
    };
    test::set(mask, kOperation, "NONE");
    test::set(mask, kFrames, "0");
    CHECK(refused_with("NONE with Mask Frame Numbers"));
    test::set(mask, kOperation, "MAGIC");
    CHECK(refused_with("'MAGIC' unknown"));
    test::set(mask, kOperation, "AVG_SUB");
    CHECK(refused_with("not in 1..10"));
    test::set(mask, kFrames, "11");
    CHECK(refused_with("without a legal mask frame"));
    test::set(mask, kFrames, "1");
    test::set(mask, kRange, "7\\3");
    CHECK(refused_with("no legal Applicable Frame Range"));
    test::set(mask, kRange, "3\\99");
    CHECK(masks_of(run).masks.at(0).applicable.at(0) == MaskSubtraction::Range{2, 9});
}

TEST_CASE("an absurd shift is not used") {
    MadeRun run;
    DcmItem& mask = run.item(run.data(), kMasks);
    test::set(mask, kOperation, "AVG_SUB");
    test::set(mask, kFrames, "1");
    test::set(mask, kShift, GENERATE("1000\\0", "0\\-64", "1"));
    const RunInfo info = masks_of(run);
    CHECK(info.masks.at(0).shift_px == Point{});
    CHECK(warned(info, "Mask Sub-pixel Shift (0028,6114)"));
}

TEST_CASE("the viewing mode is SUB, NAT or native with a warning") {
    MadeRun run;
    CHECK_FALSE(masks_of(run).viewing_mode_subtracted);
    run.set({0x0028, 0x1090}, "SUB");
    CHECK(masks_of(run).viewing_mode_subtracted);
    CHECK(warned(masks_of(run), "no mask is given"));
    run.set({0x0028, 0x1090}, "OTHER");
    CHECK_FALSE(masks_of(run).viewing_mode_subtracted);
    CHECK(warned(masks_of(run), "'OTHER' unknown"));
}

TEST_CASE("subtracted pixels are known by image type, words or code") {
    MadeRun run;
    CHECK_FALSE(masks_of(run).already_subtracted);
    SECTION("image type") {
        run.set({0x0008, 0x0008}, "DERIVED\\SECONDARY\\SINGLE PLANE\\DSA");
    }
    SECTION("words") {
        run.set({0x0008, 0x2111}, "Subtracted from frame 1");
    }
    SECTION("code") {
        test::set(run.item(run.data(), {0x0008, 0x9215}), {0x0008, 0x0100}, "113062");
    }
    CHECK(masks_of(run).already_subtracted);
    CHECK(warned(masks_of(run), "subtracted already"));
}
