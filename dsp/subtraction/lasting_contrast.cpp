#include "dsp/subtraction/lasting_contrast.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "dsp/core/parallel.h"

namespace dsm {
namespace {

constexpr int kNear = 2;             // frames on either side
constexpr int kLong = 5;             // frames on either side
constexpr double kCoarse_px = 1.25;  // of half resolution
constexpr float kStep = 0.04F;       // opacity
constexpr float kStudent = 3.0F;
constexpr float kLeastVariance = 1e-8F;

cv::Mat matrix_of(ImageView<const float> view) {
    return {view.height(), view.width(), CV_32F, const_cast<float*>(view.data()),
            static_cast<std::size_t>(view.stride()) * sizeof(float)};
}

cv::Mat coarse_of(const cv::Mat& fine) {
    cv::Mat coarse;
    cv::GaussianBlur(fine, coarse, {0, 0}, kCoarse_px);
    return coarse;
}

struct Window {
    int first, last;  // inclusive
    [[nodiscard]] int count() const { return last - first + 1; }
};

Window around(int k, int reach, int frames) {
    return {std::max(0, k - reach), std::min(frames - 1, k + reach)};
}

struct Detail {
    cv::Mat mean, variance;  // over a window of frames
};

Detail detail_over(const std::vector<cv::Mat>& fine, Window window) {
    cv::Mat sum = cv::Mat::zeros(fine.front().size(), CV_32F);
    cv::Mat squares = sum.clone();
    for (int i = window.first; i <= window.last; ++i) {
        const cv::Mat& each = fine[static_cast<std::size_t>(i)];
        sum += each;
        cv::accumulateSquare(each, squares);
    }
    Detail detail;
    detail.mean = sum / window.count();
    detail.variance = squares / window.count() - detail.mean.mul(detail.mean);
    cv::blur(detail.variance, detail.variance, {3, 3});
    return detail;
}

// Fourth power of x over its limit, against one: 0 well below the limit, 1 well above.
float beyond(float square, float limit) {
    const float ratio = square / (limit * limit);
    return ratio * ratio / (1.0F + ratio * ratio);
}

Image<float> compose(const cv::Mat& mean, const Detail& detail, int frames) {
    Image<float> contrast({mean.cols, mean.rows});
    const cv::Mat coarse = coarse_of(mean);
    parallel_rows(mean.rows, 32, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            const float* whole = mean.ptr<float>(y);
            const float* smooth = coarse.ptr<float>(y);
            const float* fine = detail.mean.ptr<float>(y);
            const float* variance = detail.variance.ptr<float>(y);
            float* out = contrast.view().row(y);
            for (int x = 0; x < mean.cols; ++x) {
                const float step = whole[x] - smooth[x];
                const float sharp = beyond(step * step, kStep);
                const float student = fine[x] * fine[x] * static_cast<float>(frames) /
                                      std::max(variance[x], kLeastVariance);
                out[x] =
                    smooth[x] + sharp * step + (1.0F - sharp) * beyond(student, kStudent) * fine[x];
            }
        }
    });
    return contrast;
}

std::vector<cv::Mat> fine_of(const std::vector<ImageView<const float>>& opacity) {
    std::vector<cv::Mat> fine;
    for (const auto& each : opacity) {
        const cv::Mat whole = matrix_of(each);
        fine.push_back(whole - coarse_of(whole));
    }
    return fine;
}

Image<float> settle(int k, const std::vector<ImageView<const float>>& opacity,
                    const std::vector<cv::Mat>& fine) {
    const int frames = static_cast<int>(opacity.size());
    const Window near = around(k, kNear, frames);
    cv::Mat mean = cv::Mat::zeros(fine.front().size(), CV_32F);
    for (int i = near.first; i <= near.last; ++i) {
        mean += matrix_of(opacity[static_cast<std::size_t>(i)]);
    }
    mean /= near.count();
    const Window wide = around(k, kLong, frames);
    return compose(mean, detail_over(fine, wide), wide.count());
}

}  // namespace

std::vector<Image<float>> lasting_contrast(const std::vector<ImageView<const float>>& opacity) {
    std::vector<Image<float>> contrast;
    const std::vector<cv::Mat> fine = fine_of(opacity);
    for (int k = 0; k < static_cast<int>(opacity.size()); ++k) {
        contrast.push_back(settle(k, opacity, fine));
    }
    return contrast;
}

Image<float> lasting_contrast_of(std::size_t k,
                                 const std::vector<ImageView<const float>>& opacity) {
    return settle(static_cast<int>(k), opacity, fine_of(opacity));
}

}  // namespace dsm
