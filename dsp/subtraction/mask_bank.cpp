#include "dsp/subtraction/mask_bank.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "dsp/core/lanes.h"
#include "dsp/core/parallel.h"
#include "dsp/subtraction/half_resolution.h"

namespace dsm {
namespace {

constexpr int kPyramidLevels = 5;
constexpr float kBound = 0.05F;    // opacity; motion edges count, contrast counts no more
constexpr int kLocalMean_px = 17;  // of the quarter-resolution picture

DSM_HOT double bounded_difference(const float* p, const float* q, std::size_t count) {
    constexpr std::size_t kRun = 4096;  // summed as float
    double total = 0.0;
    std::size_t i = 0;
    while (i + kLanes <= count) {
        Lanes sum{};
        const std::size_t end = std::min(count, i + kRun);
        for (; i + kLanes <= end; i += kLanes) {
            Lanes a;
            Lanes b;
            load(p + i, a);
            load(q + i, b);
            const Lanes d = a - b;
            const Lanes away = d < 0.0F ? -d : d;
            sum += away < kBound ? away : kBound + Lanes{};
        }
        total += static_cast<double>(sum_of(sum));
    }
    for (; i < count; ++i) {
        total += static_cast<double>(std::min(kBound, std::abs(p[i] - q[i])));
    }
    return total;
}

void find_detail(PreparedFrame& frame) {
    if (frame.pyramid.levels.empty()) {
        return;
    }
    const std::size_t level = std::min<std::size_t>(1, frame.pyramid.levels.size() - 1);
    const Image<float>& quarter = frame.pyramid.levels[level].value;
    frame.detail.resize(quarter.extent());
    const cv::Mat in(quarter.height(), quarter.width(), CV_32F,
                     const_cast<float*>(quarter.pixels().data()));
    cv::Mat out(quarter.height(), quarter.width(), CV_32F, frame.detail.pixels().data());
    cv::blur(in, out, {kLocalMean_px, kLocalMean_px});
    cv::subtract(in, out, out);
}

}  // namespace

void PreparedFrame::add(float log_exposure) {
    const auto shift = [&](Image<float>& image) {
        parallel_rows(image.height(), 64, [&](int first, int last) {
            for (int y = first; y < last; ++y) {
                for (float& value : image.view().row_span(y)) {
                    value += log_exposure;
                }
            }
        });
    };
    shift(log_intensity);
    for (Pyramid::Level& level : pyramid.levels) {
        shift(level.value);
    }
}

void prepare(PreparedFrame& frame) {
    build_pyramid(frame.log_intensity.view(), frame.usable.view(), kPyramidLevels, frame.pyramid);
    find_detail(frame);
}

void prepare_bare(const PreparedFrame& frame, ImageView<const float> contrast,
                  PreparedFrame& bare) {
    bare.frame = frame.frame;
    build_sum(frame.pyramid, contrast, bare.pyramid);
    find_detail(bare);
}

void prepare_mask(const PreparedFrame& frame, ImageView<const float> contrast,
                  PreparedFrame& mask) {
    prepare_bare(frame, contrast, mask);
    mask.usable.resize(frame.usable.extent());
    copy_pixels(frame.usable.cview(), mask.usable.view());
    mask.log_intensity.resize(frame.log_intensity.extent());
    add_double(contrast, frame.log_intensity.view(), mask.log_intensity.view());
}

double phase_distance(const PreparedFrame& a, const PreparedFrame& b) {
    const auto p = a.detail.pixels();
    const auto q = b.detail.pixels();
    const std::size_t count = std::min(p.size(), q.size());
    return p.empty()
               ? 0.0
               : bounded_difference(p.data(), q.data(), count) / static_cast<double>(p.size());
}

void MaskBank::admit(std::shared_ptr<const PreparedFrame> frame) {
    masks_.push_back(std::move(frame));
    if (masks_.size() <= capacity_) {
        return;
    }
    double closest = std::numeric_limits<double>::max();
    std::size_t redundant = 0;
    for (std::size_t i = 0; i < masks_.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            const double distance = phase_distance(*masks_[i], *masks_[j]);
            if (distance < closest) {
                closest = distance;
                redundant = j;
            }
        }
    }
    masks_.erase(masks_.begin() + static_cast<std::ptrdiff_t>(redundant));
}

std::vector<FrameIndex> MaskBank::frames() const {
    std::vector<FrameIndex> frames;
    for (const auto& mask : masks_) {
        frames.push_back(mask->frame);
    }
    return frames;
}

SharedFrames nearest_in_phase(const SharedFrames& masks, const PreparedFrame& live,
                              std::size_t count) {
    std::vector<std::pair<double, std::size_t>> order;
    for (std::size_t i = 0; i < masks.size(); ++i) {
        if (masks[i]->frame != live.frame) {
            order.emplace_back(phase_distance(*masks[i], live), i);
        }
    }
    std::sort(order.begin(), order.end());
    order.resize(std::min(order.size(), count));
    SharedFrames chosen;
    for (const auto& [distance, i] : order) {
        chosen.push_back(masks[i]);
    }
    return chosen;
}

}  // namespace dsm
