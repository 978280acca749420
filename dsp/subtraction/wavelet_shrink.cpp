#include "dsp/subtraction/wavelet_shrink.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "dsp/core/parallel.h"

namespace dsm {
namespace {

constexpr int kGrain = 16;
// Deviation of each scale's details for white noise of deviation 1 (Starck & Murtagh, table 2.1).
constexpr std::array<float, WaveletShrink::kScales> kWhite{0.890F, 0.201F, 0.086F};
constexpr float kDeviationOfMedian = 1.4826F;  // of a normal distribution's absolute values
constexpr int kSampleStep = 7;

int mirrored(int at, int size) {
    if (size == 1) {
        return 0;
    }
    const int period = 2 * (size - 1);
    at = std::abs(at) % period;
    return at < size ? at : period - at;
}

void smooth_down(ImageView<const float> from, int step, ImageView<float> to) {
    const int height = from.height();
    parallel_rows(height, kGrain, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            const float* a = from.row(mirrored(y - 2 * step, height));
            const float* b = from.row(mirrored(y - step, height));
            const float* c = from.row(y);
            const float* d = from.row(mirrored(y + step, height));
            const float* e = from.row(mirrored(y + 2 * step, height));
            float* out = to.row(y);
            for (int x = 0; x < from.width(); ++x) {
                out[x] = 0.0625F * (a[x] + e[x]) + 0.25F * (b[x] + d[x]) + 0.375F * c[x];
            }
        }
    });
}

void smooth_along(ImageView<const float> from, int step, ImageView<float> to) {
    const int width = from.width();
    parallel_rows(from.height(), kGrain, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            const float* in = from.row(y);
            float* out = to.row(y);
            const auto at_border = [&](int x) {
                out[x] = 0.0625F * (in[mirrored(x - 2 * step, width)] +
                                    in[mirrored(x + 2 * step, width)]) +
                         0.25F * (in[mirrored(x - step, width)] + in[mirrored(x + step, width)]) +
                         0.375F * in[x];
            };
            const int inner = std::min(width, 2 * step);
            const int outer = std::max(inner, width - 2 * step);
            for (int x = 0; x < inner; ++x) {
                at_border(x);
            }
            for (int x = inner; x < outer; ++x) {
                out[x] = 0.0625F * (in[x - 2 * step] + in[x + 2 * step]) +
                         0.25F * (in[x - step] + in[x + step]) + 0.375F * in[x];
            }
            for (int x = outer; x < width; ++x) {
                at_border(x);
            }
        }
    });
}

// Noise of this scale's details over `sigma`: white noise's, unless the picture says otherwise
// within reason (a detector's blur, residue of motion).
float noise_of_scale(int scale, ImageView<const float> detail, ImageView<const float> sigma,
                     ImageView<const std::uint8_t> usable) {
    const float white = kWhite[static_cast<std::size_t>(scale)];
    std::vector<float> sample;
    for (int y = kSampleStep / 2; y < detail.height(); y += kSampleStep) {
        for (int x = kSampleStep / 2; x < detail.width(); x += kSampleStep) {
            if (usable(x, y) != 0) {
                sample.push_back(std::abs(detail(x, y)) / sigma(x, y));
            }
        }
    }
    if (sample.size() < 64) {
        return white;
    }
    const auto middle = sample.begin() + static_cast<std::ptrdiff_t>(sample.size() / 2);
    std::nth_element(sample.begin(), middle, sample.end());
    return std::clamp(kDeviationOfMedian * *middle, 0.5F * white, 1.5F * white);
}

}  // namespace

void spline_smooth(ImageView<const float> from, int step, ImageView<float> rows,
                   ImageView<float> to) {
    smooth_down(from, step, rows);
    smooth_along(rows, step, to);
}

void WaveletShrink::shrink_scale(int scale, ImageView<const float> sigma,
                                 ImageView<const std::uint8_t> usable, const ShrinkParams& params,
                                 ImageView<float> out) {
    const int step = 1 << scale;
    spline_smooth(fine_.view(), step, rows_.view(), coarse_.view());
    parallel_rows(out.height(), kGrain, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            const float* fine = fine_.view().row(y);
            const float* coarse = coarse_.view().row(y);
            float* detail = detail_.view().row(y);
            float* energy = energy_.view().row(y);
            for (int x = 0; x < out.width(); ++x) {
                detail[x] = fine[x] - coarse[x];
                energy[x] = detail[x] * detail[x];
            }
        }
    });
    const float noise = noise_of_scale(scale, detail_.cview(), sigma, usable);
    spline_smooth(energy_.view(), step, rows_.view(), energy_.view());
    const float least_gain = params.least_gain[static_cast<std::size_t>(scale)];
    const float per_energy = 1.0F / (noise * noise);
    const float slope = 1.0F / (params.signal_energy - params.noise_energy);
    parallel_rows(out.height(), kGrain, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            const float* detail = detail_.view().row(y);
            const float* energy = energy_.view().row(y);
            const float* deviation = sigma.row(y);
            float* to = out.row(y);
            for (int x = 0; x < out.width(); ++x) {
                const float relative = energy[x] * per_energy / (deviation[x] * deviation[x]);
                const float above = (relative - params.noise_energy) * slope;
                const float part = std::clamp(above, 0.0F, 1.0F);
                to[x] += (least_gain + (1.0F - least_gain) * part) * detail[x];
            }
        }
    });
    std::swap(fine_, coarse_);
}

void WaveletShrink::apply(ImageView<const float> picture, ImageView<const float> sigma,
                          ImageView<const std::uint8_t> usable, const ShrinkParams& params,
                          ImageView<float> out) {
    for (Image<float>* each : {&fine_, &coarse_, &detail_, &energy_, &rows_}) {
        each->resize(picture.extent());
    }
    copy_pixels(picture, fine_.view());
    for (int y = 0; y < out.height(); ++y) {
        std::fill_n(out.row(y), out.width(), 0.0F);
    }
    for (int scale = 0; scale < kScales; ++scale) {
        shrink_scale(scale, sigma, usable, params, out);
    }
    parallel_rows(out.height(), kGrain, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            const float* coarse = fine_.view().row(y);
            float* to = out.row(y);
            for (int x = 0; x < out.width(); ++x) {
                to[x] += coarse[x];
            }
        }
    });
}

}  // namespace dsm
