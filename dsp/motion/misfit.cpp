#include "dsp/motion/misfit.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "dsp/core/lanes.h"
#include "dsp/core/parallel.h"

namespace dsm {
namespace {

constexpr float kTukey = 4.685F;
constexpr int kBand = 32;     // rows summed in one go, whatever the number of cores
constexpr int kStretch = 64;  // pixels whose usability is turned into numbers in one go

struct Sum {
    double cost{0.0};
    double pixels{0.0};
};

DSM_INLINE void add_stretch(const float* m, const float* l, const std::uint8_t* good, int count,
                            float inverse, Lanes& cost, Lanes& pixels) {
    float weight[kStretch];
    float residual[kStretch];
    for (int i = 0; i < count; ++i) {
        weight[i] = static_cast<float>(good[i]);
        residual[i] = m[i] - l[i];
    }
    for (int i = count; i < (count + kLanes - 1) / kLanes * kLanes; ++i) {
        weight[i] = 0.0F;
        residual[i] = 0.0F;
    }
    for (int i = 0; i < count; i += kLanes) {
        Lanes w;
        Lanes r;
        load(weight + i, w);
        load(residual + i, r);
        const Lanes part = 1.0F - r * r * inverse;
        const Lanes inside = part > 0.0F ? part : Lanes{};
        cost += w * (1.0F - inside * inside * inside);
        pixels += w;
    }
}

DSM_HOT void add_row(const float* m, const float* l, const std::uint8_t* good, int width,
                     float inverse, Sum& sum) {
    Lanes cost{};
    Lanes pixels{};
    int x = 0;
    for (; x + kStretch <= width; x += kStretch) {
        add_stretch(m + x, l + x, good + x, kStretch, inverse, cost, pixels);
    }
    add_stretch(m + x, l + x, good + x, width - x, inverse, cost, pixels);
    sum.cost += static_cast<double>(sum_of(cost));
    sum.pixels += static_cast<double>(sum_of(pixels));
}

}  // namespace

float misfit_per_square(float noise) {
    const float limit = kTukey * noise;
    return 1.0F / (limit * limit);
}

double mean_misfit(double sum, double pixels) {
    const double scale = static_cast<double>(kTukey) * static_cast<double>(kTukey) / 3.0;
    return pixels > 0.0 ? scale * sum / pixels : 0.0;
}

double robust_misfit(ImageView<const float> mask_registered, ImageView<const float> live,
                     ImageView<const std::uint8_t> usable, float noise) {
    const float inverse = misfit_per_square(noise);
    const int bands = (live.height() + kBand - 1) / kBand;
    // Summed by bands and those in order: the same number on any count of cores.
    std::vector<Sum> sums(static_cast<std::size_t>(bands));
    parallel_rows(bands, 1, [&](int first, int last) {
        for (int band = first; band < last; ++band) {
            Sum sum;
            for (int y = band * kBand; y < std::min(live.height(), (band + 1) * kBand); ++y) {
                add_row(mask_registered.row(y), live.row(y), usable.row(y), live.width(), inverse,
                        sum);
            }
            sums[static_cast<std::size_t>(band)] = sum;
        }
    });
    Sum total;
    for (const Sum& sum : sums) {
        total.cost += sum.cost;
        total.pixels += sum.pixels;
    }
    return mean_misfit(total.cost, total.pixels);
}

std::size_t count_usable(ImageView<const std::uint8_t> usable) {
    std::size_t count = 0;
    for (int y = 0; y < usable.height(); ++y) {
        unsigned row = 0;
        for (const std::uint8_t good : usable.row_span(y)) {
            row += good;
        }
        count += row;
    }
    return count;
}

double chance_gain(double parameters, double pixels) {
    return (parameters + 5.0 * std::sqrt(2.0 * parameters)) / std::max(1.0, pixels);
}

}  // namespace dsm
