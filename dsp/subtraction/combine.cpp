#include "dsp/subtraction/combine.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "dsp/core/parallel.h"

namespace dsm {
namespace {

constexpr int kPatch = 4;              // px; residuals are averaged over patches first
constexpr int kLocalMean = 17;         // patches
constexpr int kNeighbourhood = 15;     // patches
constexpr float kMostResidual = 0.1F;  // a patch opacity beyond this is contrast or a gross error
constexpr float kSmallestMisfit = 1e-7F;

cv::Mat patch_means(ImageView<const float> mask, ImageView<const float> live) {
    cv::Mat means(std::max(1, live.height() / kPatch), std::max(1, live.width() / kPatch), CV_32F);
    parallel_rows(means.rows, 8, [&](int first, int last) {
        for (int row = first; row < last; ++row) {
            float* out = means.ptr<float>(row);
            std::fill(out, out + means.cols, 0.0F);
            const int bottom = std::min(live.height(), (row + 1) * kPatch);
            for (int y = row * kPatch; y < bottom; ++y) {
                const float* m = mask.row(y);
                const float* l = live.row(y);
                const int right = std::min(live.width(), means.cols * kPatch);
                for (int x = 0; x < right; ++x) {
                    out[x / kPatch] += m[x] - l[x];
                }
            }
            for (int x = 0; x < means.cols; ++x) {
                out[x] /= static_cast<float>(kPatch * kPatch);
            }
        }
    });
    return means;
}

cv::Mat misfit_of(ImageView<const float> mask, ImageView<const float> live) {
    cv::Mat residual = patch_means(mask, live);
    cv::Mat mean;
    cv::blur(residual, mean, {kLocalMean, kLocalMean});
    residual -= mean;
    cv::min(residual, kMostResidual, residual);
    cv::max(residual, -kMostResidual, residual);
    cv::multiply(residual, residual, residual);
    cv::Mat misfit;
    cv::blur(residual, misfit, {kNeighbourhood, kNeighbourhood});
    return misfit;
}

// Weights 1 / misfit^2, normalised to one over the masks.
std::vector<cv::Mat> weights_of(const std::vector<ImageView<const float>>& masks,
                                ImageView<const float> live) {
    std::vector<cv::Mat> weights;
    cv::Mat sum;
    for (const auto& mask : masks) {
        cv::Mat misfit = misfit_of(mask, live) + kSmallestMisfit;
        cv::multiply(misfit, misfit, misfit);
        cv::Mat weight;
        cv::divide(1e-8, misfit, weight);
        sum = sum.empty() ? weight.clone() : cv::Mat(sum + weight);
        weights.push_back(weight);
    }
    for (cv::Mat& weight : weights) {
        cv::divide(weight, sum, weight);
        cv::resize(weight, weight, {live.width(), live.height()}, 0, 0, cv::INTER_LINEAR);
    }
    return weights;
}

}  // namespace

void combine_masks(const std::vector<ImageView<const float>>& masks, ImageView<const float> live,
                   ImageView<float> mixed, ImageView<float> share) {
    if (masks.size() == 1) {
        copy_pixels(masks.front(), mixed);
        for (int y = 0; y < share.height(); ++y) {
            std::fill_n(share.row(y), share.width(), 1.0F);
        }
        return;
    }
    const std::vector<cv::Mat> weights = weights_of(masks, live);
    parallel_rows(live.height(), 32, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            float* out = mixed.row(y);
            float* variance = share.row(y);
            std::fill_n(out, live.width(), 0.0F);
            std::fill_n(variance, live.width(), 0.0F);
            for (std::size_t m = 0; m < masks.size(); ++m) {
                const float* weight = weights[m].ptr<float>(y);
                const float* mask = masks[m].row(y);
                for (int x = 0; x < live.width(); ++x) {
                    out[x] += weight[x] * mask[x];
                    variance[x] += weight[x] * weight[x];
                }
            }
        }
    });
}

}  // namespace dsm
