#include "dsp/source/live_video.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>
#include <thread>

#include "tests/support/support.h"

using namespace dsm;

namespace {

// Ten grey frames, each brighter than the one before; its left half is black.
std::string made_video(const std::filesystem::path& folder) {
    const std::string file = (folder / "run.avi").string();
    cv::VideoWriter writer(file, cv::VideoWriter::fourcc('M', 'J', 'P', 'G'), 5.0, {64, 48});
    REQUIRE(writer.isOpened());
    for (int k = 0; k < 10; ++k) {
        cv::Mat picture(48, 64, CV_8UC3, cv::Scalar::all(100.0 + 10.0 * k));
        picture(cv::Rect(0, 0, 32, 48)).setTo(cv::Scalar::all(0.0));
        writer.write(picture);
    }
    return file;
}

struct Seen {
    RunInfo info;
    std::vector<int> values;
    LiveRecord record;
};

Seen seen_of(LiveVideoParams params) {
    auto video = LiveVideo::open(std::move(params));
    REQUIRE(video);
    Seen seen;
    std::jthread taker;
    (*video)->run({}, [&](std::shared_ptr<LiveRun> run) {
        taker = std::jthread([&seen, run] {
            Image<std::uint16_t> words(run->info().extent);
            for (FrameIndex frame = 0; run->await(frame, {}).value_or(false); ++frame) {
                if (run->read(frame, words.view())) {
                    seen.values.push_back(words(8, 8));
                }
            }
            seen.info = run->info();
            seen.record = run->record();
        });
    });
    taker.join();
    return seen;
}

}  // namespace

TEST_CASE("a video is a run, every picture of it, at its own times") {
    const test::TemporaryFolder folder;
    LiveVideoParams params;
    params.source = made_video(folder.path());
    params.region = PixelRect{40, 10, 20, 30};
    const Seen seen = seen_of(params);
    REQUIRE(seen.values.size() == 10);
    for (int k = 0; k < 10; ++k) {
        CHECK(std::abs(seen.values[static_cast<std::size_t>(k)] - (100 + 10 * k)) <= 3);
    }
    CHECK(seen.info.extent == Extent{20, 30});
    REQUIRE(seen.info.frame_time_s.size() == 10);
    CHECK(seen.info.frame_time_s.back() == Approx(1.8));
    CHECK(seen.record.source == LiveSourceKind::video);
    CHECK(seen.record.ended == "the video ended");
    // Linear intensity of half the value is a 2.2th power of a half of the whole.
    const auto& linear = seen.info.intensity.to_linear;
    REQUIRE(linear.size() == 256);
    CHECK(linear[102] / linear[204] == Approx(std::pow(0.5, 2.2)));
}

TEST_CASE("a region outside of the picture, and what is no video, are refused") {
    const test::TemporaryFolder folder;
    LiveVideoParams params;
    params.source = made_video(folder.path());
    params.region = PixelRect{40, 10, 25, 30};
    const auto outside = LiveVideo::open(params);
    REQUIRE(!outside);
    CHECK(outside.error().what.find("64 x 48") != std::string::npos);
    params.source = (folder.path() / "nothing.avi").string();
    const auto nothing = LiveVideo::open(params);
    REQUIRE(!nothing);
    CHECK(nothing.error().kind == ErrorKind::not_found);
}

TEST_CASE("a stream is named without its secrets") {
    CHECK(name_of_video("rtsp://me:secret@host:554/live?token=1") == "rtsp://host:554/live");
    CHECK(name_of_video("rtsp://host/a@b") == "rtsp://host/a@b");
    CHECK(name_of_video("/dev/video0") == "/dev/video0");
}
