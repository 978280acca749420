#include "dsp/subtraction/subtract.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "dsp/core/block_maps.h"
#include "dsp/core/lanes.h"
#include "dsp/core/parallel.h"
#include "dsp/subtraction/fine_noise.h"

namespace dsm {
namespace {

constexpr int kBand = 32;  // rows done in one go, whatever the number of cores
constexpr double kFewestJudged = 256.0;

DSM_HOT void subtract_row(const float* live, const float* mask, const float* share, int width,
                          const FineNoise& noise, float* __restrict opacity,
                          float* __restrict sigma) {
    const float* __restrict variance = noise.variance.data();
    const float last = static_cast<float>(FineNoise::kEntries - 1);
    for (int x = 0; x < width; ++x) {
        opacity[x] = mask[x] - live[x];
        const float at = std::min(std::max(0.0F, (mask[x] - noise.first) * noise.per_step), last);
        sigma[x] = std::sqrt((1.0F + share[x]) * variance[static_cast<int>(at)]);
    }
}

DSM_HOT void difference_row(const float* live, const float* mask, int width,
                            float* __restrict opacity) {
    for (int x = 0; x < width; ++x) {
        opacity[x] = mask[x] - live[x];
    }
}

DSM_HOT void add_row(const float* opacity, const float* sigma, const std::uint8_t* usable,
                     int width, PatchSums& sums) {
    Lanes square{};
    Lanes variance{};
    Lanes count{};
    for (int x = 0; x < width; x += kLanes) {
        float o[kLanes]{};
        float s[kLanes]{};
        float good[kLanes]{};
        const int some = std::min(kLanes, width - x);
        if (some == kLanes) {
            for (int i = 0; i < kLanes; ++i) {
                o[i] = opacity[x + i];
                s[i] = sigma[x + i];
                good[i] = static_cast<float>(usable[x + i]);
            }
        } else {
            for (int i = 0; i < some; ++i) {
                o[i] = opacity[x + i];
                s[i] = sigma[x + i];
                good[i] = static_cast<float>(usable[x + i]);
            }
        }
        Lanes value;
        Lanes deviation;
        Lanes weight;
        load(o, value);
        load(s, deviation);
        load(good, weight);
        // Chosen, not multiplied by 0: what is not usable need not be a number.
        const auto counted = (value < 0.0F) & (weight > 0.0F);
        square += counted ? value * value : Lanes{};
        variance += counted ? deviation * deviation : Lanes{};
        count += counted ? weight : Lanes{};
    }
    sums.square += static_cast<double>(sum_of(square));
    sums.variance += static_cast<double>(sum_of(variance));
    sums.count += static_cast<double>(sum_of(count));
}

}  // namespace

void subtract(const SubtractInput& input, const NoiseModel& noise, ImageView<float> opacity,
              ImageView<float> sigma) {
    const FineNoise fine(noise);
    parallel_rows(input.live.height(), kBand, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            subtract_row(input.live.row(y), input.mask.row(y), input.mask_variance_share.row(y),
                         input.live.width(), fine, opacity.row(y), sigma.row(y));
        }
    });
}

void subtract(ImageView<const float> live, ImageView<const float> mask, ImageView<float> opacity) {
    parallel_rows(live.height(), kBand, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            difference_row(live.row(y), mask.row(y), live.width(), opacity.row(y));
        }
    });
}

Extent patches_of(Extent picture) {
    return blocks_of(picture, kPatch_px);
}

std::optional<Artefact> artefact_of(ImageView<const PatchSums> patches) {
    PatchSums total;
    std::optional<double> worst_square;
    for (int y = 0; y < patches.height(); ++y) {
        for (const PatchSums& part : patches.row_span(y)) {
            total.square += part.square;
            total.variance += part.variance;
            total.count += part.count;
            if (part.count >= kFewestJudged && part.variance > 0.0) {
                worst_square = std::max(worst_square.value_or(0.0), part.square / part.variance);
            }
        }
    }
    if (total.count < kFewestJudged || !(total.variance > 0.0)) {
        return std::nullopt;
    }
    Artefact found{std::sqrt(total.square / total.variance), std::nullopt};
    if (worst_square) {
        found.worst_ratio = std::sqrt(*worst_square);
    }
    return found;
}

std::optional<Artefact> find_artefact(ImageView<const float> opacity, ImageView<const float> sigma,
                                      ImageView<const std::uint8_t> usable) {
    const int width = opacity.width();
    // Summed by patches and those in order: the same number on any count of cores.
    Image<PatchSums> parts(patches_of(opacity.extent()));
    parallel_rows(parts.height(), 1, [&](int first, int last) {
        for (int row = first; row < last; ++row) {
            const int bottom = std::min(opacity.height(), (row + 1) * kPatch_px);
            for (int y = row * kPatch_px; y < bottom; ++y) {
                for (int column = 0; column < parts.width(); ++column) {
                    const int x = column * kPatch_px;
                    add_row(opacity.row(y) + x, sigma.row(y) + x, usable.row(y) + x,
                            std::min(kPatch_px, width - x), parts(column, row));
                }
            }
        }
    });
    return artefact_of(parts.view());
}

std::optional<double> artefact_ratio(ImageView<const float> opacity, ImageView<const float> sigma,
                                     ImageView<const std::uint8_t> usable) {
    const auto found = find_artefact(opacity, sigma, usable);
    return found ? std::optional(found->ratio) : std::nullopt;
}

}  // namespace dsm
