#include "dsp/pipeline/pictures.h"

#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <opencv2/imgcodecs.hpp>

#include "dsp/pipeline/canvas.h"
#include "dsp/pipeline/label_placement.h"
#include "dsp/pipeline/picture_style.h"
#include "dsp/pipeline/plot.h"
#include "dsp/pipeline/tone.h"
#include "tests/pipeline/any_result.h"
#include "tests/support/support.h"

using namespace dsm;

namespace {

// Where to leave pictures for a person to look at; gone with the test unless DSM_KEEP_PICTURES
// names a folder.
class Gallery {
 public:
    [[nodiscard]] std::filesystem::path file(const std::string& name) const {
        const char* kept = std::getenv("DSM_KEEP_PICTURES");
        return (kept != nullptr ? std::filesystem::path(kept) : folder_.path()) / name;
    }

 private:
    test::TemporaryFolder folder_;
};

cv::Mat read_picture(const std::filesystem::path& file) {
    cv::Mat image = cv::imread(file.string(), cv::IMREAD_COLOR);
    REQUIRE_FALSE(image.empty());
    return image;
}

int pixels_near(const cv::Mat& image, Colour colour) {
    int count = 0;
    for (int y = 0; y < image.rows; ++y) {
        for (int x = 0; x < image.cols; ++x) {
            const auto& bgr = image.at<cv::Vec3b>(y, x);
            const double off = std::abs(bgr[2] - 255 * colour.red) +
                               std::abs(bgr[1] - 255 * colour.green) +
                               std::abs(bgr[0] - 255 * colour.blue);
            count += off < 12 ? 1 : 0;
        }
    }
    return count;
}

// Every picture ends in a rim of plain surround: nothing is cut off at the edge.
bool rim_is_plain(const cv::Mat& image) {
    constexpr int kRim = 12;
    const cv::Vec3b plain = image.at<cv::Vec3b>(0, 0);
    for (int y = 0; y < image.rows; ++y) {
        for (int x = 0; x < image.cols; ++x) {
            const bool rim =
                x < kRim || y < kRim || x >= image.cols - kRim || y >= image.rows - kRim;
            if (rim && image.at<cv::Vec3b>(y, x) != plain) {
                return false;
            }
        }
    }
    return true;
}

test::Scene long_named() {
    test::Scene scene;
    scene.name = std::string(300, 'W') + "\xff\n end.dcm";
    return scene;
}

}  // namespace

TEST_CASE("pictures of every shape of run are whole, with nothing cut off at the edges") {
    const Gallery gallery;
    const std::vector<std::pair<std::string, test::Scene>> scenes{
        {"usual", {}},
        {"large", {.extent = {1024, 1024}, .frames = 120, .highlights = 5}},
        {"none", {.highlights = 0}},
        {"crowded", {.extent = {1024, 1024}, .highlights = 40}},
        {"tiny", {.extent = {24, 16}, .frames = 2, .highlights = 1}},
        {"one_frame", {.frames = 1, .highlights = 0, .levels = false}},
        {"wide", {.extent = {1024, 128}, .highlights = 3}},
        {"tall", {.extent = {128, 1024}, .highlights = 3}},
        {"untimed", {.timing = false, .spacing = false, .levels = false}},
        {"long_name", long_named()},
    };
    for (const auto& [name, scene] : scenes) {
        RunResult result = test::scene_result(scene);
        if (name == "long_name") {
            result.conclusion.text = std::string(4000, 'x') + " ";
            for (int i = 0; i < 200; ++i) {
                result.conclusion.text += "word ";
            }
            result.warnings.assign(60,
                                   "a warning that goes on for longer than one line can hold it");
            result.highlights.at(0).level = "a level with a very long name that no spine has";
        }
        INFO(name);
        REQUIRE(write_overview(gallery.file(name + "_overview.png"), result));
        REQUIRE(write_timeline(gallery.file(name + "_timeline.png"), result));
        for (const char* kind : {"_overview.png", "_timeline.png"}) {
            const cv::Mat image = read_picture(gallery.file(name + kind));
            CHECK(image.cols >= 600);
            CHECK(image.cols <= 2000);
            CHECK(image.rows <= 2400);
            CHECK(rim_is_plain(image));
        }
    }
}

TEST_CASE("the mask-free view is drawn whole at every size, and refused where there is none") {
    const Gallery gallery;
    for (const Extent extent : {Extent{512, 512}, Extent{24, 16}, Extent{1024, 128}}) {
        RunResult result = test::scene_result({.extent = extent, .highlights = 0});
        const auto file = gallery.file(std::to_string(extent.width) + "_variance.png");
        CHECK_FALSE(write_variance_picture(file, result));
        result.temporal_variance = result.peak_opacity.clone();
        for (float& value : result.temporal_variance.pixels()) {
            value *= value;
        }
        REQUIRE(write_variance_picture(file, result));
        const cv::Mat image = read_picture(file);
        CHECK(image.cols <= 2000);
        CHECK(rim_is_plain(image));
    }
}

