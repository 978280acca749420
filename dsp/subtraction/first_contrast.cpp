#include "dsp/subtraction/first_contrast.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

namespace dsm {
namespace {

constexpr float kNoiseLimit = 5.0F;  // standard deviations of a block
constexpr double kResiduePart = 0.98;
constexpr std::size_t kFewest = 50;  // negative blocks that give a percentile
constexpr float kNothing = -1.0F;    // the evidence of a block that is not usable
constexpr double kNullRatio = 2.0;
constexpr int kNear = 4;  // blocks around the place of contrast that are looked at again
constexpr float kUnknownNoise = 0.01F;  // of log intensity

float percentile_below_zero(const Blocks& blocks) {
    std::vector<float> below;
    const auto values = blocks.difference.pixels();
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (blocks.usable.pixels()[i] != 0 && values[i] < 0.0F) {
            below.push_back(-values[i]);
        }
    }
    if (below.size() < kFewest) {
        return std::numeric_limits<float>::max();
    }
    const auto at = static_cast<std::ptrdiff_t>(kResiduePart * static_cast<double>(below.size()));
    std::nth_element(below.begin(), below.begin() + at, below.end());
    return below[static_cast<std::size_t>(at)];
}

// Calls `see(x, y)` for the usable blocks around (column, row), itself included.
template <class See>
void around(const Blocks& blocks, int column, int row, const See& see) {
    for (int y = std::max(0, row - 1); y <= std::min(blocks.usable.height() - 1, row + 1); ++y) {
        for (int x = std::max(0, column - 1); x <= std::min(blocks.usable.width() - 1, column + 1);
             ++x) {
            if (blocks.usable(x, y) != 0) {
                see(x, y);
            }
        }
    }
}

struct Best {
    double score{0.0};
    int column{0};
    int row{0};
};

// Sum of max(0, e / limit - 1) over the best 3 x 3 blocks, and where they are.
Best best_of(const Image<float>& now, const Image<float>& before, const Image<float>& limit) {
    Image<float> excess(now.extent());
    for (std::size_t i = 0; i < excess.pixels().size(); ++i) {
        const float lasting = std::min(now.pixels()[i], before.pixels()[i]);
        excess.pixels()[i] = std::max(0.0F, lasting / limit.pixels()[i] - 1.0F);
    }
    Best best;
    for (int row = 0; row < excess.height(); ++row) {
        for (int column = 0; column < excess.width(); ++column) {
            double sum = 0.0;
            for (int y = std::max(0, row - 1); y <= std::min(excess.height() - 1, row + 1); ++y) {
                for (int x = std::max(0, column - 1); x <= std::min(excess.width() - 1, column + 1);
                     ++x) {
                    sum += static_cast<double>(excess(x, y));
                }
            }
            if (sum > best.score) {
                best = {sum, column, row};
            }
        }
    }
    return best;
}

// Mask and frame are noisy both; a mask of several frames is less so.
Image<float> limits(const Blocks& blocks, const NoiseModel& noise, float residue) {
    Image<float> limit(blocks.live.extent());
    for (std::size_t i = 0; i < limit.pixels().size(); ++i) {
        const float variance =
            noise.known() ? noise.variance(blocks.live.pixels()[i]) : kUnknownNoise * kUnknownNoise;
        const float deviation = std::sqrt(2.0F * variance) / static_cast<float>(kBlock_px);
        limit.pixels()[i] = std::max({kNoiseLimit * deviation, residue, 1e-6F});
    }
    return limit;
}

}  // namespace

FirstContrast::Evidence FirstContrast::evidence_of(FrameIndex frame, const Blocks& blocks) {
    Evidence evidence{frame, Image<float>(blocks.usable.extent(), kNothing),
                      Image<float>(blocks.usable.extent(), kNothing),
                      percentile_below_zero(blocks)};
    for (int row = 0; row < blocks.usable.height(); ++row) {
        for (int column = 0; column < blocks.usable.width(); ++column) {
            if (blocks.usable(column, row) == 0) {
                continue;
            }
            const float live = blocks.live(column, row);
            float darkest = live + blocks.difference(column, row);
            float brightest = darkest;
            around(blocks, column, row, [&](int x, int y) {
                const float mask = blocks.live(x, y) + blocks.difference(x, y);
                darkest = std::min(darkest, mask);
                brightest = std::max(brightest, mask);
            });
            evidence.darker(column, row) = darkest - live;
            evidence.brighter(column, row) = live - brightest;
        }
    }
    return evidence;
}

FrameIndex FirstContrast::began(int column, int row, const Image<float>& limit) const {
    const auto trace = [&](const Evidence& evidence) {
        const Image<float>& darker = evidence.darker;
        for (int y = std::max(0, row - kNear); y <= std::min(darker.height() - 1, row + kNear);
             ++y) {
            for (int x = std::max(0, column - kNear);
                 x <= std::min(darker.width() - 1, column + kNear); ++x) {
                if (darker(x, y) > kTrace * limit(x, y)) {
                    return true;
                }
            }
        }
        return false;
    };
    FrameIndex first = recent_.back().frame;
    for (auto at = recent_.rbegin(); at != recent_.rend() && trace(*at); ++at) {
        first = at->frame;
    }
    return first;
}

bool FirstContrast::look(FrameIndex frame, const Blocks& blocks, const NoiseModel& noise) {
    if (frame_) {
        return true;
    }
    ++seen_;
    recent_.push_back(evidence_of(frame, blocks));
    if (recent_.size() > static_cast<std::size_t>(kHeld) + 1) {
        recent_.pop_front();
    }
    if (recent_.size() < static_cast<std::size_t>(kLasting)) {
        return false;
    }
    const Evidence& now = recent_.back();
    const Evidence& before = recent_[recent_.size() - 2];
    const Image<float> limit = limits(blocks, noise, std::max(now.residue, before.residue));
    const Best best = best_of(now.darker, before.darker, limit);
    const Best null = best_of(now.brighter, before.brighter, limit);
    const double least = seen_ <= kEarlyFrames ? kEarlyLimit : kLimit;
    if (best.score > std::max(least, kNullRatio * null.score)) {
        frame_ = began(best.column, best.row, limit);
    }
    return frame_.has_value();
}

}  // namespace dsm
