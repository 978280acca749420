#include "dsp/evaluation/finding_peers.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace dsm::evaluation {
namespace {

constexpr double kSacMarginMm = 4.0;
constexpr double kBorderMm = 5.0;
constexpr double kApartMm = 8.0;
constexpr double kSacShare = 1.0 / 3.0;
constexpr double kLineWidthsMm[] = {1.0, 2.0, 3.0};

cv::Mat mat_of(const Image<float>& image) {
    // OpenCV has no type for pixels that are only read; nothing below writes to them.
    return {image.height(), image.width(), CV_32F, const_cast<float*>(image.pixels().data())};
}

Image<float> image_of(const cv::Mat& mat) {
    Image<float> image(Extent{mat.cols, mat.rows});
    mat.copyTo(cv::Mat(mat.rows, mat.cols, CV_32F, image.pixels().data()));
    return image;
}

double quantile(const cv::Mat& values, double share) {
    std::vector<float> all(values.begin<float>(), values.end<float>());
    const auto at =
        all.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(all.size() - 1));
    std::nth_element(all.begin(), at, all.end());
    return static_cast<double>(*at);
}

// Largest of every place over means of three frames.
cv::Mat peak_of(const std::vector<Image<float>>& frames, Extent extent) {
    cv::Mat peak(extent.height, extent.width, CV_32F, cv::Scalar(0.0));
    for (std::size_t k = 2; k < frames.size(); ++k) {
        if (!frames[k - 2].empty() && !frames[k - 1].empty() && !frames[k].empty()) {
            const cv::Mat sum = mat_of(frames[k - 2]) + mat_of(frames[k - 1]) + mat_of(frames[k]);
            cv::max(peak, sum / 3.0, peak);
        }
    }
    return peak;
}

// Of one width of line; at the scale where such a line answers most, sigma = w / (2 sqrt 3).
cv::Mat line_measure(const cv::Mat& picture, double width_px) {
    const double sigma = std::max(0.7, width_px / (2.0 * std::sqrt(3.0)));
    cv::Mat smooth, xx, xy, yy;
    cv::GaussianBlur(picture, smooth, {}, sigma, sigma, cv::BORDER_REPLICATE);
    cv::Sobel(smooth, xx, CV_32F, 2, 0, 3, 0.25, 0.0, cv::BORDER_REPLICATE);
    cv::Sobel(smooth, yy, CV_32F, 0, 2, 3, 0.25, 0.0, cv::BORDER_REPLICATE);
    cv::Sobel(smooth, xy, CV_32F, 1, 1, 3, 0.25, 0.0, cv::BORDER_REPLICATE);
    const cv::Mat norm_squared = xx.mul(xx) + yy.mul(yy) + 2.0 * xy.mul(xy);
    const double c = 5.0 * std::sqrt(std::max(1e-14, quantile(norm_squared, 0.5)));
    cv::Mat measure(picture.size(), CV_32F, cv::Scalar(0.0));
    for (int y = 0; y < picture.rows; ++y) {
        for (int x = 0; x < picture.cols; ++x) {
            const auto a = static_cast<double>(xx.at<float>(y, x));
            const auto b = static_cast<double>(xy.at<float>(y, x));
            const auto d = static_cast<double>(yy.at<float>(y, x));
            const double middle = 0.5 * (a + d);
            const double away = std::sqrt(0.25 * (a - d) * (a - d) + b * b);
            // The larger in size, and the smaller; across a bright line the curvature is negative.
            const double large = middle < 0.0 ? middle - away : middle + away;
            const double small = middle < 0.0 ? middle + away : middle - away;
            if (large >= 0.0) {
                continue;
            }
            const double ratio = small / large;
            const double norm = large * large + small * small;
            measure.at<float>(y, x) = static_cast<float>(std::exp(-ratio * ratio / 0.5) *
                                                         (1.0 - std::exp(-norm / (2.0 * c * c))));
        }
    }
    return measure;
}

cv::Mat line_measure_of_widths(const cv::Mat& picture, double mm) {
    cv::Mat most;
    for (const double width_mm : kLineWidthsMm) {
        const cv::Mat one = line_measure(picture, width_mm / mm);
        most = most.empty() ? one : cv::max(most, one);
    }
    return most;
}

Image<float> peak_opacity(const KeptRun& run, FrameIndex /*first_contrast*/) {
    return image_of(peak_of(run.opacity(), run.grid().extent()));
}

Image<float> frangi(const KeptRun& run, FrameIndex first_contrast) {
    const Extent extent = run.grid().extent();
    cv::Mat most(extent.height, extent.width, CV_32F, cv::Scalar(0.0));
    for (std::size_t k = static_cast<std::size_t>(first_contrast); k < run.opacity().size(); ++k) {
        if (!run.opacity()[k].empty()) {
            cv::max(most, line_measure_of_widths(mat_of(run.opacity()[k]), run.grid().mm()), most);
        }
    }
    return image_of(most);
}

