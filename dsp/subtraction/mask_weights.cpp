#include "dsp/subtraction/mask_weights.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <limits>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "dsp/core/lanes.h"
#include "dsp/core/parallel.h"
#include "dsp/subtraction/mask_weighing.h"

namespace dsm {
namespace {

using namespace mask_weighing;

cv::Mat matrix_of(ImageView<const float> view) {
    return {view.height(), view.width(), CV_32F, const_cast<float*>(view.data()),
            static_cast<std::size_t>(view.stride()) * sizeof(float)};
}

DSM_HOT void residual_row(const float* mask, const float* live, const float* contrast, int width,
                          float* __restrict out) {
    if (contrast == nullptr) {
        for (int x = 0; x < width; ++x) {
            out[x] = mask[x] - live[x];
        }
        return;
    }
    for (int x = 0; x < width; ++x) {
        out[x] = mask[x] - live[x] - contrast[x];
    }
}

// Means over 2 x 2 of the products of two rows each, weighted.
DSM_HOT void product_row(const float* a0, const float* a1, const float* b0, const float* b1,
                         const float* t0, const float* t1, int columns, float* __restrict out) {
    for (int c = 0; c < columns; ++c) {
        const int x = 2 * c;
        out[c] = 0.25F * ((t0[x] * a0[x] * b0[x] + t0[x + 1] * a0[x + 1] * b0[x + 1]) +
                          (t1[x] * a1[x] * b1[x] + t1[x + 1] * a1[x + 1] * b1[x + 1]));
    }
}

template <std::size_t kCount>
using Matrix = std::array<std::array<Lanes, kCount>, kCount>;

// w = C^-1 1 / (1' C^-1 1) by Cholesky, for eight places at once; C is positive definite because
// of the ridge.
template <std::size_t kCount>
DSM_INLINE void solve_eight(Matrix<kCount>& c, Lanes (&w)[kCount]) {
    for (std::size_t i = 0; i < kCount; ++i) {
        for (std::size_t j = 0; j <= i; ++j) {
            Lanes sum = c[i][j];
            for (std::size_t k = 0; k < j; ++k) {
                sum -= c[i][k] * c[j][k];
            }
            if (i == j) {
                const Lanes positive = sum > kSmall ? sum : kSmall + Lanes{};
                for (int lane = 0; lane < kLanes; ++lane) {
                    c[i][i][lane] = 1.0F / std::sqrt(positive[lane]);  // the inverse
                }
            } else {
                c[i][j] = sum * c[j][j];
            }
        }
    }
    for (std::size_t i = 0; i < kCount; ++i) {
        Lanes sum = 1.0F + Lanes{};
        for (std::size_t k = 0; k < i; ++k) {
            sum -= c[i][k] * w[k];
        }
        w[i] = sum * c[i][i];
    }
    for (std::size_t i = kCount; i-- > 0;) {
        Lanes sum = w[i];
        for (std::size_t k = i + 1; k < kCount; ++k) {
            sum -= c[k][i] * w[k];
        }
        w[i] = sum * c[i][i];
    }
}

// Weights between `lowest` and kLeastWeight are dropped, the others made to sum to one. Where they
// are beyond reason the inverse variances `plain` serve.
template <std::size_t kCount>
DSM_INLINE void normalise_eight(const Lanes (&plain)[kCount], float lowest, Lanes (&w)[kCount]) {
    Lanes total{};
    Lanes plain_total{};
    for (std::size_t i = 0; i < kCount; ++i) {
        total += w[i];
        plain_total += plain[i];
    }
    Lanes size{};
    for (Lanes& each : w) {
        each /= total;
        size += each < 0.0F ? -each : each;
    }
    const auto fine = size < kMostWeight;  // false for what is no number
    Lanes kept{};
    for (std::size_t i = 0; i < kCount; ++i) {
        w[i] = fine ? w[i] : plain[i] / plain_total;
        const auto small = (w[i] < kLeastWeight) & (w[i] > lowest);
        w[i] = small ? Lanes{} : w[i];
        kept += w[i];
    }
    for (Lanes& each : w) {
        each /= kept;
    }
}

struct SolveRows {
    std::array<const float*, kMostMasks*(kMostMasks + 1) / 2> moments{};
    const float* share{nullptr};  // of trust around the place
    const float* ridge{nullptr};
    const float* doubt{nullptr};
    std::array<const float*, kMostMasks> usable{};
    std::array<float*, kMostMasks> weights{};
    float lowest{-kLeastWeight};
};

template <std::size_t kCount>
DSM_INLINE void solve_places(const SolveRows& rows, std::size_t certain, int x, int count) {
    const auto take = [&](const float* from, Lanes& to) DSM_LAMBDA {
        if (count == kLanes) {
            load(from + x, to);
            return;
        }
        for (int i = 0; i < kLanes; ++i) {
            to[i] = from[x + std::min(i, count - 1)];
        }
    };
    Lanes share;
    Lanes ridge;
    Lanes doubt;
    take(rows.share, share);
    take(rows.ridge, ridge);
    take(rows.doubt, doubt);
    const Lanes least = share > kLeastTrust ? share : kLeastTrust + Lanes{};
    const Lanes inverse = 1.0F / least;
    Matrix<kCount> c;
    std::size_t at = 0;
    for (std::size_t i = 0; i < kCount; ++i) {
        for (std::size_t j = 0; j <= i; ++j) {
            Lanes moment;
            take(rows.moments[at++], moment);
            c[i][j] = moment * inverse;
            if (i == j) {
                Lanes usable;
                take(rows.usable[i], usable);
                c[i][j] += ridge + kNotUsable * (1.0F - usable);
            }
            if (i >= certain && j >= certain) {
                c[i][j] += doubt;
            }
        }
    }
    Lanes smallest = c[0][0];
    for (std::size_t i = 1; i < kCount; ++i) {
        smallest = c[i][i] < smallest ? c[i][i] : smallest;
    }
    Lanes plain[kCount];
    for (std::size_t i = 0; i < kCount; ++i) {
        c[i][i] += kRidgeShare * smallest;
        plain[i] = 1.0F / c[i][i];
    }
    Lanes w[kCount];
    solve_eight<kCount>(c, w);
    normalise_eight<kCount>(plain, rows.lowest, w);
    for (std::size_t i = 0; i < kCount; ++i) {
        for (int lane = 0; lane < count; ++lane) {
            rows.weights[i][x + lane] = w[i][lane];
        }
    }
}

template <std::size_t kCount>
DSM_HOT void solve_row(const SolveRows& rows, std::size_t certain, int width) {
    for (int x = 0; x < width; x += kLanes) {
        solve_places<kCount>(rows, certain, x, std::min(kLanes, width - x));
    }
}

void solve_row_of(std::size_t count, const SolveRows& rows, std::size_t certain, int width) {
    switch (count) {
        case 2:
            return solve_row<2>(rows, certain, width);
        case 3:
            return solve_row<3>(rows, certain, width);
        case 4:
            return solve_row<4>(rows, certain, width);
        case 5:
            return solve_row<5>(rows, certain, width);
        case 6:
            return solve_row<6>(rows, certain, width);
        case 7:
            return solve_row<7>(rows, certain, width);
        default:
            return solve_row<8>(rows, certain, width);
    }
}

void blur(const Image<float>& from, int side, Image<float>& to) {
    to.resize(from.extent());
    cv::Mat matrix = matrix_of(to.view());
    cv::blur(matrix_of(from.view()), matrix, {side, side});
}

// The pairs of masks i >= j in the order of their moments.
using Pairs = std::array<std::pair<std::size_t, std::size_t>, kMostMasks*(kMostMasks + 1) / 2>;
constexpr Pairs pairs_of_masks() {
    Pairs pairs{};
    std::size_t at = 0;
    for (std::size_t i = 0; i < kMostMasks; ++i) {
        for (std::size_t j = 0; j <= i; ++j) {
            pairs[at++] = {i, j};
        }
    }
    return pairs;
}

// Calls body(i) for each of `count` things, on all cores.
template <class Body>
void for_each_of(std::size_t count, const Body& body) {
    parallel_rows(static_cast<int>(count), 1, [&](int first, int last) {
        for (int i = first; i < last; ++i) {
            body(static_cast<std::size_t>(i));
        }
    });
}

}  // namespace

void quarter_blocks(ImageView<const float> quarter, Image<float>& blocks) {
    const Extent extent = blocks_of_quarter(quarter.extent());
    blocks.resize(extent);
    for (int y = 0; y < extent.height; ++y) {
        const float* a = quarter.row(std::min(2 * y, quarter.height() - 1));
        const float* b = quarter.row(std::min(2 * y + 1, quarter.height() - 1));
        float* out = blocks.view().row(y);
        for (int x = 0; x < extent.width; ++x) {
            const int left = std::min(2 * x, quarter.width() - 1);
            const int right = std::min(2 * x + 1, quarter.width() - 1);
            out[x] = 0.25F * ((a[left] + a[right]) + (b[left] + b[right]));
        }
    }
}

// Where all masks are usable, and one over the share of such pixels around each.
void MaskWeights::find_common(const WeighInput& input) {
    const Extent extent = input.live.extent();
    common_.resize(extent);
    common_share_.resize(extent);
    for (int y = 0; y < extent.height; ++y) {
        float* common = common_.view().row(y);
        std::fill_n(common, extent.width, 1.0F);
        for (const auto& usable : input.usable) {
            const float* row = usable.row(y);
            for (int x = 0; x < extent.width; ++x) {
                common[x] = std::min(common[x], row[x]);
            }
        }
    }
    cv::Mat share = matrix_of(common_share_.view());
    cv::blur(matrix_of(common_.view()), share, {kLocalMean, kLocalMean});
    for (float& each : common_share_.pixels()) {
        each = 1.0F / std::max(kLeastTrust, each);
    }
}

// What is not usable takes no part in the local mean.
void MaskWeights::find_detail(const WeighInput& input, std::size_t i) {
    const Extent extent = input.live.extent();
    Image<float>& detail = details_[i];
    Image<float>& local_mean = means_[i];
    detail.resize(extent);
    local_mean.resize(extent);
    for (int y = 0; y < extent.height; ++y) {
        residual_row(input.masks[i].row(y), input.live.row(y),
                     input.contrast.empty() ? nullptr : input.contrast.row(y), extent.width,
                     detail.view().row(y));
    }
    cv::Mat matrix = matrix_of(detail.view());
    cv::Mat mean = matrix_of(local_mean.view());
    cv::multiply(matrix, matrix_of(common_.view()), matrix);
    cv::blur(matrix, mean, {kLocalMean, kLocalMean});
    cv::multiply(mean, matrix_of(common_share_.view()), mean);
    cv::subtract(matrix, mean, matrix);
}

void MaskWeights::find_details(const WeighInput& input) {
    const std::size_t count = input.masks.size();
    const Extent extent = input.live.extent();
    details_.resize(std::max(details_.size(), count));
    means_.resize(details_.size());
    find_common(input);
    for_each_of(count, [&](std::size_t i) { find_detail(input, i); });
    // The same trust for all masks, so that what they have in common stays in common.
    trust_.resize(extent);
    const float scale = 1.0F / (static_cast<float>(count) * kMostResidual);
    parallel_rows(extent.height, 32, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            float* trust = trust_.view().row(y);
            std::fill_n(trust, extent.width, 0.0F);
            for (std::size_t i = 0; i < count; ++i) {
                const float* detail = details_[i].view().row(y);
                for (int x = 0; x < extent.width; ++x) {
                    trust[x] += detail[x];
                }
            }
            const float* common = common_.view().row(y);
            for (int x = 0; x < extent.width; ++x) {
                const float part = 1.0F + scale * scale * trust[x] * trust[x];
                trust[x] = common[x] / (part * part);
            }
        }
    });
}

