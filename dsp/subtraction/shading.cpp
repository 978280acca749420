#include "dsp/subtraction/shading.h"

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>
#include <vector>

#include "dsp/core/parallel.h"

namespace dsm {
namespace {

constexpr float kTukey = 2.5F;  // narrow: soft borders of contrast weigh little
constexpr float kWidest = 0.06F;
constexpr float kNarrowing = 0.7F;
constexpr float kPositiveShare = 0.5F;
constexpr int kLastIterations = 4;
constexpr int kTiles = 4;
constexpr std::size_t kFewestInTile = 24;
constexpr float kLeastNegative = 0.002F;
constexpr float kLeastNegativeNoise = 1.0F;
constexpr int kFewestTiles = 3;
constexpr double kGain = 0.25;  // of the squares of negative tile medians, at most
constexpr float kMost = 0.08F;  // a field beyond this is no shading
constexpr int kTerms = 6;
constexpr int kLeastSide = 8;  // blocks

float unit(int i, int count) {
    return count > 1 ? 2.0F * static_cast<float>(i) / static_cast<float>(count - 1) - 1.0F : 0.0F;
}

float median(std::vector<float>& values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

// One standard deviation of a block, from neighbours: what is smooth drops out.
float deviation_of(const Blocks& blocks, std::vector<float>& steps) {
    steps.clear();
    for (int y = 0; y < blocks.usable.height(); ++y) {
        for (int x = 1; x < blocks.usable.width(); ++x) {
            if (blocks.usable(x, y) != 0 && blocks.usable(x - 1, y) != 0) {
                steps.push_back(std::abs(blocks.difference(x, y) - blocks.difference(x - 1, y)));
            }
        }
    }
    return steps.empty() ? 0.0F : 1.4826F * median(steps) / std::sqrt(2.0F);
}

// Sum of the squares of negative tile medians, and how many lie below `limit`.
struct Negative {
    double squares{0.0};
    int tiles{0};
};

Negative negative_of(const Blocks& blocks, const Shading& shading, float limit,
                     std::vector<float>& values) {
    Negative negative;
    const Extent extent = blocks.usable.extent();
    for (int tile = 0; tile < kTiles * kTiles; ++tile) {
        const int column = tile % kTiles;
        const int row = tile / kTiles;
        values.clear();
        for (int y = row * extent.height / kTiles; y < (row + 1) * extent.height / kTiles; ++y) {
            for (int x = column * extent.width / kTiles; x < (column + 1) * extent.width / kTiles;
                 ++x) {
                if (blocks.usable(x, y) != 0) {
                    values.push_back(blocks.difference(x, y) -
                                     shading.at(unit(x, extent.width), unit(y, extent.height)));
                }
            }
        }
        if (values.size() >= kFewestInTile) {
            const float middle = std::min(0.0F, median(values));
            negative.squares += static_cast<double>(middle * middle);
            negative.tiles += middle < -limit ? 1 : 0;
        }
    }
    return negative;
}

std::array<float, kTerms> terms(float u, float v) {
    return {1.0F, u, v, u * u, u * v, v * v};
}

// One weighted least squares step about `shading`; false where the blocks do not say.
bool refit(const Blocks& blocks, float above, float below, Shading& shading) {
    cv::Matx<double, kTerms, kTerms> normal = cv::Matx<double, kTerms, kTerms>::zeros();
    cv::Vec<double, kTerms> right = cv::Vec<double, kTerms>::all(0.0);
    const Extent extent = blocks.usable.extent();
    for (int y = 0; y < extent.height; ++y) {
        for (int x = 0; x < extent.width; ++x) {
            if (blocks.usable(x, y) == 0) {
                continue;
            }
            const float u = unit(x, extent.width);
            const float v = unit(y, extent.height);
            const float away = blocks.difference(x, y) - shading.at(u, v);
            const float z = away / (away > 0.0F ? above : below);
            const float inside = std::max(0.0F, 1.0F - z * z);
            const auto weight = static_cast<double>(inside * inside);
            if (weight <= 0.0) {
                continue;
            }
            const auto term = terms(u, v);
            for (int i = 0; i < kTerms; ++i) {
                const double left = weight * static_cast<double>(term[static_cast<std::size_t>(i)]);
                right[i] += left * static_cast<double>(blocks.difference(x, y));
                for (int j = 0; j <= i; ++j) {
                    normal(i, j) += left * static_cast<double>(term[static_cast<std::size_t>(j)]);
                }
            }
        }
    }
    for (int i = 0; i < kTerms; ++i) {
        for (int j = i + 1; j < kTerms; ++j) {
            normal(i, j) = normal(j, i);
        }
    }
    cv::Vec<double, kTerms> solution;
    if (!cv::solve(normal, right, solution, cv::DECOMP_CHOLESKY)) {
        return false;
    }
    for (int i = 0; i < kTerms; ++i) {
        shading.c[static_cast<std::size_t>(i)] = static_cast<float>(solution[i]);
    }
    return true;
}

bool small_enough(const Shading& shading) {
    for (float v = -1.0F; v <= 1.0F; v += 0.5F) {
        for (float u = -1.0F; u <= 1.0F; u += 0.5F) {
            if (!(std::abs(shading.at(u, v)) <= kMost)) {
                return false;
            }
        }
    }
    return true;
}

}  // namespace

std::optional<Shading> find_shading(const Blocks& blocks, std::vector<float>& values) {
    const Extent extent = blocks.usable.extent();
    if (extent.width < kLeastSide || extent.height < kLeastSide) {
        return std::nullopt;
    }
    const float deviation = deviation_of(blocks, values);
    const float limit = std::max(kLeastNegative, kLeastNegativeNoise * deviation);
    const Negative before = negative_of(blocks, {}, limit, values);
    if (before.tiles < kFewestTiles) {
        return std::nullopt;
    }
    Shading shading;
    const float narrowest = kTukey * std::max(deviation, 0.1F * kLeastNegative);
    for (float width = kWidest; width > narrowest; width *= kNarrowing) {
        if (!refit(blocks, kPositiveShare * width, width, shading)) {
            return std::nullopt;
        }
    }
    for (int i = 0; i < kLastIterations; ++i) {
        // Within the noise a lopsided limit would bias the field.
        if (!refit(blocks, narrowest, narrowest, shading)) {
            return std::nullopt;
        }
    }
    const Negative after = negative_of(blocks, shading, limit, values);
    if (!small_enough(shading) || after.squares > kGain * before.squares) {
        return std::nullopt;
    }
    return shading;
}

void remove_shading(const Shading& shading, ImageView<float> image) {
    parallel_rows(image.height(), 32, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            const float v = unit(y, image.height());
            float* row = image.row(y);
            for (int x = 0; x < image.width(); ++x) {
                row[x] -= shading.at(unit(x, image.width()), v);
            }
        }
    });
}

}  // namespace dsm
