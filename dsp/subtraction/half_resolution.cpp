#include "dsp/subtraction/half_resolution.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "dsp/core/parallel.h"

namespace dsm {

void halve(ImageView<const float> full, Image<float>& half) {
    half.resize({std::max(1, full.width() / 2), std::max(1, full.height() / 2)});
    parallel_rows(half.height(), 32, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            const float* a = full.row(std::min(2 * y, full.height() - 1));
            const float* b = full.row(std::min(2 * y + 1, full.height() - 1));
            float* to = half.view().row(y);
            for (int x = 0; x < half.width(); ++x) {
                const int right = std::min(2 * x + 1, full.width() - 1);
                to[x] = 0.25F * (a[2 * x] + a[right] + b[2 * x] + b[right]);
            }
        }
    });
}

void double_size(ImageView<const float> half, ImageView<float> full) {
    const cv::Mat from(half.height(), half.width(), CV_32F, const_cast<float*>(half.data()),
                       static_cast<std::size_t>(half.stride()) * sizeof(float));
    cv::Mat even;
    cv::resize(from, even, {}, 2.0, 2.0, cv::INTER_LINEAR);
    parallel_rows(full.height(), 32, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            const float* row = even.ptr<float>(std::min(y, even.rows - 1));
            float* to = full.row(y);
            for (int x = 0; x < full.width(); ++x) {
                to[x] = row[std::min(x, even.cols - 1)];
            }
        }
    });
}

void add_double(ImageView<const float> half, ImageView<const float> full, ImageView<float> sum) {
    double_size(half, sum);
    parallel_rows(sum.height(), 32, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            const float* from = full.row(y);
            float* to = sum.row(y);
            for (int x = 0; x < sum.width(); ++x) {
                to[x] += from[x];
            }
        }
    });
}

void bound_unusable(const Image<std::uint8_t>& usable, PixelRect field_px, Image<float>& picture) {
    const int right = field_px.x + field_px.width;
    const int below = field_px.y + field_px.height;
    for (int y = 0; y < picture.height(); ++y) {
        for (int x = 0; x < picture.width(); ++x) {
            const bool inside =
                2 * x >= field_px.x && 2 * x < right && 2 * y >= field_px.y && 2 * y < below;
            const float least = usable(x, y) != 0 ? picture(x, y) : std::max(0.0F, picture(x, y));
            picture(x, y) = inside ? least : 0.0F;
        }
    }
}

}  // namespace dsm
