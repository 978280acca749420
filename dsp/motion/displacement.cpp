#include "dsp/motion/displacement.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace dsm {
namespace {

struct Between {
    int first;
    float part;  // of the way from `first` to `first + 1`
};

Between between(double at, int count) {
    if (count < 2) {
        return {0, 0.0F};
    }
    const double inside = std::clamp(at, 0.0, static_cast<double>(count - 1));
    const int first = std::min(static_cast<int>(inside), count - 2);
    return {first, static_cast<float>(inside - first)};
}

float mix(float a, float b, float part) {
    return a + part * (b - a);
}

int count_for(int length, int spacing) {
    return std::max(1, (length - 2 + spacing) / spacing + 1);
}

float sample(const Image<float>& image, Between x, Between y) {
    const int right = std::min(x.first + 1, image.width() - 1);
    const int below = std::min(y.first + 1, image.height() - 1);
    return mix(mix(image(x.first, y.first), image(right, y.first), x.part),
               mix(image(x.first, below), image(right, below), x.part), y.part);
}

}  // namespace

Displacement::Displacement(Extent extent, int spacing)
    : spacing_px(spacing),
      dx_px({count_for(extent.width, spacing), count_for(extent.height, spacing)}),
      dy_px(dx_px.extent()) {}

Displacement Displacement::clone() const {
    Displacement copy;
    copy.spacing_px = spacing_px;
    copy.dx_px = dx_px.clone();
    copy.dy_px = dy_px.clone();
    return copy;
}

void Displacement::assign(const Displacement& other) {
    spacing_px = other.spacing_px;
    for (auto [from, to] : {std::pair{&other.dx_px, &dx_px}, std::pair{&other.dy_px, &dy_px}}) {
        to->resize(from->extent());
        std::copy_n(from->pixels().data(), from->pixels().size(), to->pixels().data());
    }
}

bool Displacement::is_zero() const {
    const auto zero = [](float v) { return v == 0.0F; };
    return std::all_of(dx_px.pixels().begin(), dx_px.pixels().end(), zero) &&
           std::all_of(dy_px.pixels().begin(), dy_px.pixels().end(), zero);
}

bool Displacement::is_uniform() const {
    const auto same = [](std::span<const float> pixels) {
        return std::all_of(pixels.begin(), pixels.end(),
                           [&](float v) { return v == pixels.front(); });
    };
    return same(dx_px.pixels()) && same(dy_px.pixels());
}

Point Displacement::at(Point position_px) const {
    const Between x = between(position_px.x / spacing_px, nodes().width);
    const Between y = between(position_px.y / spacing_px, nodes().height);
    return {static_cast<double>(sample(dx_px, x, y)), static_cast<double>(sample(dy_px, x, y))};
}

void Displacement::along_row(int y, std::span<float> dx, std::span<float> dy) const {
    const Between row = between(static_cast<double>(y) / spacing_px, nodes().height);
    const int below = std::min(row.first + 1, nodes().height - 1);
    const auto fill = [&](const Image<float>& image, std::span<float> out) {
        const auto at = [&](int node) {
            return mix(image(node, row.first), image(node, below), row.part);
        };
        const int count = static_cast<int>(out.size());
        const float step = 1.0F / static_cast<float>(spacing_px);
        for (int node = 0; node * spacing_px < count; ++node) {
            const int here = std::min(node, nodes().width - 1);
            const float left = at(here);
            const float slope = (at(std::min(here + 1, nodes().width - 1)) - left) * step;
            const int start = node * spacing_px;
            const int length = std::min(spacing_px, count - start);
            for (int i = 0; i < length; ++i) {
                out[static_cast<std::size_t>(start + i)] = left + slope * static_cast<float>(i);
            }
        }
    };
    fill(dx_px, dx);
    fill(dy_px, dy);
}

Displacement Displacement::resampled(Extent extent, int spacing) const {
    Displacement result;
    resample(extent, spacing, result);
    return result;
}

void Displacement::resample(Extent extent, int spacing, Displacement& to) const {
    to.spacing_px = spacing;
    to.dx_px.resize({count_for(extent.width, spacing), count_for(extent.height, spacing)});
    to.dy_px.resize(to.dx_px.extent());
    for (int y = 0; y < to.nodes().height; ++y) {
        const Between down = between(static_cast<double>(y) * spacing / spacing_px, nodes().height);
        for (int x = 0; x < to.nodes().width; ++x) {
            const Between across =
                between(static_cast<double>(x) * spacing / spacing_px, nodes().width);
            to.dx_px(x, y) = sample(dx_px, across, down);
            to.dy_px(x, y) = sample(dy_px, across, down);
        }
    }
}

void Displacement::add(Point shift_px) {
    for (float& value : dx_px.pixels()) {
        value += static_cast<float>(shift_px.x);
    }
    for (float& value : dy_px.pixels()) {
        value += static_cast<float>(shift_px.y);
    }
}

Point Displacement::mean_px() const {
    Point sum;
    for (std::size_t i = 0; i < dx_px.pixels().size(); ++i) {
        sum = sum +
              Point{static_cast<double>(dx_px.pixels()[i]), static_cast<double>(dy_px.pixels()[i])};
    }
    return (1.0 / static_cast<double>(std::max<std::size_t>(1, dx_px.pixels().size()))) * sum;
}

double Displacement::max_px() const {
    // By squares: the length itself is wanted of one alone.
    double most = 0.0;
    std::size_t at = 0;
    for (std::size_t i = 0; i < dx_px.pixels().size(); ++i) {
        const auto x = static_cast<double>(dx_px.pixels()[i]);
        const auto y = static_cast<double>(dy_px.pixels()[i]);
        const double square = x * x + y * y;
        at = square > most ? i : at;
        most = std::max(most, square);
    }
    return dx_px.empty() ? 0.0
                         : length({static_cast<double>(dx_px.pixels()[at]),
                                   static_cast<double>(dy_px.pixels()[at])});
}

}  // namespace dsm
