// Films and pictures as files: what is in them is read back.
#include "dsp/reading/film.h"

#include <gif_lib.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/videoio.hpp>

#include "dsp/reading/film_encoder.h"
#include "dsp/reading/gif_palette.h"
#include "tests/support/support.h"

using namespace dsm;

namespace {

// Frame k is an even grey of k / frames, but for one bright pixel block.
Film film_of(int frames, std::vector<double> times_s = {}) {
    Film film;
    film.run.extent = {64, 48};
    film.run.frames = frames;
    film.run.frame_time_s = std::move(times_s);
    film.frames = {0, frames - 1};
    FilmPanel panel;
    panel.title = "SUBTRACTED";
    panel.run = film.run;
    panel.window = {0.5, 1.0};
    panel.values_of = [frames](FrameIndex frame) -> Result<Image<float>> {
        Image<float> values({64, 48});
        for (int y = 0; y < 48; ++y) {
            for (int x = 0; x < 64; ++x) {
                values(x, y) = static_cast<float>(frame) / static_cast<float>(frames);
            }
        }
        return values;
    };
    film.panels.push_back(std::move(panel));
    return film;
}

std::vector<double> every(double interval_s, int frames) {
    std::vector<double> times_s;
    for (int i = 0; i < frames; ++i) {
        times_s.push_back(interval_s * i);
    }
    return times_s;
}

cv::Mat picture_of(const Film& film, FrameIndex frame) {
    const test::TemporaryFolder folder;
    const auto file = folder.path() / "picture.png";
    REQUIRE(write_film_picture(file, film, frame));
    return cv::imread(file.string());
}

// Pixels that are told apart by eye.
int differing(const cv::Mat& a, const cv::Mat& b) {
    REQUIRE(a.size() == b.size());
    cv::Mat difference;
    cv::absdiff(a, b, difference);
    return cv::countNonZero(difference.reshape(1) > 40);
}

}  // namespace