// Of details i and j, before it is averaged over the neighbourhood.
void MaskWeights::find_products(std::size_t i, std::size_t j, Image<float>& products) {
    const Extent extent = trust_.extent();
    const Extent blocks = blocks_of_quarter(extent);
    products.resize(blocks);
    const int whole = extent.width / 2;
    for (int y = 0; y < blocks.height; ++y) {
        const int first = std::min(2 * y, extent.height - 1);
        const int second = std::min(2 * y + 1, extent.height - 1);
        float* out = products.view().row(y);
        product_row(details_[i].view().row(first), details_[i].view().row(second),
                    details_[j].view().row(first), details_[j].view().row(second),
                    trust_.view().row(first), trust_.view().row(second), whole, out);
        if (whole < blocks.width) {  // an odd column, or a picture one pixel wide
            const int x = extent.width - 1;
            out[whole] =
                0.5F * (trust_(x, first) * details_[i](x, first) * details_[j](x, first) +
                        trust_(x, second) * details_[i](x, second) * details_[j](x, second));
        }
    }
}

void MaskWeights::find_moments(std::size_t count) {
    static constexpr auto kPairs = pairs_of_masks();
    const std::size_t pairs = count * (count + 1) / 2;
    moments_.resize(std::max(moments_.size(), pairs));
    products_.resize(moments_.size());
    for_each_of(pairs, [&](std::size_t at) {
        find_products(kPairs[at].first, kPairs[at].second, products_[at]);
        blur(products_[at], kNeighbourhood, moments_[at]);
    });
    quarter_blocks(trust_.view(), trust_blocks_);
    blur(trust_blocks_, kNeighbourhood, share_);
}

