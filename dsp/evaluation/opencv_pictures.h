// Pictures as OpenCV sees them. For .cpp files of this room only.
#pragma once

#include <opencv2/core.hpp>

#include "dsp/evaluation/match.h"

namespace dsm::evaluation {

// Looks at the same pixels; must not be written to.
[[nodiscard]] inline cv::Mat mat_of(ImageView<const float> image) {
    return {image.height(), image.width(), CV_32F, const_cast<float*>(image.data()),
            static_cast<std::size_t>(image.stride()) * sizeof(float)};
}

// Both pictures in 8 bits on one scale: 0.5 % of the live frame's pixels below it, 0.5 % above.
struct EightBit {
    cv::Mat live, mask;
};
[[nodiscard]] EightBit eight_bit(ImageView<const float> live, ImageView<const float> mask);

// A displacement with one control point a pixel from two channels of float.
[[nodiscard]] Displacement field_of(const cv::Mat& flow);
[[nodiscard]] Displacement uniform(Extent extent, Point shift_px);

}  // namespace dsm::evaluation
