#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <opencv2/video/tracking.hpp>
#include <vector>

#include "dsp/evaluation/peers.h"

namespace dsm::evaluation {
namespace {

// Looks at the same pixels; must not be written to.
cv::Mat mat_of(ImageView<const float> image) {
    return {image.height(), image.width(), CV_32F, const_cast<float*>(image.data()),
            static_cast<std::size_t>(image.stride()) * sizeof(float)};
}

struct Scale {
    double low, factor;
};

// Brings all but 0.5 % of the pixels at either end into 0..255.
Scale eight_bit_scale(ImageView<const float> live) {
    std::vector<float> sample;
    constexpr int kEvery = 4;
    for (int y = 0; y < live.height(); y += kEvery) {
        for (int x = 0; x < live.width(); x += kEvery) {
            sample.push_back(live(x, y));
        }
    }
    const auto at = [&](double part) {
        const auto place = sample.begin() + static_cast<std::ptrdiff_t>(
                                                part * static_cast<double>(sample.size() - 1));
        std::nth_element(sample.begin(), place, sample.end());
        return static_cast<double>(*place);
    };
    const double low = at(0.005);
    return {low, 255.0 / std::max(1e-6, at(0.995) - low)};
}

// Both pictures in 8 bits on one scale.
struct EightBit {
    cv::Mat live, mask;
};

EightBit eight_bit(ImageView<const float> live, ImageView<const float> mask) {
    const Scale scale = eight_bit_scale(live);
    EightBit pictures;
    mat_of(live).convertTo(pictures.live, CV_8U, scale.factor, -scale.low * scale.factor);
    mat_of(mask).convertTo(pictures.mask, CV_8U, scale.factor, -scale.low * scale.factor);
    return pictures;
}

// A displacement with one control point a pixel from two channels of float.
Displacement field_of(const cv::Mat& flow) {
    Displacement field({flow.cols, flow.rows}, 1);
    for (int y = 0; y < flow.rows; ++y) {
        const auto* from = flow.ptr<cv::Vec2f>(y);
        for (int x = 0; x < flow.cols; ++x) {
            field.dx_px(x, y) = from[x][0];
            field.dy_px(x, y) = from[x][1];
        }
    }
    return field;
}

Match dis(const MatchInput& input, std::size_t mask, int preset) {
    const EightBit pictures = eight_bit(input.live, input.masks[mask]);
    cv::Mat flow;
    // live(x) = mask(x + flow): the direction this project has, too.
    cv::DISOpticalFlow::create(preset)->calc(pictures.live, pictures.mask, flow);
    Match match;
    match.mask = mask;
    match.field = field_of(flow);
    return match;
}

}  // namespace

Match match_dis_fast(const MatchInput& input) {
    return dis(input, input.masks.size() - 1, cv::DISOpticalFlow::PRESET_FAST);
}

Match match_dis_medium(const MatchInput& input) {
    return dis(input, input.masks.size() - 1, cv::DISOpticalFlow::PRESET_MEDIUM);
}

Match match_farneback(const MatchInput& input) {
    constexpr double kPyramidScale = 0.5;
    constexpr int kLevels = 5;
    constexpr int kWindow_px = 41;
    constexpr int kIterations = 3;
    constexpr int kPolynomial_px = 7;
    constexpr double kPolynomialSigma = 1.5;
    const std::size_t mask = input.masks.size() - 1;
    // OpenCV adds 1e-3 to a determinant that goes with the fourth power of the grey scale: on 8-bit
    // pictures as smooth as these it drowns the data, and nothing is found.
    const Scale scale = eight_bit_scale(input.live);
    constexpr double kFiner = 64.0;
    cv::Mat live;
    cv::Mat from;
    mat_of(input.live)
        .convertTo(live, CV_32F, kFiner * scale.factor, -kFiner * scale.low * scale.factor);
    mat_of(input.masks[mask])
        .convertTo(from, CV_32F, kFiner * scale.factor, -kFiner * scale.low * scale.factor);
    cv::Mat flow;
    cv::calcOpticalFlowFarneback(live, from, flow, kPyramidScale, kLevels, kWindow_px, kIterations,
                                 kPolynomial_px, kPolynomialSigma, 0);
    Match match;
    match.mask = mask;
    match.field = field_of(flow);
    return match;
}

namespace {

// Quarter resolution, local mean removed.
cv::Mat detail(ImageView<const float> image) {
    constexpr int kLocalMean_px = 17;
    cv::Mat quarter;
    cv::resize(mat_of(image), quarter, {}, 0.25, 0.25, cv::INTER_AREA);
    cv::Mat mean;
    cv::blur(quarter, mean, {kLocalMean_px, kLocalMean_px});
    return quarter - mean;
}

}  // namespace

Match match_nearest_phase(const MatchInput& input) {
    constexpr double kBound = 0.05;  // opacity: contrast counts no more than this
    const cv::Mat live = detail(input.live);
    std::size_t nearest = 0;
    double least = 0.0;
    for (std::size_t i = 0; i < input.masks.size(); ++i) {
        const cv::Mat difference = cv::abs(detail(input.masks[i]) - live);
        const double cost = cv::sum(cv::min(difference, kBound))[0];
        if (i == 0 || cost < least) {
            least = cost;
            nearest = i;
        }
    }
    return dis(input, nearest, cv::DISOpticalFlow::PRESET_MEDIUM);
}

Match match_patchwise(const MatchInput& input) {
    constexpr double kBound = 0.05;
    constexpr int kPatch_px = 48;
    constexpr int kStep_px = 16;
    const Extent extent = input.live.extent();
    const cv::Mat live = mat_of(input.live);
    cv::Mat least;
    cv::Mat choice = cv::Mat::zeros(live.size(), CV_8U);
    for (std::size_t i = 0; i < std::min<std::size_t>(input.masks.size(), 256); ++i) {
        const cv::Mat difference = mat_of(input.masks[i]) - live;
        cv::Mat mean;
        cv::blur(difference, mean, {kPatch_px + 1, kPatch_px + 1});
        cv::Mat cost;
        const cv::Mat away = cv::abs(difference - mean);
        cv::blur(cv::min(away, kBound), cost, {kPatch_px + 1, kPatch_px + 1});
        if (i == 0) {
            least = cost;
            continue;
        }
        const cv::Mat better = cost < least;
        cost.copyTo(least, better);
        choice.setTo(static_cast<double>(i), better);
    }
    Match match;
    match.mask_of = Image<std::uint8_t>(extent);
    for (int y = 0; y < extent.height; ++y) {
        const int row = std::min(y / kStep_px * kStep_px + kStep_px / 2, extent.height - 1);
        for (int x = 0; x < extent.width; ++x) {
            const int column = std::min(x / kStep_px * kStep_px + kStep_px / 2, extent.width - 1);
            match.mask_of(x, y) = choice.at<std::uint8_t>(row, column);
        }
    }
    return match;
}

}  // namespace dsm::evaluation