void MaskWeights::find_doubt(const WeighInput& input) {
    quarter_blocks(input.live, ridge_);
    doubt_.resize(ridge_.extent());
    const bool known = input.noise != nullptr && input.noise->known();
    squares_.resize(ridge_.extent());
    squares_.fill(0.0F);
    if (!input.contrast.empty()) {
        mean_.resize(input.contrast.extent());
        for (int y = 0; y < mean_.height(); ++y) {
            const float* from = input.contrast.row(y);
            float* to = mean_.view().row(y);
            for (int x = 0; x < mean_.width(); ++x) {
                to[x] = from[x] * from[x];
            }
        }
        quarter_blocks(mean_.view(), square_blocks_);
        blur(square_blocks_, kDoubtBlocks, squares_);
    }
    const auto ridge = ridge_.pixels();
    for (std::size_t i = 0; i < ridge.size(); ++i) {
        const float variance =
            known ? input.noise->variance(ridge[i]) : input.unknown_noise * input.unknown_noise;
        ridge[i] = kRidge * variance + kSmall;
        doubt_.pixels()[i] = kDoubt * variance + kDoubtShare * kDoubtShare * squares_.pixels()[i];
    }
}

void MaskWeights::solve(std::size_t count, const WeighInput& input) {
    const Extent blocks = share_.extent();
    parallel_rows(blocks.height, 8, [&](int first, int last) {
        SolveRows rows;
        rows.lowest = input.convex ? -std::numeric_limits<float>::max() : -kLeastWeight;
        for (int y = first; y < last; ++y) {
            for (std::size_t i = 0; i < count * (count + 1) / 2; ++i) {
                rows.moments[i] = moments_[i].view().row(y);
            }
            for (std::size_t i = 0; i < count; ++i) {
                rows.usable[i] = usable_[i].view().row(y);
                rows.weights[i] = maps_[i].view().row(y);
            }
            rows.share = share_.view().row(y);
            rows.ridge = ridge_.view().row(y);
            rows.doubt = doubt_.view().row(y);
            solve_row_of(count, rows, input.certain, blocks.width);
        }
    });
}

std::vector<Image<float>>& MaskWeights::begin(const WeighInput& input) {
    const std::size_t count = input.masks.size();
    assert(count >= 1 && count <= kMostMasks && input.usable.size() == count);
    const Extent blocks = blocks_of_quarter(input.live.extent());
    maps_.resize(std::max(maps_.size(), count));
    usable_.resize(maps_.size());
    for_each_of(count, [&](std::size_t i) {
        maps_[i].resize(blocks);
        quarter_blocks(input.usable[i], usable_[i]);
    });
    return maps_;
}

const std::vector<Image<float>>& MaskWeights::weigh(const WeighInput& input) {
    const std::size_t count = input.masks.size();
    static_cast<void>(begin(input));
    if (count == 1) {
        maps_[0].fill(1.0F);
        return maps_;
    }
    find_details(input);
    find_moments(count);
    find_doubt(input);
    solve(count, input);
    return maps_;
}

}  // namespace dsm
