#include <limits>
#include <opencv2/imgproc.hpp>
#include <opencv2/video/tracking.hpp>

#include "dsp/evaluation/peers.h"

namespace dsm::evaluation {
namespace {

// Looks at the same pixels; must not be written to.
cv::Mat mat_of(ImageView<const float> image) {
    return {image.height(), image.width(), CV_32F, const_cast<float*>(image.data()),
            static_cast<std::size_t>(image.stride()) * sizeof(float)};
}

Displacement uniform(Extent extent, Point shift_px) {
    Displacement field(extent);
    field.add(shift_px);
    return field;
}

Match shifted(const MatchInput& input, Point shift_px) {
    Match match = match_none(input);
    match.field = uniform(input.live.extent(), shift_px);
    return match;
}

// Mean absolute difference of live(x) and mask(x + shift) over the middle of the picture.
double difference_at(const cv::Mat& live, const cv::Mat& mask, cv::Point shift, int margin) {
    const cv::Rect middle(margin, margin, live.cols - 2 * margin, live.rows - 2 * margin);
    return cv::norm(live(middle), mask(middle + shift), cv::NORM_L1) / middle.area();
}

cv::Point best_shift(const cv::Mat& live, const cv::Mat& mask, cv::Point from, int reach,
                     int margin) {
    cv::Point best = from;
    double least = std::numeric_limits<double>::max();
    for (int dy = -reach; dy <= reach; ++dy) {
        for (int dx = -reach; dx <= reach; ++dx) {
            const cv::Point shift = from + cv::Point(dx, dy);
            const double found = difference_at(live, mask, shift, margin);
            if (found < least) {
                least = found;
                best = shift;
            }
        }
    }
    return best;
}

// The mean taken off. With it, the single-precision sums of ECC lose the fit, and the window of
// phase correlation shows as a picture of its own.
cv::Mat centred(ImageView<const float> image) {
    const cv::Mat picture = mat_of(image);
    return picture - cv::mean(picture)[0];
}

Match ecc(const MatchInput& input, int motion) {
    constexpr int kIterations = 60;
    constexpr double kEnough = 1e-5;
    constexpr int kBlur_px = 5;
    cv::Mat transform = cv::Mat::eye(2, 3, CV_32F);
    try {
        cv::findTransformECC(
            centred(input.live), centred(input.masks.back()), transform, motion,
            {cv::TermCriteria::COUNT | cv::TermCriteria::EPS, kIterations, kEnough}, cv::noArray(),
            kBlur_px);
    } catch (const cv::Exception&) {
        Match match = match_none(input);
        match.note = "did not converge: nothing moved";
        return match;
    }
    // live(x) = mask(A x): the displacement is A x - x, affine, so its corners say all.
    const auto at = [&](int row, int column) {
        return static_cast<double>(transform.at<float>(row, column));
    };
    const Extent extent = input.live.extent();
    Displacement field(extent, 1);
    for (int y = 0; y < extent.height; ++y) {
        for (int x = 0; x < extent.width; ++x) {
            field.dx_px(x, y) = static_cast<float>(at(0, 0) * x + at(0, 1) * y + at(0, 2) - x);
            field.dy_px(x, y) = static_cast<float>(at(1, 0) * x + at(1, 1) * y + at(1, 2) - y);
        }
    }
    Match match = match_none(input);
    match.field = std::move(field);
    return match;
}

}  // namespace

Match match_pixel_shift(const MatchInput& input) {
    constexpr int kReach_px = 16;
    constexpr int kCoarse = 4;
    const cv::Mat live = mat_of(input.live);
    const cv::Mat mask = mat_of(input.masks.back());
    cv::Mat small_live;
    cv::Mat small_mask;
    cv::resize(live, small_live, {}, 1.0 / kCoarse, 1.0 / kCoarse, cv::INTER_AREA);
    cv::resize(mask, small_mask, {}, 1.0 / kCoarse, 1.0 / kCoarse, cv::INTER_AREA);
    const int reach = kReach_px / kCoarse;
    const cv::Point coarse = best_shift(small_live, small_mask, {0, 0}, reach, reach + 2);
    const cv::Point fine =
        best_shift(live, mask, kCoarse * coarse, kCoarse - 1, kReach_px + 2 * kCoarse);
    return shifted(input, {static_cast<double>(fine.x), static_cast<double>(fine.y)});
}

Match match_phase_correlation(const MatchInput& input) {
    const cv::Mat mask = centred(input.masks.back());
    const cv::Mat live = centred(input.live);
    cv::Mat window;
    cv::createHanningWindow(window, live.size(), CV_32F);
    // The shift s for which live(x) = mask(x - s).
    const cv::Point2d shift = cv::phaseCorrelate(mask, live, window);
    return shifted(input, {-shift.x, -shift.y});
}

Match match_ecc_translation(const MatchInput& input) {
    return ecc(input, cv::MOTION_TRANSLATION);
}

Match match_ecc_affine(const MatchInput& input) {
    return ecc(input, cv::MOTION_AFFINE);
}

}  // namespace dsm::evaluation