Image<float> frangi_unregistered(const KeptRun& run, FrameIndex first_contrast) {
    const Extent extent = run.grid().extent();
    const auto& frames = run.log_intensity();
    const auto masks = std::min(frames.size(), static_cast<std::size_t>(first_contrast));
    cv::Mat mask(extent.height, extent.width, CV_32F, cv::Scalar(0.0));
    for (std::size_t k = 0; k < masks; ++k) {
        mask += mat_of(frames[k]) / static_cast<double>(masks);
    }
    cv::Mat most(extent.height, extent.width, CV_32F, cv::Scalar(0.0));
    for (std::size_t k = masks; k < frames.size(); ++k) {
        const cv::Mat subtracted = mask - mat_of(frames[k]);
        cv::max(most, line_measure_of_widths(subtracted, run.grid().mm()), most);
    }
    return image_of(most);
}

// Neighbouring frames differ by their noise: its variance is half of that of their difference.
Image<float> temporal_variance(const KeptRun& run, FrameIndex /*first_contrast*/) {
    const Extent extent = run.grid().extent();
    const auto& frames = run.log_intensity();
    cv::Mat sum(extent.height, extent.width, CV_64F, cv::Scalar(0.0));
    cv::Mat squares = sum.clone();
    cv::Mat steps = sum.clone();
    for (std::size_t k = 0; k < frames.size(); ++k) {
        cv::Mat frame, step;
        mat_of(frames[k]).convertTo(frame, CV_64F);
        sum += frame;
        squares += frame.mul(frame);
        if (k > 0) {
            mat_of(frames[k - 1]).convertTo(step, CV_64F);
            step -= frame;
            steps += step.mul(step);
        }
    }
    const auto n = static_cast<double>(std::max<std::size_t>(2, frames.size()));
    cv::Mat variance = (squares - sum.mul(sum) / n) / (n - 1.0);
    cv::Mat noise = cv::max(steps / (2.0 * (n - 1.0)), 1e-10);
    cv::boxFilter(variance, variance, CV_64F, {3, 3});
    cv::boxFilter(noise, noise, CV_64F, {15, 15});
    cv::Mat excess;
    cv::Mat(variance / noise - 1.0).convertTo(excess, CV_32F);
    return image_of(excess);
}

// Where a map may have spots.
cv::Mat looked_at(const KeptRun& run) {
    const WorkGrid& grid = run.grid();
    const Extent extent = grid.extent();
    cv::Mat allowed(extent.height, extent.width, CV_8U);
    for (int y = 0; y < extent.height; ++y) {
        std::copy_n(run.usable().row(y), extent.width, allowed.ptr<std::uint8_t>(y));
    }
    const auto disc = [&](double radius_mm) {
        const int side = 2 * grid.px(radius_mm) + 1;
        return cv::getStructuringElement(cv::MORPH_ELLIPSE, {side, side});
    };
    cv::erode(allowed, allowed, disc(kBorderMm), {-1, -1}, 1, cv::BORDER_CONSTANT, cv::Scalar(0));
    cv::Mat peak = peak_of(run.opacity(), extent);
    cv::GaussianBlur(peak, peak, {}, 1.0 / grid.mm());
    const cv::Mat dense = peak > kSacShare * quantile(peak, 0.99);
    cv::Mat labels, stats, centres;
    const int pieces = cv::connectedComponentsWithStats(dense, labels, stats, centres);
    int sac = 0;
    for (int i = 1; i < pieces; ++i) {
        const bool larger =
            sac == 0 || stats.at<int>(i, cv::CC_STAT_AREA) > stats.at<int>(sac, cv::CC_STAT_AREA);
        sac = larger ? i : sac;
    }
    if (sac > 0) {
        cv::Mat there = labels == sac;
        cv::dilate(there, there, disc(kSacMarginMm));
        allowed.setTo(0, there);
    }
    return allowed;
}

}  // namespace

void KeptRun::keep(const FrameOutput& frame) {
    grid_.bin(frame.log_intensity, {}, frame.usable, work_);
    log_intensity_.push_back(work_.opacity.clone());
    for (std::size_t i = 0; i < usable_.pixels().size(); ++i) {
        usable_.pixels()[i] = usable_.pixels()[i] != 0 && work_.valid.pixels()[i] != 0 ? 1 : 0;
    }
    if (frame.mask_registered.empty()) {
        opacity_.emplace_back();
        return;
    }
    grid_.bin(frame.opacity, {}, frame.usable, work_);
    opacity_.push_back(work_.opacity.clone());
}

const std::vector<FindingPeer>& finding_peers() {
    static const std::vector<FindingPeer> all{{"peak opacity", peak_opacity, 0.05},
                                              {"Frangi", frangi, 0.5},
                                              {"Frangi, unregistered", frangi_unregistered, 0.5},
                                              {"temporal variance", temporal_variance, 5.0}};
    return all;
}

std::vector<Spot> spots_of(const Image<float>& map, const KeptRun& run) {
    cv::Mat left = mat_of(map).clone();
    left.setTo(0.0, looked_at(run) == 0);
    const int apart = run.grid().px(kApartMm);
    std::vector<Spot> spots;
    while (spots.size() < kMostSpots) {
        double most = 0.0;
        cv::Point at;
        cv::minMaxLoc(left, nullptr, &most, nullptr, &at);
        if (most <= 0.0) {
            break;
        }
        spots.push_back(
            {run.grid().to_picture({static_cast<double>(at.x), static_cast<double>(at.y)}), most});
        cv::circle(left, at, apart, cv::Scalar(0.0), cv::FILLED);
    }
    return spots;
}

}  // namespace dsm::evaluation
