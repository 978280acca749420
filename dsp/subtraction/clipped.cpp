#include "dsp/subtraction/clipped.h"

#include <opencv2/imgproc.hpp>

namespace dsm {

ImageView<const std::uint16_t> without_stray(ImageView<const std::uint16_t> words,
                                             const Lineariser& lineariser,
                                             Image<std::uint16_t>& copy) {
    cv::Mat measured(words.height(), words.width(), CV_8UC1);
    bool whole = true;
    for (int y = 0; y < words.height(); ++y) {
        const std::uint16_t* from = words.row(y);
        std::uint8_t* to = measured.ptr<std::uint8_t>(y);
        std::uint8_t all = 1;
        for (int x = 0; x < words.width(); ++x) {
            to[x] = lineariser.measured(from[x]) ? 1 : 0;
            all &= to[x];
        }
        whole = whole && all != 0;
    }
    if (whole || words.empty()) {
        return words;
    }
    cv::Mat around;
    cv::boxFilter(measured, around, CV_8U, {kClippedWindow_px, kClippedWindow_px}, {-1, -1}, false,
                  cv::BORDER_REPLICATE);
    constexpr int kHalf = kClippedWindow_px * kClippedWindow_px / 2;
    copy.resize(words.extent());
    for (int y = 0; y < words.height(); ++y) {
        const std::uint8_t* count = around.ptr<std::uint8_t>(y);
        const std::uint16_t* from = words.row(y);
        std::uint16_t* to = copy.view().row(y);
        for (int x = 0; x < words.width(); ++x) {
            to[x] = count[x] > kHalf ? from[x] : lineariser.clipped_like(from[x]);
        }
    }
    return copy.view();
}

}  // namespace dsm
