#include "dsp/reading/curve_files.h"

#include <catch2/catch.hpp>
#include <opencv2/imgcodecs.hpp>

#include "tests/support/support.h"

using namespace dsm;

namespace {

RunInfo run_of(std::vector<double> times_s, int frames) {
    RunInfo run;
    run.frames = frames;
    run.frame_time_s = std::move(times_s);
    return run;
}

}  // namespace

TEST_CASE("curves as CSV: a row a frame, empty where a curve has no value") {
    const auto run = run_of({0.0, 0.5, 1.25}, 3);
    const std::vector<NamedCurve> curves{
        {"R1", {{0.0, 0.5, 1.25}, {0.01, 0.02, -0.03}, {0.001, 0.001, 0.002}}},
        {"vein, \"left\"", {{0.5}, {0.25}, {}}}};
    CHECK(curves_csv(run, curves) ==
          "frame,time_s,\"R1 opacity\",\"R1 noise\",\"vein, \"\"left\"\" opacity\",\"vein, "
          "\"\"left\"\" noise\"\r\n"
          "1,0,0.01,0.001,,\r\n"
          "2,0.5,0.02,0.001,0.25,\r\n"
          "3,1.25,-0.03,0.002,,\r\n");
}

TEST_CASE("without times the column of times is empty, and no name is a formula") {
    const auto run = run_of({}, 2);
    const auto text = curves_csv(run, {{"=HYPERLINK(1)", {{1.0, 2.0}, {0.1, 0.2}, {0.0, 0.0}}}});
    CHECK(text ==
          "frame,time_s,\"'=HYPERLINK(1) opacity\",\"'=HYPERLINK(1) noise\"\r\n"
          "1,,0.1,0\r\n2,,0.2,0\r\n");
}

TEST_CASE("curves are written by extension; nothing to write, or another one, is refused") {
    const test::TemporaryFolder folder;
    const auto run = run_of({0.0, 0.5, 1.25}, 3);
    const std::vector<NamedCurve> curves{{"R1", {{0.0, 0.5, 1.25}, {0.01, 0.02, -0.03}, {}}}};
    REQUIRE(write_curves(folder.path() / "c.csv", run, curves));
    REQUIRE(write_curves(folder.path() / "c.png", run, curves));
    const cv::Mat drawn = cv::imread((folder.path() / "c.png").string());
    CHECK(drawn.cols == 1280);
    REQUIRE(write_curves(folder.path() / "d.png", run, {{"R1", {{0.0}, {0.01}, {}}}}));
    cv::Mat difference;
    cv::absdiff(drawn, cv::imread((folder.path() / "d.png").string()), difference);
    CHECK(cv::countNonZero(difference.reshape(1) > 40) > 100);
    CHECK_FALSE(write_curves(folder.path() / "c.txt", run, curves));
    CHECK_FALSE(write_curves(folder.path() / "e.csv", run, {}));
    CHECK_FALSE(std::filesystem::exists(folder.path() / "e.csv"));
}
