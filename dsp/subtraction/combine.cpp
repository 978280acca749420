#include "dsp/subtraction/combine.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "dsp/core/lanes.h"
#include "dsp/core/parallel.h"

namespace dsm {
namespace {

constexpr int kPatch = 4;              // px; residuals are averaged over patches first
constexpr int kLocalMean = 17;         // patches
constexpr int kNeighbourhood = 15;     // patches
constexpr float kMostResidual = 0.1F;  // a patch opacity beyond this is contrast or a gross error
constexpr float kSmallestMisfit = 1e-7F;

// Sum of a row's differences over stretches of kPatch pixels, added to `sums`.
DSM_HOT void add_patches(const float* mask, const float* live, int columns,
                         float* __restrict sums) {
    for (int c = 0; c < columns; ++c) {
        float sum = 0.0F;
        for (int i = 0; i < kPatch; ++i) {
            sum += mask[c * kPatch + i] - live[c * kPatch + i];
        }
        sums[c] += sum;
    }
}

cv::Mat patch_means(ImageView<const float> mask, ImageView<const float> live) {
    cv::Mat means(std::max(1, live.height() / kPatch), std::max(1, live.width() / kPatch), CV_32F);
    const int whole = live.width() / kPatch;  // 0 in pictures narrower than a patch
    parallel_rows(means.rows, 8, [&](int first, int last) {
        for (int row = first; row < last; ++row) {
            float* out = means.ptr<float>(row);
            std::fill(out, out + means.cols, 0.0F);
            for (int y = row * kPatch; y < std::min(live.height(), (row + 1) * kPatch); ++y) {
                add_patches(mask.row(y), live.row(y), whole, out);
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
    cv::min(residual, static_cast<double>(kMostResidual), residual);
    cv::max(residual, -static_cast<double>(kMostResidual), residual);
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
        cv::Mat misfit = misfit_of(mask, live) + static_cast<double>(kSmallestMisfit);
        cv::multiply(misfit, misfit, misfit);
        cv::Mat weight;
        cv::divide(1e-8, misfit, weight);
        sum = sum.empty() ? weight.clone() : cv::Mat(sum + weight);
        weights.push_back(weight);
    }
    for (cv::Mat& weight : weights) {
        cv::divide(weight, sum, weight);
    }
    return weights;
}

// Weights lie at the centres of patches; between them they are bilinear, beyond them constant.
DSM_HOT void spread_row(const float* above, const float* below, float part, int columns, int width,
                        float* __restrict patches, float* __restrict pixels) {
    for (int c = 0; c < columns; ++c) {
        patches[c] = above[c] + part * (below[c] - above[c]);
    }
    constexpr float kStep = 1.0F / static_cast<float>(kPatch);
    constexpr int kHalf = kPatch / 2;
    std::fill_n(pixels, std::min(kHalf, width), patches[0]);
    for (int c = 0; c + 1 < columns; ++c) {
        const float slope = (patches[c + 1] - patches[c]) * kStep;
        for (int i = 0; i < kPatch; ++i) {
            pixels[c * kPatch + kHalf + i] = patches[c] + (static_cast<float>(i) + 0.5F) * slope;
        }
    }
    const int end = (columns - 1) * kPatch + kHalf;
    std::fill(pixels + std::min(end, width), pixels + width, patches[columns - 1]);
}

DSM_HOT void put_weighted(const float* weight, const float* mask, int width,
                          float* __restrict mixed, float* __restrict share) {
    for (int x = 0; x < width; ++x) {
        mixed[x] = weight[x] * mask[x];
        share[x] = weight[x] * weight[x];
    }
}

DSM_HOT void add_weighted(const float* weight, const float* mask, int width,
                          float* __restrict mixed, float* __restrict share) {
    for (int x = 0; x < width; ++x) {
        mixed[x] += weight[x] * mask[x];
        share[x] += weight[x] * weight[x];
    }
}

void mix_rows(const std::vector<ImageView<const float>>& masks, const std::vector<cv::Mat>& weights,
              int first, int last, ImageView<float> mixed, ImageView<float> share) {
    const int width = mixed.width();
    const int rows = weights.front().rows;
    const int columns = weights.front().cols;
    std::vector<float> patches(static_cast<std::size_t>(columns));
    std::vector<float> pixels(static_cast<std::size_t>(std::max(width, columns * kPatch)));
    for (int y = first; y < last; ++y) {
        float* out = mixed.row(y);
        float* variance = share.row(y);
        const float at = std::clamp((static_cast<float>(y) + 0.5F) / kPatch - 0.5F, 0.0F,
                                    static_cast<float>(rows - 1));
        const int above = std::min(static_cast<int>(at), std::max(0, rows - 2));
        const int below = std::min(above + 1, rows - 1);
        for (std::size_t m = 0; m < masks.size(); ++m) {
            spread_row(weights[m].ptr<float>(above), weights[m].ptr<float>(below),
                       at - static_cast<float>(above), columns, width, patches.data(),
                       pixels.data());
            (m == 0 ? put_weighted : add_weighted)(pixels.data(), masks[m].row(y), width, out,
                                                   variance);
        }
    }
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
        mix_rows(masks, weights, first, last, mixed, share);
    });
}

}  // namespace dsm
