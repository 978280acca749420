#include "dsp/evaluation/peer_chain.h"

#include <cmath>
#include <opencv2/imgproc.hpp>
#include <opencv2/video/tracking.hpp>

namespace dsm::evaluation {
namespace {

constexpr double kNewest = 0.25;  // share of the newest frame in the running mean

cv::Mat grid_of(cv::Size size) {
    cv::Mat grid(size, CV_32FC2);
    for (int y = 0; y < size.height; ++y) {
        for (int x = 0; x < size.width; ++x) {
            grid.at<cv::Vec2f>(y, x) = {static_cast<float>(x), static_cast<float>(y)};
        }
    }
    return grid;
}

}  // namespace

struct PeerChain::Work {
    double to_byte{1.0};
    cv::Ptr<cv::DISOpticalFlow> flow;
    cv::Mat values, log, byte, mask_log, mask_byte;
    cv::Mat grid, field, map, registered, difference, mean;
};

PeerChain::PeerChain(int bits) : work_(std::make_unique<Work>()) {
    work_->to_byte = 255.0 / (std::pow(2.0, bits) - 1.0);
    work_->flow = cv::DISOpticalFlow::create(cv::DISOpticalFlow::PRESET_MEDIUM);
}

PeerChain::~PeerChain() = default;

void PeerChain::process(ImageView<const std::uint16_t> words) {
    Work& w = *work_;
    const cv::Mat stored(words.height(), words.width(), CV_16U,
                         const_cast<std::uint16_t*>(words.data()),
                         static_cast<std::size_t>(words.stride()) * sizeof(std::uint16_t));
    stored.convertTo(w.values, CV_32F, 1.0, 1.0);
    cv::log(w.values, w.log);
    stored.convertTo(w.byte, CV_8U, w.to_byte);
    if (w.mask_log.empty()) {
        w.mask_log = w.log.clone();
        w.mask_byte = w.byte.clone();
        w.grid = grid_of(w.log.size());
        w.mean = cv::Mat::zeros(w.log.size(), CV_32F);
        return;
    }
    w.flow->calc(w.byte, w.mask_byte, w.field);
    cv::add(w.grid, w.field, w.map);
    cv::remap(w.mask_log, w.registered, w.map, cv::noArray(), cv::INTER_CUBIC,
              cv::BORDER_REPLICATE);
    cv::subtract(w.registered, w.log, w.difference);
    cv::accumulateWeighted(w.difference, w.mean, kNewest);
}

}  // namespace dsm::evaluation
