#include "dsp/subtraction/late_masks.h"

#include <algorithm>
#include <limits>

namespace dsm {

void LateMasks::add(const PreparedFrame& frame, ImageView<const float> contrast, double time_s) {
    const auto mask = pool_.take();
    prepare_mask(frame, contrast, *mask);
    for (std::size_t i = 0; i < masks_.size(); ++i) {
        distance_[i] = std::min(distance_[i], phase_distance(*masks_[i], *mask));
    }
    masks_.push_back(mask);
    time_s_.push_back(time_s);
    distance_.push_back(std::numeric_limits<double>::max());
    if (masks_.size() > capacity_) {
        const bool stale = time_s - time_s_.front() > kRecent_s;
        const auto at =
            stale ? 0 : std::min_element(distance_.begin(), distance_.end()) - distance_.begin();
        masks_.erase(masks_.begin() + at);
        time_s_.erase(time_s_.begin() + at);
        distance_.erase(distance_.begin() + at);
        for (std::size_t i = 0; i < static_cast<std::size_t>(at); ++i) {
            find_distance(i);
        }
    }
}

void LateMasks::find_distance(std::size_t i) {
    distance_[i] = std::numeric_limits<double>::max();
    for (std::size_t j = i + 1; j < masks_.size(); ++j) {
        distance_[i] = std::min(distance_[i], phase_distance(*masks_[i], *masks_[j]));
    }
}

}  // namespace dsm
