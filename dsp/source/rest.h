// How long a run must have rested before another that begins may end it.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <deque>
#include <optional>
#include <vector>

namespace dsm {

// By the frames that came last: a run that is acquired slowly rests between any two of them.
class Rest {
 public:
    void note(std::chrono::system_clock::time_point frame) {
        if (last_) {
            // Frames out of order count by how far they are apart.
            apart_s_.push_back(std::abs(std::chrono::duration<double>(frame - *last_).count()));
            if (apart_s_.size() > kMostIntervals) {
                apart_s_.pop_front();
            }
        }
        last_ = frame;
    }

    // Three median intervals, and five seconds at least.
    [[nodiscard]] double least_s() const {
        constexpr double kIntervals = 3.0;
        constexpr double kLeast_s = 5.0;
        if (apart_s_.empty()) {
            return kLeast_s;
        }
        std::vector<double> sorted(apart_s_.begin(), apart_s_.end());
        std::sort(sorted.begin(), sorted.end());
        return std::max(kLeast_s, kIntervals * sorted[sorted.size() / 2]);
    }

 private:
    static constexpr std::size_t kMostIntervals = 31;
    std::optional<std::chrono::system_clock::time_point> last_;
    std::deque<double> apart_s_;
};

}  // namespace dsm
