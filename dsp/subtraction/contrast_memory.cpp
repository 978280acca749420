#include "dsp/subtraction/contrast_memory.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "dsp/core/block_maps.h"
#include "dsp/core/lanes.h"
#include "dsp/core/parallel.h"
#include "dsp/subtraction/memory_numbers.h"

namespace dsm {
namespace {

using namespace memory_numbers;

// x^4 / (x^4 + limit^4) of x^2.
DSM_INLINE float beyond(float square, float limit) {
    const float ratio = square / (limit * limit);
    return ratio * ratio / (1.0F + ratio * ratio);
}

struct ThreeRows {
    const float* above;
    const float* here;
    const float* below;
};

ThreeRows around(ImageView<const float> image, int y) {
    return {image.row(std::max(0, y - 1)), image.row(y),
            image.row(std::min(image.height() - 1, y + 1))};
}

// [1 4 1]/6 both ways; the border repeats. `down` is working memory of width + 2.
DSM_HOT void smooth_row(const ThreeRows& from, int width, float* __restrict down,
                        float* __restrict to) {
    constexpr float kSixth = 1.0F / 6.0F;
    for (int x = 0; x < width; ++x) {
        down[x + 1] = kSixth * (from.above[x] + 4.0F * from.here[x] + from.below[x]);
    }
    down[0] = down[1];
    down[width + 1] = down[width];
    for (int x = 0; x < width; ++x) {
        to[x] = kSixth * (down[x] + 4.0F * down[x + 1] + down[x + 2]);
    }
}

// Squares below zero and squares of the change, summed by blocks of eight columns.
DSM_HOT void add_squares(const float* value, const float* before, int columns, int width,
                         float* __restrict negative, float* __restrict change) {
    for (int c = 0; c < columns; ++c) {
        const int first = c * kMapBlock;
        const int last = std::min(width, first + kMapBlock);
        float below = 0.0F;
        float moved = 0.0F;
        for (int x = first; x < last; ++x) {
            const float v = std::min(0.0F, value[x]);
            const float d = value[x] - before[x];
            below += v * v;
            moved += d * d;
        }
        negative[c] += below;
        change[c] += moved;
    }
}

struct PixelRows {
    const float* certain;
    const float* certain_residue;
    const float* mixed;
    const float* mixed_residue;
    const float* sigma;
    const float* contrast;
    const float* noise;
    const float* residue;
    const float* unsteady;
};
struct NewRows {
    float* __restrict contrast;
    float* __restrict noise;
    float* __restrict residue;
    float* __restrict unsteady;
    float* __restrict value;
    float* __restrict beyond_doubt;
    float* __restrict z;
};
struct FrameSigns {
    float clean;
    float added;  // variance of contrast since the frame before
    float keeps;  // of the unsteadiness
};

template <bool kTwo>
DSM_INLINE void update_pixels(const PixelRows& in, const FrameSigns& frame, int width,
                              const NewRows& out) {
    for (int x = 0; x < width; ++x) {
        const float n = kSmoothed * in.sigma[x] * in.sigma[x] + 0.01F * kSmall;
        const float before = in.contrast[x];
        float v = in.certain[x];
        float a = in.certain_residue[x];
        if constexpr (kTwo) {
            const float lost = kMixedShare * std::max(0.0F, std::max(before, v));
            const float doubt =
                in.mixed_residue[x] + kMixedDoubt * kMixedDoubt + lost * lost + kSmall;
            const float share = doubt / (a + kSmall + doubt);
            v = share * v + (1.0F - share) * in.mixed[x];
            a = share * a + (1.0F - share) * doubt;
        }
        const float u = in.unsteady[x];
        const float r = n + a + u;
        const float prior = in.noise[x] + frame.added;
        const float change = v - before;
        const float jump = beyond(change * change / (r + in.noise[x]), kJump) * frame.clean;
        const float steady = prior / (prior + r);
        const float gain = steady + (1.0F - steady) * jump;
        const float drop = std::max(0.0F, -change - kDropNoise * std::sqrt(n + a));
        const float contrast = before + gain * change;
        const float noise = (1.0F - steady) * prior * (1.0F - jump) + jump * r;
        // As of independent errors where it is worse, so that no frame can make it worse than both.
        const float worse = a + u - in.residue[x];
        const float residue =
            in.residue[x] + gain * std::min(0.0F, worse) + gain * gain * std::max(0.0F, worse);
        const float positive = std::max(0.0F, v);
        out.contrast[x] = contrast;
        out.noise[x] = noise;
        out.residue[x] = residue;
        out.unsteady[x] = std::max(frame.keeps * u, frame.clean * drop * drop);
        out.value[x] = v;
        out.beyond_doubt[x] = beyond(positive * positive / r, kBeyondDoubt);
        out.z[x] = std::max(0.0F, contrast) / std::sqrt(noise + residue + 0.5F * n);
    }
}

DSM_HOT void update_row(const PixelRows& in, const FrameSigns& frame, int width,
                        const NewRows& out) {
    update_pixels<false>(in, frame, width, out);
}

DSM_HOT void update_row_of_two(const PixelRows& in, const FrameSigns& frame, int width,
                               const NewRows& out) {
    update_pixels<true>(in, frame, width, out);
}

// Undoes most of the smoothing: twice the row less the row smoothed again.
DSM_INLINE void sharpen_row(const ThreeRows& from, int width, float* __restrict down,
                            float* __restrict to) {
    smooth_row(from, width, down, to);
    for (int x = 0; x < width; ++x) {
        to[x] = 2.0F * from.here[x] - to[x];
    }
}

struct BackRows {
    ThreeRows z;
    const float* near;  // 1 beside certain contrast, 0 away from it
    const float* contrast;
    const float* value;
    const float* beyond_doubt;
};

// z smoothed by [1 2 1]/4 both ways; `sure` receives sums by blocks of eight columns.
DSM_HOT void put_back_row(const BackRows& in, int width, int columns, float* __restrict down,
                          float* __restrict to, float* __restrict sure) {
    for (int x = 0; x < width; ++x) {
        down[x + 1] = 0.25F * (in.z.above[x] + 2.0F * in.z.here[x] + in.z.below[x]);
    }
    down[0] = down[1];
    down[width + 1] = down[width];
    for (int c = 0; c < columns; ++c) {
        const int first = c * kMapBlock;
        const int last = std::min(width, first + kMapBlock);
        float certain = 0.0F;
        for (int x = first; x < last; ++x) {
            const float z = 0.25F * (down[x] + 2.0F * down[x + 1] + down[x + 2]);
            const float limit = kFar + (kNear - kFar) * in.near[x];
            const float credible = beyond(z * z, limit) * std::max(0.0F, in.contrast[x]);
            certain += beyond(z * z, std::max(kCertain, limit));
            to[x] = credible + in.beyond_doubt[x] * (std::max(0.0F, in.value[x]) - credible);
        }
        sure[c] += certain;
    }
}

struct Estimate {
    const Image<float>& z;
    const Image<float>& contrast;
    const Image<float>& value;
    const Image<float>& beyond_doubt;
};

// `sure`, where contrast was certain before, receives where it is now.
void put_back(const Estimate& estimate, Image<float>& sure, Image<float>& out) {
    const Extent extent = estimate.contrast.extent();
    const Extent blocks = blocks_of(extent);
    Image<float> near;
    box_mean(sure.view(), kNearBlocks, near);
    for (float& value : near.pixels()) {
        value = std::min(1.0F, value / kSureShare);
    }
    out.resize(extent);
    parallel_rows(blocks.height, 2, [&](int first, int last) {
        const auto width = static_cast<std::size_t>(extent.width);
        std::vector<float> down(width + 2);
        std::vector<float> sharp(width);
        std::vector<float> sharp_value(width);
        MapRow near_row(extent.width);
        for (int row = first; row < last; ++row) {
            float* sums = sure.view().row(row);
            std::fill_n(sums, blocks.width, 0.0F);
            const Stretch rows = rows_of_block(row, extent.height);
            for (int y = rows.first; y < rows.last; ++y) {
                sharpen_row(around(estimate.contrast.view(), y), extent.width, down.data(),
                            sharp.data());
                sharpen_row(around(estimate.value.view(), y), extent.width, down.data(),
                            sharp_value.data());
                put_back_row(
                    {around(estimate.z.view(), y), near_row.at(near.view(), y), sharp.data(),
                     sharp_value.data(), estimate.beyond_doubt.view().row(y)},
                    extent.width, blocks.width, down.data(), out.view().row(y), sums);
            }
            to_means(sums, extent.width, rows.last - rows.first, blocks.width);
        }
    });
}

}  // namespace

void ContrastMemory::start(Extent extent) {
    if (state_.contrast.extent() == extent) {
        return;
    }
    for (State* state : {&state_, &next_}) {
        state->contrast = Image<float>(extent);
        state->noise = Image<float>(extent, unknown_ ? kUnknown : kFirstNoise);
        state->residue = Image<float>(extent);
        state->unsteady = Image<float>(extent);
        state->sure = Image<float>(blocks_of(extent));
    }
    for (Image<float>* each : {&value_, &beyond_doubt_, &z_}) {
        each->resize(extent);
    }
}

void ContrastMemory::look(ImageView<const float> opacity, Look& look) {
    const Extent extent = opacity.extent();
    const Extent blocks = blocks_of(extent);
    look.value.resize(extent);
    look.negative.resize(blocks);
    look.change.resize(blocks);
    parallel_rows(blocks.height, 2, [&](int first, int last) {
        std::vector<float> down(static_cast<std::size_t>(extent.width) + 2);
        for (int row = first; row < last; ++row) {
            float* negative = look.negative.view().row(row);
            float* change = look.change.view().row(row);
            std::fill_n(negative, blocks.width, 0.0F);
            std::fill_n(change, blocks.width, 0.0F);
            const Stretch rows = rows_of_block(row, extent.height);
            for (int y = rows.first; y < rows.last; ++y) {
                float* value = look.value.view().row(y);
                smooth_row(around(opacity, y), extent.width, down.data(), value);
                add_squares(value, state_.contrast.view().row(y), blocks.width, extent.width,
                            negative, change);
            }
            to_means(negative, extent.width, rows.last - rows.first, blocks.width);
            to_means(change, extent.width, rows.last - rows.first, blocks.width);
        }
    });
    const auto frame = static_cast<float>(mean_of(look.negative));
    const auto noise = static_cast<float>(mean_of(noise_));
    const float over = std::max(0.0F, frame - 0.5F * noise) / (kDirty * noise + kSmall);
    const float dirty = over * over / (1.0F + over * over);
    look.clean = 1.0F - dirty;
    Image<float> change_around;
    box_mean(look.negative.view(), 3, look.residue);
    box_mean(look.change.view(), 3, change_around);
    const auto residue = look.residue.pixels();
    for (std::size_t i = 0; i < residue.size(); ++i) {
        const float taken = kNoiseTaken * (1.0F + kFrameShare) * noise_.pixels()[i];
        residue[i] = std::max(0.0F, 2.0F * (residue[i] + kFrameShare * frame) - taken +
                                        dirty * change_around.pixels()[i]);
    }
}

void ContrastMemory::update(const ContrastMeasurement& measurement) {
    const Extent extent = measurement.certain.extent();
    start(extent);
    const bool two = !measurement.mixed.empty();
    block_means_of_squares(measurement.sigma, noise_);
    for (float& value : noise_.pixels()) {
        value *= kSmoothed;
    }
    look(measurement.certain, certain_);
    if (two) {
        look(measurement.mixed, mixed_);
    }
    const auto seconds = static_cast<float>(std::max(0.0, measurement.seconds));
    const FrameSigns frame{certain_.clean, kPerSecond * seconds, std::exp(-seconds / kForgotten_s)};
    parallel_rows(extent.height, 16, [&](int first, int last) {
        MapRow certain_residue(extent.width);
        MapRow mixed_residue(extent.width);
        for (int y = first; y < last; ++y) {
            const PixelRows in{certain_.value.view().row(y),
                               certain_residue.at(certain_.residue.view(), y),
                               two ? mixed_.value.view().row(y) : nullptr,
                               two ? mixed_residue.at(mixed_.residue.view(), y) : nullptr,
                               measurement.sigma.row(y),
                               state_.contrast.view().row(y),
                               state_.noise.view().row(y),
                               state_.residue.view().row(y),
                               state_.unsteady.view().row(y)};
            (two ? update_row_of_two : update_row)(
                in, frame, extent.width,
                {next_.contrast.view().row(y), next_.noise.view().row(y),
                 next_.residue.view().row(y), next_.unsteady.view().row(y), value_.view().row(y),
                 beyond_doubt_.view().row(y), z_.view().row(y)});
        }
    });
    copy_pixels(state_.sure.cview(), next_.sure.view());
}

void ContrastMemory::follow(const ContrastMeasurement& measurement, Image<float>& contrast) {
    expect(measurement, contrast);
    std::swap(state_, next_);
}

void ContrastMemory::expect(const ContrastMeasurement& measurement, Image<float>& contrast) {
    update(measurement);
    put_back({z_, next_.contrast, value_, beyond_doubt_}, next_.sure, contrast);
}

ContrastMemory::Record ContrastMemory::record() const {
    Record record{state_.contrast.clone(), state_.noise.clone(), value_.clone(),
                  beyond_doubt_.clone()};
    const auto variance = record.variance.pixels();
    for (std::size_t i = 0; i < variance.size(); ++i) {
        variance[i] += state_.residue.pixels()[i];
    }
    return record;
}

void ContrastMemory::settle(const Record& forwards, const Record& backwards,
                            Image<float>& contrast) {
    const Extent extent = forwards.contrast.extent();
    Image<float> mean(extent);
    Image<float> z(extent);
    parallel_rows(extent.height, 16, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            const float* a = forwards.contrast.view().row(y);
            const float* b = backwards.contrast.view().row(y);
            const float* va = forwards.variance.view().row(y);
            const float* vb = backwards.variance.view().row(y);
            float* to = mean.view().row(y);
            float* to_z = z.view().row(y);
            for (int x = 0; x < extent.width; ++x) {
                const float sum = va[x] + vb[x] + kSmall;
                to[x] = (vb[x] * a[x] + va[x] * b[x]) / sum;
                const float variance = kTwoSided * va[x] * vb[x] / sum + kSmall;
                to_z[x] = std::max(0.0F, to[x]) / std::sqrt(variance);
            }
        }
    });
    // Each time certain contrast makes what lies beside it near.
    const Estimate estimate{z, mean, forwards.value, forwards.beyond_doubt};
    Image<float> sure(blocks_of(extent));
    for (int round = 0; round < kRounds; ++round) {
        put_back(estimate, sure, contrast);
    }
}

}  // namespace dsm
