#include "dsp/source/live_video.h"

#include <chrono>
#include <cmath>
#include <filesystem>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>
#include <thread>
#include <utility>

namespace dsm {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr std::size_t kMostWaiting = 16;  // pictures in memory that wait to be processed
constexpr std::size_t kMostOfFile = 2;    // of a file, which can wait itself
constexpr int kGreyLevels = 256;
// FFmpeg looks at a stream for five seconds to learn its rate before it is open.
constexpr int kOpenTimeout_ms = 20000;
constexpr int kReadTimeout_ms = 5000;

bool is_file(const std::string& source) {
    std::error_code problem;
    return std::filesystem::is_regular_file(source, problem);
}

bool open_capture(const std::string& source, cv::VideoCapture& capture) {
    if (source.starts_with("/dev/video") || source.find_first_not_of("0123456789") == source.npos) {
        const auto digits = source.find_first_of("0123456789");
        return digits != std::string::npos && source.size() - digits <= 3 &&
               capture.open(std::stoi(source.substr(digits)), cv::CAP_V4L2);
    }
    if (source.find("://") == std::string::npos) {
        return is_file(source) && capture.open(source);
    }
    return capture.open(source, cv::CAP_FFMPEG,
                        {cv::CAP_PROP_OPEN_TIMEOUT_MSEC, kOpenTimeout_ms,
                         cv::CAP_PROP_READ_TIMEOUT_MSEC, kReadTimeout_ms});
}

cv::Mat grey_of(const cv::Mat& picture) {
    cv::Mat grey;
    switch (picture.channels()) {
        case 1:
            grey = picture;
            break;
        case 4:
            cv::cvtColor(picture, grey, cv::COLOR_BGRA2GRAY);
            break;
        default:
            cv::cvtColor(picture, grey, cv::COLOR_BGR2GRAY);
            break;
    }
    if (grey.depth() != CV_8U) {
        grey.convertTo(grey, CV_8U, 255.0 / 65535.0);
    }
    return grey;
}

std::shared_ptr<Image<std::uint16_t>> words_of(const cv::Mat& grey) {
    auto words = std::make_shared<Image<std::uint16_t>>(Extent{grey.cols, grey.rows});
    for (int y = 0; y < grey.rows; ++y) {
        const auto* row = grey.ptr<std::uint8_t>(y);
        std::copy(row, row + grey.cols, words->view().row(y));
    }
    return words;
}

RunInfo info_of(Extent extent, double gamma) {
    RunInfo info;
    info.extent = extent;
    info.frames = 1;
    info.bits_allocated = 8;
    info.bits_stored = 8;
    info.high_bit = 7;
    info.codec_name = "video";
    info.lossy = true;
    info.intensity.relationship = PixelIntensityRelationship::display;
    constexpr double kFull = 65535.0;
    for (int value = 0; value < kGreyLevels; ++value) {
        info.intensity.to_linear.push_back(
            static_cast<float>(kFull * std::pow(value / (kGreyLevels - 1.0), gamma)));
    }
    info.warnings.emplace_back(
        "video: 8-bit display values, made linear by a gamma: measured opacities may be off by a "
        "factor, and the patient's side is not known");
    info.warnings.emplace_back(
        "a video codec that loses detail hides the noise that findings are judged by: only a "
        "lossless one shows veins as the run itself does");
    return info;
}

double seconds_since(Clock::time_point time) {
    return std::chrono::duration<double>(Clock::now() - time).count();
}

}  // namespace

std::string name_of_video(const std::string& source) {
    const auto scheme = source.find("://");
    if (scheme == std::string::npos) {
        return source;
    }
    const auto host_from = scheme + 3;
    const auto host_to = std::min(source.find('/', host_from), source.size());
    const auto at = source.rfind('@', host_to);
    const bool secret = at != std::string::npos && at >= host_from && at < host_to;
    const std::string rest = source.substr(secret ? at + 1 : host_from);
    return source.substr(0, host_from) + rest.substr(0, rest.find('?'));
}

class LiveVideo::Capture {
 public:
    explicit Capture(LiveVideoParams params)
        : params_(std::move(params)), is_file_(is_file(params_.source)) {}

