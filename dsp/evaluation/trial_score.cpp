#include "dsp/evaluation/trial_score.h"

#include <cmath>

namespace dsm::evaluation {
namespace {

constexpr std::size_t kLeastPixels = 100;

bool is(const LiveFrame& live, std::size_t at, Place place) {
    return live.place.pixels()[at] == static_cast<std::uint8_t>(place);
}

// Calls visit(position, error, truth) for the pixels of a place.
template <class Visit>
void for_each_pixel(const LiveFrame& live, Place place, ImageView<const float> opacity,
                    const Visit& visit) {
    std::size_t at = 0;
    for (int y = 0; y < opacity.height(); ++y) {
        const float* row = opacity.row(y);
        for (int x = 0; x < opacity.width(); ++x, ++at) {
            if (is(live, at, place)) {
                visit(static_cast<double>(row[x]), static_cast<double>(live.opacity.pixels()[at]));
            }
        }
    }
}

}  // namespace

double noise_floor(const TrialScene& scene, const LiveFrame& live) {
    const auto mask = scene.masks.back().pixels();
    double sum = 0.0;
    double count = 0.0;
    for (std::size_t at = 0; at < mask.size(); ++at) {
        if (is(live, at, Place::free)) {
            sum += scene.variance(static_cast<double>(live.quanta.pixels()[at])) +
                   scene.variance(static_cast<double>(mask[at]));
            count += 1.0;
        }
    }
    return std::sqrt(sum / std::max(count, 1.0));
}

double residual(const LiveFrame& live, ImageView<const float> opacity) {
    return std::sqrt(residual_product(live, opacity, opacity));
}

double residual_product(const LiveFrame& live, ImageView<const float> a, ImageView<const float> b) {
    double sum = 0.0;
    double count = 0.0;
    for (int y = 0; y < a.height(); ++y) {
        for (int x = 0; x < a.width(); ++x) {
            if (live.place(x, y) == static_cast<std::uint8_t>(Place::free)) {
                const float truth = live.opacity(x, y);
                sum += static_cast<double>(a(x, y) - truth) * static_cast<double>(b(x, y) - truth);
                count += 1.0;
            }
        }
    }
    return sum / std::max(count, 1.0);
}

std::optional<Kept> kept(const LiveFrame& live, Place place, ImageView<const float> opacity) {
    double n = 0.0, truth = 0.0, found = 0.0, squares = 0.0, products = 0.0, errors = 0.0;
    for_each_pixel(live, place, opacity, [&](double measured, double known) {
        n += 1.0;
        truth += known;
        found += measured;
        squares += known * known;
        products += known * measured;
        errors += (measured - known) * (measured - known);
    });
    const double spread = n * squares - truth * truth;
    if (n < static_cast<double>(kLeastPixels) || !(spread > 0.0) || !(truth > 0.0)) {
        return std::nullopt;
    }
    return Kept{(n * products - truth * found) / spread, std::sqrt(errors / n) / (truth / n)};
}

double end_point_error_px(const LiveFrame& live, const Displacement* found) {
    constexpr int kEvery = 4;
    double sum = 0.0;
    double count = 0.0;
    for (int y = 0; y < live.place.height(); y += kEvery) {
        for (int x = 0; x < live.place.width(); x += kEvery) {
            if (live.place(x, y) == static_cast<std::uint8_t>(Place::unused)) {
                continue;
            }
            const Point at{static_cast<double>(x), static_cast<double>(y)};
            const Point truth = live.field->at(at);
            sum += distance(truth, found != nullptr ? found->at(at) : Point{});
            count += 1.0;
        }
    }
    return sum / std::max(count, 1.0);
}

TrialFigures score(const TrialScene& scene, const LiveFrame& live,
                   ImageView<const float> noise_free, ImageView<const float> noisy) {
    const double floor = noise_floor(scene, live);
    TrialFigures figures;
    figures.artefact = residual(live, noise_free) / floor;
    figures.ratio = residual(live, noisy) / floor;
    figures.column = kept(live, Place::column, noise_free);
    figures.leak = kept(live, Place::leak, noise_free);
    return figures;
}

}  // namespace dsm::evaluation
