#include "dsp/pipeline/evaluate_opacity.h"

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "dsp/pipeline/npy.h"

namespace dsm {
namespace {

using Pixels = std::vector<std::size_t>;  // positions in a frame, row by row

struct Masks {
    Pixels free;
    Pixels sac;
};

// One measured and one true frame; the measured one is brought to absolute opacity.
class Frames {
 public:
    Frames(NpyReader measured, NpyReader truth)
        : measured_(std::move(measured)),
          truth_(std::move(truth)),
          measured_frame_(measured_.extent()),
          true_frame_(truth_.extent()) {}

    [[nodiscard]] int count() const { return std::min(measured_.frames(), truth_.frames()); }
    [[nodiscard]] Extent extent() const { return measured_.extent(); }
    void set_scale(double scale) { scale_ = static_cast<float>(scale); }

    Result<void> read(int frame) {
        if (auto got = measured_.read(frame, measured_frame_.view()); !got) {
            return got;
        }
        for (float& value : measured_frame_.pixels()) {
            value /= scale_;
        }
        return truth_.read(frame, true_frame_.view());
    }
    [[nodiscard]] std::span<const float> measured() const {
        return std::as_const(measured_frame_).pixels();
    }
    [[nodiscard]] std::span<const float> truth() const {
        return std::as_const(true_frame_).pixels();
    }