TEST_CASE("a highlight shows in its colour in both pictures, and nowhere without one") {
    const Gallery gallery;
    for (const int highlights : {0, 1}) {
        RunResult result = test::scene_result({.highlights = highlights});
        result.conclusion.category = Category::inadequate;  // its label has no colour
        REQUIRE(write_overview(gallery.file("a.png"), result));
        REQUIRE(write_timeline(gallery.file("b.png"), result));
        const Colour colour = picture::colour_of(LeakKind::csf_venous_fistula);
        CHECK((pixels_near(read_picture(gallery.file("a.png")), colour) > 200) == (highlights > 0));
        CHECK((pixels_near(read_picture(gallery.file("b.png")), colour) > 200) == (highlights > 0));
    }
}

TEST_CASE("a result without any picture or curve is still drawn") {
    const Gallery gallery;
    RunResult result = test::scene_result({.frames = 1, .highlights = 0});
    result.peak_opacity = {};
    result.sac_curve = {};
    result.motion.clear();
    result.conclusion = {Category::inadequate, "One frame alone: nothing to subtract it from."};
    CHECK(write_overview(gallery.file("empty_overview.png"), result));
    CHECK(write_timeline(gallery.file("empty_timeline.png"), result));
}

TEST_CASE("a picture that is not a number anywhere is drawn grey, not black or white") {
    const Gallery gallery;
    RunResult result = test::scene_result({.highlights = 0});
    result.peak_opacity.fill(std::numeric_limits<float>::quiet_NaN());
    REQUIRE(write_overview(gallery.file("nan.png"), result));
    CHECK(pixels_near(read_picture(gallery.file("nan.png")), {0.5, 0.5, 0.5}) > 100'000);
}

TEST_CASE("a folder that is not there is an error that names the file") {
    const auto written = write_overview("/no/such/folder/overview.png", test::scene_result({}));
    REQUIRE_FALSE(written);
    CHECK(written.error().message().find("overview.png") != std::string::npos);
}

TEST_CASE("more opacity is never drawn lighter") {
    CHECK(rc::check([](const std::vector<std::uint16_t>& raw) {
        Image<float> image({static_cast<int>(raw.size()) + 1, 1}, 0.01F);
        for (std::size_t i = 0; i < raw.size(); ++i) {
            image(static_cast<int>(i), 0) = static_cast<float>(raw[i]) * 1e-5F - 0.1F;
        }
        const Tone tone(image.cview());
        double before = 1.0;
        for (double opacity = -0.2; opacity < 1.0; opacity += 0.01) {
            const double grey = tone.grey(opacity);
            RC_ASSERT(grey >= 0.0 && grey <= before);
            before = grey;
        }
        RC_ASSERT(std::abs(tone.opacity_at(tone.position(0.05)) - 0.05) < 1e-9);
    }));
}

TEST_CASE("placed labels overlap neither one another nor what must stay visible") {
    CHECK(rc::check([] {
        const Box frame{0, 0, 500, 400};
        LabelPlacement placement(frame);
        std::vector<Box> kept{{200, 100, 80, 150}};
        placement.avoid(kept.front());
        const int labels = *rc::gen::inRange(0, 40);
        for (int i = 0; i < labels; ++i) {
            const Point anchor{static_cast<double>(*rc::gen::inRange(0, 500)),
                               static_cast<double>(*rc::gen::inRange(0, 400))};
            const auto box = placement.place(std::vector<Point>{anchor}, 70, 26);
            if (!box) {
                continue;
            }
            for (const Box& other : kept) {
                RC_ASSERT(overlap_area(*box, other) == 0.0);
            }
            RC_ASSERT(box->x >= 0 && box->y >= 0 && box->right() <= 500 && box->bottom() <= 400);
            kept.push_back(*box);
        }
    }));
}

TEST_CASE("fitted and wrapped text stays within its width whatever bytes it is made of") {
    const Canvas canvas(100, 20, {});
    const TextStyle style{15.0, {}, false};
    CHECK(rc::check([&](const std::string& text, std::uint8_t room) {
        const double width = 30.0 + room;
        RC_ASSERT(canvas.text_width(canvas.fitted(text, style, width), style) <= width + 0.01);
        const auto lines = canvas.wrapped(text, style, width, 3);
        RC_ASSERT(lines.size() <= 3);
        for (const std::string& line : lines) {
            RC_ASSERT(canvas.text_width(line, style) <= width + 0.01);
        }
    }));
}

TEST_CASE("ticks are round, cover the range and are about as many as wanted") {
    CHECK(rc::check([] {
        const double low = *rc::gen::inRange(-1000, 1000) / 7.0;
        const double high = low + *rc::gen::inRange(1, 100'000) / 13.0;
        const auto ticks = picture::round_ticks(low, high, 8);
        RC_ASSERT(ticks.size() >= 3);
        RC_ASSERT(ticks.size() <= 10);
        RC_ASSERT(ticks.front() >= low - 1e-6 * (high - low));
        RC_ASSERT(ticks.back() <= high + 1e-6 * (high - low));
    }));
    CHECK(picture::round_ticks(1.0, 1.0, 5).empty());
    CHECK(picture::round_ticks(0.0, std::numeric_limits<double>::quiet_NaN(), 5).empty());
}

TEST_CASE("figures are written as people write them") {
    CHECK(picture::brief(0.0213) == "0.021");
    CHECK(picture::brief(0.0093) == "0.0093");
    CHECK(picture::brief(0.432) == "0.432");
    CHECK(picture::brief(12.0) == "12.0");
    CHECK(picture::plain(0.05) == "0.05");
    CHECK(picture::plain(50.0) == "50");
}
