// MP4 by OpenCV's FFmpeg: H.264, which everything plays, else MPEG-4 part 2.
#include <algorithm>
#include <cmath>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>

#include "dsp/reading/film_encoder.h"

namespace dsm::reading {

namespace {

constexpr double kSlowest = 10.0;  // players stumble over less
constexpr double kUneven = 30.0;   // for frames that are not evenly spaced

// The rate whose ticks the stays are whole numbers of, where there is one.
double rate_for(const std::vector<double>& stays_s) {
    const auto [least, most] = std::minmax_element(stays_s.begin(), stays_s.end());
    constexpr double kFastest = 120.0;
    if (stays_s.empty() || *least <= 1.0 / kFastest || *most > 1.01 * *least) {
        return kUneven;
    }
    return std::max(1.0, std::ceil(kSlowest * *least)) / *least;
}

// OpenCV says on stderr what is said here as an error.
class Quiet {
 public:
    Quiet() : before_(cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT)) {}
    ~Quiet() { cv::utils::logging::setLogLevel(before_); }
    Quiet(const Quiet&) = delete;
    Quiet& operator=(const Quiet&) = delete;
    Quiet(Quiet&&) = delete;
    Quiet& operator=(Quiet&&) = delete;

 private:
    cv::utils::logging::LogLevel before_;
};

class Mp4Encoder final : public FilmEncoder {
 public:
    Mp4Encoder(cv::VideoWriter writer, std::filesystem::path file, std::filesystem::path named,
               std::vector<int> ticks)
        : writer_(std::move(writer)),
          file_(std::move(file)),
          named_(std::move(named)),
          ticks_(std::move(ticks)) {}

    Result<void> add(const Canvas& picture) override {
        auto words = reading::pixels_of(picture);
        const cv::Mat with_padding(static_cast<int>(picture.height()),
                                   static_cast<int>(picture.width()), CV_8UC4, words.data());
        cv::Mat colours;
        cv::cvtColor(with_padding, colours, cv::COLOR_BGRA2BGR);
        const int times = next_ < ticks_.size() ? ticks_[next_++] : 1;
        for (int i = 0; i < times; ++i) {
            writer_.write(colours);
        }
        written_ += times;
        return {};
    }

    // FFmpeg keeps a full disk to itself: the file is read back.
    Result<void> finish() override {
        writer_.release();
        const Quiet quiet;
        const cv::VideoCapture back(file_.string(), cv::CAP_FFMPEG);
        const double frames = back.isOpened() ? back.get(cv::CAP_PROP_FRAME_COUNT) : 0.0;
        if (std::abs(frames - written_) > 0.5) {
            return fail(ErrorKind::io, named_.string(), "could not be written completely",
                        "check that the disk is not full");
        }
        return {};
    }

 private:
    cv::VideoWriter writer_;
    std::filesystem::path file_;
    std::filesystem::path named_;
    std::vector<int> ticks_;
    std::size_t next_{0};
    int written_{0};
};

}  // namespace

Result<std::unique_ptr<FilmEncoder>> mp4_encoder(const std::filesystem::path& file,
                                                 const std::filesystem::path& named,
                                                 const Canvas& first,
                                                 const std::vector<double>& stays_s) {
    const double rate = rate_for(stays_s);
    const cv::Size size(static_cast<int>(first.width()), static_cast<int>(first.height()));
    try {
        const Quiet quiet;
        for (const int codec : {cv::VideoWriter::fourcc('a', 'v', 'c', '1'),
                                cv::VideoWriter::fourcc('m', 'p', '4', 'v')}) {
            cv::VideoWriter writer(file.string(), cv::CAP_FFMPEG, codec, rate, size, true);
            if (writer.isOpened()) {
                return std::make_unique<Mp4Encoder>(std::move(writer), file, named,
                                                    stays_in_ticks(stays_s, rate));
            }
        }
    } catch (const cv::Exception& surprise) {
        return fail(ErrorKind::unsupported, named.string(), "OpenCV refuses: " + surprise.err);
    }
    return fail(ErrorKind::unsupported, named.string(),
                "cannot be written: the folder is not there or not writable, or OpenCV has no "
                "FFmpeg with H.264 or MPEG-4 here",
                "install libopencv-videoio, choose another folder, or save a .gif");
}

}  // namespace dsm::reading
