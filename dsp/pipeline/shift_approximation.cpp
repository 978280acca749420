#include "dsp/pipeline/shift_approximation.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace dsm {
namespace {

// ln of every word, as the table of a presentation state has it: stored values from 1.
std::vector<float> logarithms(const RunInfo& run) {
    const int largest = (1 << run.bits_stored) - 1;
    std::vector<float> table(std::size_t{1} << 16U);
    for (std::size_t word = 0; word < table.size(); ++word) {
        const int up = std::min(static_cast<int>(word), largest);
        const int value = run.intensity.sign < 0 ? largest - up : up;
        table[word] = static_cast<float>(std::log(std::max(value, 1)));
    }
    return table;
}

class Approximation {
 public:
    Approximation(FrameSource& source, const RunResult& result)
        : source_(source),
          run_(source.info()),
          table_(logarithms(run_)),
          words_(run_.extent),
          mask_(run_.extent),
          inside_(run_.shutter.value_or(PixelRect{0, 0, run_.extent.width, run_.extent.height})) {
        mask_frames_ = result.mask_frames;
    }

    Result<void> average_masks() {
        for (const FrameIndex frame : mask_frames_) {
            if (auto read = source_.read(frame, words_.view()); !read) {
                return read;
            }
            for (int y = 0; y < run_.extent.height; ++y) {
                for (int x = 0; x < run_.extent.width; ++x) {
                    mask_.view()(x, y) += logarithm(x, y) / static_cast<float>(mask_frames_.size());
                }
            }
        }
        return {};
    }

    Result<void> compare(FrameIndex frame, Point shift_px, ImageView<const float> exact) {
        if (auto read = source_.read(frame, words_.view()); !read) {
            return read;
        }
        const int left = static_cast<int>(std::floor(shift_px.x));
        const int up = static_cast<int>(std::floor(shift_px.y));
        const auto part_x = static_cast<float>(shift_px.x - left);
        const auto part_y = static_cast<float>(shift_px.y - up);
        for (int y = inside_.y; y < inside_.y + inside_.height; y += 2) {
            for (int x = inside_.x; x < inside_.x + inside_.width; x += 2) {
                const int mx = x + left;
                const int my = y + up;
                if (mx < 0 || my < 0 || mx + 1 >= run_.extent.width ||
                    my + 1 >= run_.extent.height) {
                    continue;
                }
                const auto mask = mask_.view();
                const float above = mask(mx, my) + part_x * (mask(mx + 1, my) - mask(mx, my));
                const float below =
                    mask(mx, my + 1) + part_x * (mask(mx + 1, my + 1) - mask(mx, my + 1));
                const float shown = above + part_y * (below - above) - logarithm(x, y);
                const double difference =
                    static_cast<double>(shown) - static_cast<double>(exact(x, y));
                if (std::isfinite(difference)) {
                    squares_ += difference * difference;
                    ++count_;
                }
            }
        }
        return {};
    }

    [[nodiscard]] std::optional<double> rms() const {
        return count_ == 0 ? std::nullopt
                           : std::optional(std::sqrt(squares_ / static_cast<double>(count_)));
    }

 private:
    [[nodiscard]] float logarithm(int x, int y) { return table_[words_.view()(x, y)]; }

    FrameSource& source_;
    const RunInfo& run_;
    std::vector<float> table_;
    Image<std::uint16_t> words_;
    Image<float> mask_;
    PixelRect inside_;
    std::vector<FrameIndex> mask_frames_;
    double squares_{0.0};
    std::size_t count_{0};
};

std::vector<const FrameMotion*> chosen_frames(const RunResult& result) {
    std::vector<const FrameMotion*> subtracted;
    for (const FrameMotion& motion : result.motion) {
        const bool is_mask = std::find(result.mask_frames.begin(), result.mask_frames.end(),
                                       motion.frame) != result.mask_frames.end();
        if (!motion.masks.empty() && !is_mask) {
            subtracted.push_back(&motion);
        }
    }
    constexpr std::size_t kMost = 24;
    const std::size_t step = (subtracted.size() + kMost - 1) / kMost;
    std::vector<const FrameMotion*> chosen;
    for (std::size_t i = 0; i < subtracted.size(); i += std::max<std::size_t>(step, 1)) {
        chosen.push_back(subtracted[i]);
    }
    return chosen;
}

}  // namespace

Result<std::optional<double>> shift_rms_difference(
    FrameSource& source, const RunResult& result,
    const std::function<Image<float>(FrameIndex)>& exact) {
    if (result.mask_frames.empty() ||
        source.info().intensity.relationship != PixelIntensityRelationship::linear) {
        return std::optional<double>{};
    }
    Approximation approximation(source, result);
    if (auto averaged = approximation.average_masks(); !averaged) {
        return tl::unexpected(averaged.error());
    }
    for (const FrameMotion* motion : chosen_frames(result)) {
        const Image<float> opacity = exact(motion->frame);
        if (auto compared = approximation.compare(motion->frame, motion->mean_px, opacity.view());
            !compared) {
            return tl::unexpected(compared.error());
        }
    }
    return approximation.rms();
}

}  // namespace dsm
