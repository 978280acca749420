#include "dsp/phantom/detector.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "dsp/core/parallel.h"
#include "dsp/phantom/random.h"

namespace dsm::phantom {
namespace {

enum Purpose : std::uint64_t { kQuanta = 801 };

constexpr double kLogRange = 5.5;
constexpr int kCoarse = 8;  // px per cell of the scatter grid

std::vector<float> gaussian(double sigma) {
    const int radius = std::max(1, static_cast<int>(std::ceil(3.0 * sigma)));
    std::vector<double> weights;
    double sum = 0.0;
    for (int i = -radius; i <= radius; ++i) {
        weights.push_back(std::exp(-0.5 * i * i / (sigma * sigma)));
        sum += weights.back();
    }
    std::vector<float> normalised;
    for (const double w : weights) {
        normalised.push_back(static_cast<float>(w / sum));
    }
    return normalised;
}

struct CubicWeights {
    float w[4];
};

CubicWeights cubic_weights(float t) {
    const float t2 = t * t;
    const float t3 = t2 * t;
    return {{-0.5F * t3 + t2 - 0.5F * t, 1.5F * t3 - 2.5F * t2 + 1.0F,
             -1.5F * t3 + 2.0F * t2 + 0.5F * t, 0.5F * t3 - 0.5F * t2}};
}

}  // namespace

float sample_cubic(ImageView<const float> layer, double x, double y) {
    // Beyond the drawing its edge goes on.
    const double inside_x = std::clamp(x, -8.0, layer.width() + 8.0);
    const double inside_y = std::clamp(y, -8.0, layer.height() + 8.0);
    const int left = static_cast<int>(inside_x + 16.0) - 16;
    const int top = static_cast<int>(inside_y + 16.0) - 16;
    const CubicWeights across = cubic_weights(static_cast<float>(inside_x - left));
    const CubicWeights down = cubic_weights(static_cast<float>(inside_y - top));
    if (left >= 1 && top >= 1 && left + 2 < layer.width() && top + 2 < layer.height()) {
        const float* row = layer.data() + (top - 1) * layer.stride() + left - 1;
        float sum = 0.0F;
        for (int j = 0; j < 4; ++j, row += layer.stride()) {
            sum += down.w[j] * (across.w[0] * row[0] + across.w[1] * row[1] + across.w[2] * row[2] +
                                across.w[3] * row[3]);
        }
        return sum;
    }
    float sum = 0.0F;
    for (int j = 0; j < 4; ++j) {
        const float* row = layer.row(std::clamp(top - 1 + j, 0, layer.height() - 1));
        for (int i = 0; i < 4; ++i) {
            sum += down.w[j] * across.w[i] * row[std::clamp(left - 1 + i, 0, layer.width() - 1)];
        }
    }
    return sum;
}

void blur(Image<float>& image, double sigma_px, Image<float>& scratch) {
    if (sigma_px <= 0.0) {
        return;
    }
    const std::vector<float> weights = gaussian(sigma_px);
    const int radius = static_cast<int>(weights.size() / 2);
    scratch.resize(image.extent());
    const int width = image.width();
    const int height = image.height();
    const ImageView<float> pixels = image.view();
    const ImageView<float> across = scratch.view();
    parallel_rows(height, 16, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            const float* in = pixels.row(y);
            float* out = across.row(y);
            for (int x = 0; x < width; ++x) {
                float sum = 0.0F;
                const bool inside = x >= radius && x + radius < width;
                for (int i = -radius; i <= radius; ++i) {
                    sum += weights[static_cast<std::size_t>(i + radius)] *
                           in[inside ? x + i : std::clamp(x + i, 0, width - 1)];
                }
                out[x] = sum;
            }
        }
    });
    parallel_rows(height, 16, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            float* out = pixels.row(y);
            std::fill_n(out, width, 0.0F);
            for (int i = -radius; i <= radius; ++i) {
                const float* in = across.row(std::clamp(y + i, 0, height - 1));
                const float w = weights[static_cast<std::size_t>(i + radius)];
                for (int x = 0; x < width; ++x) {
                    out[x] += w * in[x];
                }
            }
        }
    });
}

void scatter_field(ImageView<const float> primary, double sigma_px, double fraction,
                   ImageView<float> scatter) {
    const int columns = (primary.width() + kCoarse - 1) / kCoarse;
    const int rows = (primary.height() + kCoarse - 1) / kCoarse;
    Image<float> coarse({columns, rows});
    parallel_rows(rows, 1, [&](int first, int last) {
        for (int cy = first; cy < last; ++cy) {
            for (int cx = 0; cx < columns; ++cx) {
                double sum = 0.0;
                int count = 0;
                for (int y = cy * kCoarse; y < std::min(primary.height(), (cy + 1) * kCoarse);
                     ++y) {
                    for (int x = cx * kCoarse; x < std::min(primary.width(), (cx + 1) * kCoarse);
                         ++x) {
                        sum += static_cast<double>(primary.row(y)[x]);
                        ++count;
                    }
                }
                coarse(cx, cy) = static_cast<float>(sum / count);
            }
        }
    });
    Image<float> scratch;
    blur(coarse, std::max(0.5, sigma_px / kCoarse), scratch);
    const double ratio = fraction / (1.0 - fraction);
    parallel_rows(scatter.height(), 16, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            for (int x = 0; x < scatter.width(); ++x) {
                const float value = sample_cubic(coarse.view(), (x + 0.5) / kCoarse - 0.5,
                                                 (y + 0.5) / kCoarse - 0.5);
                scatter.row(y)[x] = static_cast<float>(ratio * static_cast<double>(value));
            }
        }
    });
}

double quanta_per_ugy(double detector_pixel_mm) {
    return 31500.0 * 0.70 * detector_pixel_mm * detector_pixel_mm;
}

Encoding::Encoding(const ImageRecipe& recipe, double brightest_quanta)
    : logarithmic_(recipe.intensity != Intensity::linear),
      largest_((1 << recipe.bits) - 1),
      full_scale_quanta_(brightest_quanta / recipe.white_level) {}

std::uint16_t Encoding::stored(double quanta) const {
    const double share = std::max(quanta, 0.0) / full_scale_quanta_;
    const double value = logarithmic_ ? 1.0 + std::log(std::max(share, 1e-9)) / kLogRange : share;
    return static_cast<std::uint16_t>(std::lround(largest_ * std::clamp(value, 0.0, 1.0)));
}

std::vector<float> Encoding::table_to_linear() const {
    std::vector<float> table;
    if (!logarithmic_) {
        return table;
    }
    for (double v = 0.0; v <= largest_; v += 1.0) {
        table.push_back(
            static_cast<float>(std::lround(65535.0 * std::exp(kLogRange * (v / largest_ - 1.0)))));
    }
    return table;
}

void expose(const Recipe& recipe, const Encoding& encoding, int frame,
            ImageView<const float> quanta, ImageView<std::uint16_t> words) {
    parallel_rows(words.height(), 8, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            Random random(
                recipe.seed, kQuanta,
                (static_cast<std::uint64_t>(frame) << 32U) + static_cast<std::uint64_t>(y));
            const float* mean = quanta.row(y);
            std::uint16_t* out = words.row(y);
            for (int x = 0; x < words.width(); ++x) {
                double detected = random.poisson(static_cast<double>(mean[x]));
                if (recipe.detector.read_noise_quanta > 0.0) {
                    detected += recipe.detector.read_noise_quanta * random.normal();
                }
                out[x] = encoding.stored(detected);
            }
        }
    });
}

}  // namespace dsm::phantom
