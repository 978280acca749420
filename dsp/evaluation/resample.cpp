#include "dsp/evaluation/resample.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include "dsp/core/parallel.h"

namespace dsm::evaluation {
namespace {

constexpr int kLobes = 3;
using Weights = std::array<double, 2 * kLobes>;

// Weights of the pixels from floor(x) - 2 to floor(x) + 3, made to sum to 1.
Weights lanczos(double part) {
    Weights weights{};
    double sum = 0.0;
    for (int i = 0; i < 2 * kLobes; ++i) {
        const double t = std::numbers::pi * (part - (i - kLobes + 1));
        const double w =
            std::abs(t) < 1e-9 ? 1.0 : kLobes * std::sin(t) * std::sin(t / kLobes) / (t * t);
        weights[static_cast<std::size_t>(i)] = w;
        sum += w;
    }
    for (double& w : weights) {
        w /= sum;
    }
    return weights;
}

float sample(ImageView<const float> picture, double x, double y) {
    const double left = std::floor(x);
    const double top = std::floor(y);
    const Weights across = lanczos(x - left);
    const Weights down = lanczos(y - top);
    double sum = 0.0;
    for (int j = 0; j < 2 * kLobes; ++j) {
        const int row = static_cast<int>(top) + j - kLobes + 1;
        const float* from = picture.row(std::clamp(row, 0, picture.height() - 1));
        double mixed = 0.0;
        for (int i = 0; i < 2 * kLobes; ++i) {
            const int column = static_cast<int>(left) + i - kLobes + 1;
            mixed += across[static_cast<std::size_t>(i)] *
                     static_cast<double>(from[std::clamp(column, 0, picture.width() - 1)]);
        }
        sum += down[static_cast<std::size_t>(j)] * mixed;
    }
    return static_cast<float>(sum);
}

}  // namespace

Image<float> moved(ImageView<const float> picture, const Displacement& field) {
    Image<float> result(picture.extent());
    parallel_rows(picture.height(), 8, [&](int first, int last) {
        std::vector<float> dx(static_cast<std::size_t>(picture.width()));
        std::vector<float> dy(dx.size());
        for (int y = first; y < last; ++y) {
            field.along_row(y, dx, dy);
            for (int x = 0; x < picture.width(); ++x) {
                const auto i = static_cast<std::size_t>(x);
                result(x, y) = dx[i] == 0.0F && dy[i] == 0.0F
                                   ? picture(x, y)
                                   : sample(picture, x + static_cast<double>(dx[i]),
                                            y + static_cast<double>(dy[i]));
            }
        }
    });
    return result;
}

}  // namespace dsm::evaluation