 private:
    NpyReader measured_;
    NpyReader truth_;
    Image<float> measured_frame_;
    Image<float> true_frame_;
    float scale_{1.0F};
};

double mean(std::span<const float> frame, const Pixels& where) {
    double sum = 0.0;
    for (const std::size_t at : where) {
        sum += static_cast<double>(frame[at]);
    }
    return sum / static_cast<double>(where.size());
}

Result<Pixels> read_mask(const std::filesystem::path& file, Extent extent) {
    const cv::Mat mask = cv::imread(file.string(), cv::IMREAD_GRAYSCALE);
    if (mask.cols != extent.width || mask.rows != extent.height) {
        return fail(ErrorKind::invalid_input, file.string(),
                    "is not a mask of " + std::to_string(extent.height) + " x " +
                        std::to_string(extent.width) + " pixels",
                    "make the run again");
    }
    Pixels pixels;
    for (int y = 0; y < mask.rows; ++y) {
        for (int x = 0; x < mask.cols; ++x) {
            if (mask.at<std::uint8_t>(y, x) > 0) {
                pixels.push_back(static_cast<std::size_t>(y) * static_cast<std::size_t>(mask.cols) +
                                 static_cast<std::size_t>(x));
            }
        }
    }
    if (pixels.empty()) {
        return fail(ErrorKind::invalid_input, file.string(), "is empty", "make the run again");
    }
    return pixels;
}

constexpr int kVeinFrames = 6;  // veins are measured on the last of them, but for the very last

// The frames that are looked at: about a dozen after first contrast.
std::vector<int> sampled_frames(int count, const Truth& truth) {
    std::vector<int> frames;
    for (int frame = truth.first_contrast_frame + 2; frame < count;
         frame += std::max(1, count / 12)) {
        frames.push_back(frame);
    }
    return frames;
}

// The factor of a relative opacity: least squares of measured against true inside the sac.
Result<double> scale_of(Frames& frames, const std::vector<int>& sample, const Pixels& sac) {
    constexpr std::size_t kEvery = 37;
    double true_squares = 0.0;
    double products = 0.0;
    for (const int frame : sample) {
        if (auto got = frames.read(frame); !got) {
            return tl::unexpected(got.error());
        }
        for (std::size_t i = 0; i < sac.size(); i += kEvery) {
            const auto truth = static_cast<double>(frames.truth()[sac[i]]);
            true_squares += truth * truth;
            products += truth * static_cast<double>(frames.measured()[sac[i]]);
        }
    }
    const double scale = products / std::max(true_squares, 1e-9);
    return scale == 0.0 ? 1.0 : scale;
}

double residual_rms(const Frames& frames, const Pixels& free) {
    double squares = 0.0;
    for (const std::size_t at : free) {
        const auto off = static_cast<double>(frames.measured()[at] - frames.truth()[at]);
        squares += off * off;
    }
    return std::sqrt(squares / static_cast<double>(free.size()));
}

// Robust noise of one pixel of this very subtraction: what a 3 x 3 mean does not explain, motion
// edges excluded by the median. 1.4826 makes a median absolute deviation a standard deviation;
// 1.06 = 1 / sqrt(1 - 1/9) gives back what the mean took; 1.13 is for noise that an interpolated
// mask has made coarser.
double pixel_noise(const Frames& frames, const Pixels& free) {
    const Extent extent = frames.extent();
    const cv::Mat frame(extent.height, extent.width, CV_32F,
                        const_cast<float*>(frames.measured().data()));
    cv::Mat smooth;
    cv::blur(frame, smooth, {3, 3});
    std::vector<double> rest;
    rest.reserve(free.size());
    const auto* smoothed = smooth.ptr<float>();
    for (const std::size_t at : free) {
        rest.push_back(std::abs(static_cast<double>(frames.measured()[at] - smoothed[at])));
    }
    return 1.4826 * median(std::move(rest)) * 1.06 * 1.13;
}

Pixels near_vein(const TrueStructure& vein, Extent extent) {
    constexpr std::size_t kFirst = 2;  // clear of the sac
    constexpr std::size_t kLast = 14;
    constexpr int kWidth_px = 9;
    std::vector<cv::Point> path;
    for (std::size_t i = kFirst; i < std::min(kLast, vein.path_px.size()); ++i) {
        path.emplace_back(static_cast<int>(std::nearbyint(vein.path_px[i].x)),
                          static_cast<int>(std::nearbyint(vein.path_px[i].y)));
    }
    cv::Mat near = cv::Mat::zeros(extent.height, extent.width, CV_8U);
    if (!path.empty()) {
        cv::polylines(near, std::vector<std::vector<cv::Point>>{path}, false, 1, kWidth_px);
    }
    Pixels pixels;
    for (std::size_t at = 0; at < near.total(); ++at) {
        if (near.data[at] != 0) {
            pixels.push_back(at);
        }
    }
    return pixels;
}

struct Contrast {
    double truth{0.0};
    double measured{0.0};
};

// The vein against its own surroundings, where the vein truly is in this frame.
std::optional<Contrast> vein_contrast(const Frames& frames, const Pixels& near) {
    constexpr std::size_t kLeastPixels = 30;
    std::vector<double> values;
    for (const std::size_t at : near) {
        values.push_back(static_cast<double>(frames.truth()[at]));
    }
    const double ground = quantile(values, 0.20);
    for (double& value : values) {
        value -= ground;
    }
    const double peak = quantile(values, 0.98);
    Pixels vein;
    Pixels around;
    for (std::size_t i = 0; i < near.size(); ++i) {
        if (values[i] > 0.5 * peak) {
            vein.push_back(near[i]);
        }
        if (values[i] < 0.1 * peak) {
            around.push_back(near[i]);
        }
    }
    if (vein.size() <= kLeastPixels || around.size() <= kLeastPixels) {
        return std::nullopt;
    }
    return Contrast{mean(frames.truth(), vein) - mean(frames.truth(), around),
                    mean(frames.measured(), vein) - mean(frames.measured(), around)};
}

// Measured over true contrast of a vein, over the last frames but one; nothing while it is young.
Result<std::optional<double>> kept_vein(Frames& frames, const Truth& truth,
                                        const TrueStructure& vein) {
    constexpr double kGrown_s = 4.0;
    constexpr double kLeastContrast = 0.002;
    const auto time = [&](int frame) {
        const int last = static_cast<int>(truth.frame_time_s.size()) - 1;
        return truth.frame_time_s[static_cast<std::size_t>(std::clamp(frame, 0, last))];
    };
    const int last = frames.count() - 2;
    const Pixels near = near_vein(vein, frames.extent());
    if (near.empty() || time(last) <= time(std::min(vein.onset_frame, last)) + kGrown_s) {
        return std::nullopt;
    }
    Contrast sum;
    int found = 0;
    for (int frame = std::max(0, last - kVeinFrames + 1); frame <= last; ++frame) {
        if (auto got = frames.read(frame); !got) {
            return tl::unexpected(got.error());
        }
        if (const auto contrast = vein_contrast(frames, near)) {
            sum.truth += contrast->truth;
            sum.measured += contrast->measured;
            ++found;
        }
    }
    if (found == 0 || sum.truth / found <= kLeastContrast) {
        return std::nullopt;
    }
    return std::optional(sum.measured / sum.truth);
}

Result<Frames> open_frames(const std::filesystem::path& opacity_npy, const Truth& truth) {
    auto measured = NpyReader::open(opacity_npy);
    if (!measured) {
        return tl::unexpected(measured.error());
    }
    auto known = NpyReader::open(truth.opacity);
    if (!known) {
        return tl::unexpected(known.error());
    }
    if (measured->extent() != known->extent() || measured->frames() != known->frames()) {
        return fail(ErrorKind::invalid_input, opacity_npy.string(),
                    "has another size than " + truth.opacity.string(),
                    "process the run that belongs to this truth");
    }
    return Frames(std::move(*measured), std::move(*known));
}

Result<OpacityScore> measure(Frames& frames, const Masks& masks, const Truth& truth,
                             const std::vector<int>& sample) {
    constexpr double kLeastSac = 0.02;
    constexpr double kLeastNoise = 1e-6;
    std::vector<double> residuals;
    std::vector<double> ratios;
    std::vector<double> kept;
    for (const int frame : sample) {
        if (auto got = frames.read(frame); !got) {
            return tl::unexpected(got.error());
        }
        residuals.push_back(residual_rms(frames, masks.free));
        ratios.push_back(residuals.back() / std::max(pixel_noise(frames, masks.free), kLeastNoise));
        const double sac = mean(frames.truth(), masks.sac);
        if (sac > kLeastSac) {
            kept.push_back(mean(frames.measured(), masks.sac) / sac);
        }
    }
    OpacityScore score;
    score.artefact_rms = median(residuals);
    score.artefact_ratio = median(ratios);
    if (!kept.empty()) {
        score.kept_sac = median(kept);
    }
    for (const TrueStructure& structure : truth.structures) {
        if (structure.kind == to_string(LeakKind::csf_venous_fistula)) {
            const auto vein = kept_vein(frames, truth, structure);
            if (!vein) {
                return tl::unexpected(vein.error());
            }
            if (*vein) {
                score.kept_vein.push_back(**vein);
            }
        }
    }
    return score;
}

Result<OpacityScore> score_files(const std::filesystem::path& opacity_npy, const Truth& truth,
                                 bool relative) {
    auto frames = open_frames(opacity_npy, truth);
    if (!frames) {
        return tl::unexpected(frames.error());
    }
    auto free = read_mask(truth.contrast_free_mask, frames->extent());
    if (!free) {
        return tl::unexpected(free.error());
    }
    auto sac = read_mask(truth.sac_mask, frames->extent());
    if (!sac) {
        return tl::unexpected(sac.error());
    }
    const Masks masks{std::move(*free), std::move(*sac)};
    const auto sample = sampled_frames(frames->count(), truth);
    if (sample.empty()) {
        return fail(ErrorKind::invalid_input, opacity_npy.string(), "ends before contrast comes",
                    "use a longer run");
    }
    if (relative) {
        const auto scale = scale_of(*frames, sample, masks.sac);
        if (!scale) {
            return tl::unexpected(scale.error());
        }
        frames->set_scale(*scale);
    }
    return measure(*frames, masks, truth, sample);
}

}  // namespace

std::vector<int> scored_frames(int count, const Truth& truth) {
    std::vector<int> frames = sampled_frames(count, truth);
    for (int frame = std::max(0, count - 1 - kVeinFrames); frame < count - 1; ++frame) {
        frames.push_back(frame);
    }
    std::sort(frames.begin(), frames.end());
    frames.erase(std::unique(frames.begin(), frames.end()), frames.end());
    return frames;
}

double quantile(std::vector<double> values, double part) {
    const double at = part * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::ptrdiff_t>(at);
    const auto first = values.begin() + below;
    std::nth_element(values.begin(), first, values.end());
    const double low = *first;
    const double high =
        first + 1 == values.end() ? low : *std::min_element(first + 1, values.end());
    return low + (at - static_cast<double>(below)) * (high - low);
}

double median(std::vector<double> values) {
    return quantile(std::move(values), 0.5);
}

Result<OpacityScore> score_opacity(const std::filesystem::path& opacity_npy, const Truth& truth,
                                   bool relative) {
    try {
        return score_files(opacity_npy, truth, relative);
    } catch (const cv::Exception& error) {
        return fail(ErrorKind::internal, opacity_npy.string(), error.err, "please report it");
    }
}

}  // namespace dsm