TEST_CASE("an MP4 holds every frame for its own time") {
    const test::TemporaryFolder folder;
    const auto file = folder.path() / "film.mp4";
    double last = 0.0;
    REQUIRE(write_film(file, film_of(5, every(0.8, 5)), [&](double part) { last = part; }));
    CHECK(last == Approx(1.0));
    cv::VideoCapture back(file.string());
    REQUIRE(back.isOpened());
    const double rate = back.get(cv::CAP_PROP_FPS);
    CHECK(rate >= 10.0);
    CHECK(back.get(cv::CAP_PROP_FRAME_COUNT) / rate == Approx(5 * 0.8).margin(0.05));
    // In the middle of the picture, half way through each frame's stay.
    cv::Mat frame;
    std::vector<double> greys;
    while (back.read(frame)) {
        const auto pixel = frame.at<cv::Vec3b>(frame.rows / 2, frame.cols / 2);
        greys.push_back(pixel[1]);
    }
    const auto half = static_cast<std::size_t>(0.4 * rate);
    const auto stay = static_cast<std::size_t>(0.8 * rate);
    for (std::size_t i = 0; i < 5; ++i) {
        CAPTURE(i);
        CHECK(greys.at(half + i * stay) ==
              Approx(0.94 * 255.0 * 0.2 * static_cast<double>(i)).margin(6.0));
    }
    CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("frames that are not evenly spaced keep their times, and speed changes them") {
    Film film = film_of(4, {0.0, 0.5, 2.5, 2.6});
    const auto stays = film_stays_s(film);
    REQUIRE(stays.size() == 4);
    CHECK(stays[0] == Approx(0.5));
    CHECK(stays[1] == Approx(2.0));
    CHECK(stays[2] == Approx(0.1));
    CHECK(stays[3] == Approx(0.5));  // the median for the last
    film.speed = 2.0;
    CHECK(film_stays_s(film)[1] == Approx(1.0));
    film.frames = {1, 2};
    CHECK(film_stays_s(film).size() == 2);
    CHECK(film_stays_s(film_of(3)) == std::vector<double>(3, 0.25));  // timing unknown
}

TEST_CASE("no frame begins more than half a tick off, and none is lost") {
    std::vector<double> stays;
    for (int i = 0; i < 200; ++i) {
        stays.push_back(0.071 + 0.04 * (i % 3));
    }
    const auto ticks = reading::stays_in_ticks(stays, 30.0);
    double begins_s = 0.0;
    int given = 0;
    for (std::size_t i = 0; i < stays.size(); ++i) {
        CHECK(ticks[i] >= 1);
        CHECK(std::abs(given / 30.0 - begins_s) <= 0.5 / 30.0 + 1e-9);
        begins_s += stays[i];
        given += ticks[i];
    }
    CHECK(reading::stays_in_ticks({0.0, 0.0}, 30.0) == std::vector<int>{1, 1});
}

TEST_CASE("a GIF goes round without end and holds its delays") {
    const test::TemporaryFolder folder;
    const auto file = folder.path() / "film.gif";
    REQUIRE(write_film(file, film_of(3, {0.0, 0.5, 2.5})));
    int reason = 0;
    GifFileType* gif = DGifOpenFileName(file.c_str(), &reason);
    REQUIRE(gif != nullptr);
    REQUIRE(DGifSlurp(gif) == GIF_OK);
    CHECK(gif->ImageCount == 3);
    GraphicsControlBlock control{};
    REQUIRE(DGifSavedExtensionToGCB(gif, 1, &control) == GIF_OK);
    CHECK(control.DelayTime == 200);
    CHECK(test::read_file(file).find("NETSCAPE2.0") != std::string::npos);
    DGifCloseFile(gif, &reason);
    const auto rights = std::filesystem::status(file).permissions();
    CHECK((rights & std::filesystem::perms::owner_read) != std::filesystem::perms::none);
}

TEST_CASE("the palette of a GIF keeps every grey within a level and colours near theirs") {
    std::vector<std::uint32_t> pixels;
    for (std::uint32_t level = 0; level < 256; ++level) {
        pixels.push_back((level << 16U) | (level << 8U) | level);
        pixels.push_back((level << 16U) | ((255U - level) << 8U) | 40U);
        pixels.push_back(0xE66828U);  // a mark, again and again
    }
    const auto palette = reading::gif_palette(pixels);
    REQUIRE(palette.indices.size() == pixels.size());
    REQUIRE(palette.colours.size() <= 256);
    for (std::size_t i = 0; i < pixels.size(); ++i) {
        const std::uint32_t shown = palette.colours.at(palette.indices[i]);
        const int allowed = i % 3 == 0 ? 1 : 12;
        for (const unsigned shift : {16U, 8U, 0U}) {
            CHECK(std::abs(static_cast<int>((shown >> shift) & 0xFFU) -
                           static_cast<int>((pixels[i] >> shift) & 0xFFU)) <= allowed);
        }
    }
    CHECK(reading::gif_palette(std::vector<std::uint32_t>(9, 0x16181BU)).indices.size() == 9);
}

TEST_CASE("marks, levels and highlights are burnt in, each from its time on") {
    Film film = film_of(10, every(1.0, 10));
    auto& panel = film.panels[0];
    const cv::Mat plain = picture_of(film, 2);
    panel.review.annotations = {
        {1, LineShape{{10, 10}, {40, 30}}, "", FrameRange{5, 6}, false, {}}};
    CHECK(differing(picture_of(film, 2), plain) == 0);
    CHECK(differing(picture_of(film, 5), picture_of(film_of(10, every(1.0, 10)), 5)) > 200);
    panel.review.annotations.clear();

    Highlight leak;
    leak.id = 1;
    leak.kind = LeakKind::csf_venous_fistula;
    leak.seed_px = {20, 20};
    leak.path_px = {{20, 20}, {40, 22}};
    leak.onset_frame = 4;
    panel.highlights = {leak};
    CHECK(differing(picture_of(film, 3), picture_of(film_of(10, every(1.0, 10)), 3)) == 0);
    CHECK(differing(picture_of(film, 4), picture_of(film_of(10, every(1.0, 10)), 4)) > 200);
    panel.review.verdicts = {{1, 1, leak.seed_px, 4, Verdict::rejected, "", {}}};
    CHECK(differing(picture_of(film, 4), picture_of(film_of(10, every(1.0, 10)), 4)) == 0);
    panel.highlights[0].kind = LeakKind::nerve_root_sleeve;
    panel.review.verdicts[0].verdict = Verdict::confirmed;
    CHECK(differing(picture_of(film, 4), picture_of(film_of(10, every(1.0, 10)), 4)) > 200);
}

TEST_CASE("a picture says when its subtraction must not be trusted") {
    Film film = film_of(2, every(1.0, 2));
    const cv::Mat plain = picture_of(film, 0);
    film.panels[0].motion.resize(2);
    film.panels[0].motion[0].quality = Quality::failed;
    film.panels[0].motion[0].used = RegistrationMethod::mesh;
    CHECK(differing(picture_of(film, 0), plain) > 50);
}

TEST_CASE("a panel shows the part and the turn it is told to, and its letters turn with it") {
    Film film = film_of(1);
    auto& panel = film.panels[0];
    // Bright to the left, dark to the right, and a bright corner left above.
    panel.values_of = [](FrameIndex) -> Result<Image<float>> {
        Image<float> values({64, 48});
        for (int y = 0; y < 48; ++y) {
            for (int x = 0; x < 64; ++x) {
                values(x, y) = x < 32 ? 0.7F : (x >= 48 && y < 24 ? 0.4F : 0.0F);
            }
        }
        return values;
    };
    const auto grey = [](const cv::Mat& picture, double x, double y) {
        return static_cast<int>(picture.at<cv::Vec3b>(static_cast<int>(y * picture.rows),
                                                      static_cast<int>(x * picture.cols))[1]);
    };
    const cv::Mat whole = picture_of(film, 0);
    CHECK(whole.cols > whole.rows);
    CHECK(grey(whole, 0.3, 0.5) > 150);
    CHECK(grey(whole, 0.7, 0.7) < 30);
    panel.part = ShownPart{{31.5, -0.5}, {63.5, 47.5}};  // the right half alone
    const cv::Mat part = picture_of(film, 0);
    CHECK(part.rows > part.cols);
    CHECK(grey(part, 0.35, 0.5) < 30);
    CHECK(grey(part, 0.7, 0.3) > 80);
    panel.orientation.mirrored = true;
    CHECK(grey(picture_of(film, 0), 0.35, 0.3) > 80);
    panel.orientation = {1, false};  // clockwise: right above goes to the right, below
    const cv::Mat turned = picture_of(film, 0);
    CHECK(turned.cols > turned.rows);
    CHECK(grey(turned, 0.7, 0.65) > 80);
    CHECK(grey(turned, 0.7, 0.3) < 30);
    panel.part = ShownPart{{500.0, 500.0}, {600.0, 600.0}};  // nothing of it: the whole
    panel.orientation = {};
    CHECK(differing(picture_of(film, 0), whole) == 0);
    panel.part.reset();
    panel.run.left_in_image = LeftInImage::towards_larger_x;
    const cv::Mat lettered = picture_of(film, 0);
    panel.orientation.mirrored = true;
    const cv::Mat mirrored = picture_of(film, 0);
    const cv::Rect left(0, lettered.rows / 4, 60, lettered.rows / 2);
    const cv::Rect right(lettered.cols - 40, lettered.rows / 4, 40, lettered.rows / 2);
    CHECK(differing(lettered(left).clone(), mirrored(left).clone()) > 10);
    CHECK(differing(lettered(right).clone(), mirrored(right).clone()) > 10);
}

TEST_CASE("the stored frame lies under the picture by its part") {
    Film film = film_of(1);
    auto& panel = film.panels[0];  // black
    panel.anatomy_part = 0.5;
    panel.anatomy_window = {50.0, 100.0};
    panel.anatomy_of = [](FrameIndex) -> Result<Image<float>> {
        Image<float> values({64, 48});
        values.fill(100.0F);
        return values;
    };
    const cv::Mat mixed = picture_of(film, 0);
    CHECK(mixed.at<cv::Vec3b>(mixed.rows / 2, mixed.cols / 2)[0] ==
          Approx(0.5 * 0.94 * 255.0).margin(2.0));
    panel.anatomy_dark_is_large = true;
    CHECK(picture_of(film, 0).at<cv::Vec3b>(mixed.rows / 2, mixed.cols / 2)[0] < 3);
    panel.anatomy_of = [](FrameIndex) -> Result<Image<float>> {
        return fail(ErrorKind::unreadable, "frame 1", "is damaged");
    };
    const test::TemporaryFolder folder;
    CHECK_FALSE(write_film_picture(folder.path() / "p.png", film, 0));
}

TEST_CASE("outside the shutter a panel is black") {
    Film film = film_of(4);
    const cv::Mat whole = picture_of(film, 3);
    film.panels[0].shutter = PixelRect{0, 0, 64, 24};
    const cv::Mat half = picture_of(film, 3);
    const int x = whole.cols / 2;
    const int above = whole.rows / 2 - 60;
    const int below = whole.rows / 2 + 60;
    CHECK(half.at<cv::Vec3b>(above, x) == whole.at<cv::Vec3b>(above, x));
    CHECK(whole.at<cv::Vec3b>(below, x)[0] > 100);
    CHECK(half.at<cv::Vec3b>(below, x)[0] < 16);
}

TEST_CASE("two panels stand side by side, four in two rows, each with its own frame") {
    Film film = film_of(4, every(1.0, 4));
    const auto one = picture_of(film, 0).size();
    film.panels.push_back(film.panels[0]);
    film.panels[1].frame_of = [](FrameIndex frame) { return frame + 2; };
    const cv::Mat two = picture_of(film, 0);
    CHECK(two.cols == 2 * one.width);
    CHECK(two.at<cv::Vec3b>(two.rows / 2, two.cols / 4)[0] + 60 <
          two.at<cv::Vec3b>(two.rows / 2, 3 * two.cols / 4)[0]);
    film.panels.push_back(film.panels[0]);
    film.panels.push_back(film.panels[0]);
    const auto four = picture_of(film, 0).size();
    CHECK(four.width == 2 * one.width);
    CHECK(four.height > one.height + 400);
}

TEST_CASE("what cannot be written is refused in a line, and what was there stays") {
    const test::TemporaryFolder folder;
    const auto film = film_of(3, every(0.5, 3));
    const auto refused = [&](const std::filesystem::path& file, const Film& what) {
        const auto done = write_film(file, what);
        return done ? std::string() : done.error().message();
    };
    CHECK(refused(folder.path() / "film.avi", film).find(".mp4 or .gif") != std::string::npos);
    for (const char* name : {"no/such/folder/film.mp4", "no/such/folder/film.gif"}) {
        CHECK_FALSE(refused(folder.path() / name, film).empty());
    }
    Film endless = film_of(3, {0.0, 1e6, 2e6});
    CHECK(refused(folder.path() / "film.mp4", endless).find("two hours") != std::string::npos);
    Film broken = film;
    broken.panels[0].values_of = [](FrameIndex frame) -> Result<Image<float>> {
        if (frame == 2) {
            return fail(ErrorKind::unreadable, "frame 3", "is damaged");
        }
        return Image<float>({64, 48});
    };
    const auto file = folder.path() / "film.mp4";
    REQUIRE(write_film(file, film));
    const auto before = test::read_file(file);
    CHECK(refused(file, broken).find("is damaged") != std::string::npos);
    CHECK(test::read_file(file) == before);
    std::stop_source stop;
    stop.request_stop();
    const auto stopped = write_film(file, film, {}, stop.get_token());
    REQUIRE_FALSE(stopped);
    CHECK(stopped.error().kind == ErrorKind::cancelled);
    CHECK(test::read_file(file) == before);
    CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
    CHECK_FALSE(write_film_picture(folder.path() / "p.png", film, 7));
    CHECK_FALSE(write_film_picture(folder.path() / "p.png", Film{}, 0));
}