    [[nodiscard]] Result<void> open() {
        // What it could not do is said in one line, not by the library.
        cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
        cv::Mat picture;
        if (!open_capture(params_.source, capture_) || !capture_.read(picture) || picture.empty()) {
            return fail(ErrorKind::not_found, name_of_video(params_.source),
                        "no video can be read from it", "check the name and the connection");
        }
        region_ = {0, 0, picture.cols, picture.rows};
        if (params_.region) {
            const PixelRect& asked = *params_.region;
            region_ = {asked.x, asked.y, asked.width, asked.height};
            if (asked.x < 0 || asked.y < 0 || asked.width < 1 || asked.height < 1 ||
                asked.x > picture.cols - asked.width || asked.y > picture.rows - asked.height) {
                return fail(ErrorKind::invalid_input, "region",
                            "does not lie within the picture of " + std::to_string(picture.cols) +
                                " x " + std::to_string(picture.rows) + " pixels",
                            "choose another");
            }
        }
        picture_ = picture.size();
        pending_ = picture;
        return {};
    }

    void run(const std::stop_token& stop, const OnRun& on_run) {
        LiveRun::Start start;
        start.first = info_of({region_.width, region_.height}, params_.gamma);
        start.first.file = is_file_ ? std::filesystem::path(params_.source) : "video";
        start.name = params_.name;
        start.source = LiveSourceKind::video;
        run_ = std::make_shared<LiveRun>(std::move(start));
        on_run(run_);
        offer(pending_);
        pending_.release();
        auto last_picture = Clock::now();
        while (!over_ && !stop.stop_requested()) {
            if (is_file_ && run_->waiting() >= kMostOfFile) {
                std::this_thread::sleep_for(2ms);
                continue;
            }
            cv::Mat picture;
            if (capture_.isOpened() && capture_.read(picture) && picture.size() == picture_) {
                offer(picture);
                last_picture = Clock::now();
            } else if (is_file_) {
                finish("the video ended");
            } else {
                reconnect(seconds_since(last_picture));
            }
        }
        finish("the source was closed");
    }

 private:
    void offer(const cv::Mat& picture) {
        const auto now = std::chrono::system_clock::now();
        if (run_->waiting() >= kMostWaiting) {
            ++dropped_;
            return;
        }
        if (dropped_ > 0) {
            run_->offer_gap(std::exchange(dropped_, 0), "came faster than they could be processed");
        }
        auto words = words_of(grey_of(picture(region_)));
        LiveFrame frame;
        frame.read = [words](ImageView<std::uint16_t> to) -> Result<void> {
            copy_pixels(words->cview(), to);
            return {};
        };
        if (is_file_) {
            frame.content_s = capture_.get(cv::CAP_PROP_POS_MSEC) / 1e3;
        }
        frame.last_byte = now;
        run_->offer(std::move(frame));
        if (params_.frames && ++offered_ >= *params_.frames) {
            finish("as many frames as were asked for");
        }
    }

    void reconnect(double without_s) {
        if (!lost_) {
            lost_ = true;
            run_->offer_gap(std::nullopt, "the connection was lost");
        }
        if (without_s >= params_.end_s) {
            finish("no picture came for " + std::to_string(static_cast<int>(params_.end_s)) + " s");
            return;
        }
        capture_.release();
        std::this_thread::sleep_for(500ms);
        lost_ = !open_capture(params_.source, capture_);
    }

    void finish(const std::string& why) {
        over_ = true;
        run_->end(why);
    }

    LiveVideoParams params_;
    bool is_file_;
    cv::VideoCapture capture_;
    cv::Rect region_;
    cv::Size picture_;
    cv::Mat pending_;  // read to see that there is something
    std::shared_ptr<LiveRun> run_;
    int dropped_{0};
    int offered_{0};
    bool lost_{false};
    bool over_{false};
};

LiveVideo::LiveVideo(std::unique_ptr<Capture> capture) : capture_(std::move(capture)) {}
LiveVideo::~LiveVideo() = default;

Result<std::unique_ptr<LiveVideo>> LiveVideo::open(LiveVideoParams params) {
    auto capture = std::make_unique<Capture>(std::move(params));
    if (auto opened = capture->open(); !opened) {
        return tl::unexpected(opened.error());
    }
    return std::unique_ptr<LiveVideo>(new LiveVideo(std::move(capture)));
}

void LiveVideo::run(const std::stop_token& stop, const OnRun& on_run) {
    capture_->run(stop, on_run);
}

}  // namespace dsm
