#include "dsp/evaluation/exposures.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace dsm::evaluation {
namespace {

constexpr std::uint64_t kFirst = 0;
constexpr std::uint64_t kSecond = 1;

// Half the difference of ln I between a live frame and its mirror image: its noise.
Image<float> noise_of(const TrialScene& scene, std::size_t live, std::uint64_t number) {
    const std::size_t frame = scene.masks.size() + live;
    Image<std::uint16_t> fallen(scene.extent());
    Image<std::uint16_t> mirrored(scene.extent());
    scene.expose(frame, number, false, fallen.view());
    scene.expose(frame, number, true, mirrored.view());
    Image<float> noise(scene.extent());
    for (std::size_t i = 0; i < noise.pixels().size(); ++i) {
        const auto up = std::max(0.5, static_cast<double>(fallen.pixels()[i]));
        const auto down = std::max(0.5, static_cast<double>(mirrored.pixels()[i]));
        noise.pixels()[i] = static_cast<float>(0.5 * std::log(up / down));
    }
    return noise;
}

void add(float weight, const Image<float>& from, Image<float>& to) {
    for (std::size_t i = 0; i < to.pixels().size(); ++i) {
        to.pixels()[i] += weight * from.pixels()[i];
    }
}

// Mean product where there is no contrast, of pictures that hold no opacity.
double product(const LiveFrame& live, const Image<float>& a, const Image<float>& b) {
    double sum = 0.0;
    double count = 0.0;
    for (std::size_t i = 0; i < a.pixels().size(); ++i) {
        if (live.place.pixels()[i] == static_cast<std::uint8_t>(Place::free)) {
            sum += static_cast<double>(a.pixels()[i]) * static_cast<double>(b.pixels()[i]);
            count += 1.0;
        }
    }
    return sum / std::max(count, 1.0);
}

struct Parts {
    Image<float> repeated, from_live;
    Image<float> plain;  // as it fell, nothing mirrored
};

Result<Parts> parts_of(const TrialScene& scene, std::uint64_t masks, const Image<float>& noise,
                       const Subtraction& subtraction) {
    Parts parts{Image<float>(scene.extent()), noise.clone(), {}};
    for (const bool masks_mirrored : {false, true}) {
        for (const bool live_mirrored : {false, true}) {
            auto opacity = subtraction({masks, masks_mirrored}, {kFirst, live_mirrored});
            if (!opacity) {
                return tl::unexpected(opacity.error());
            }
            add(0.25F, *opacity, parts.repeated);
            add(live_mirrored ? -0.25F : 0.25F, *opacity, parts.from_live);
            if (!masks_mirrored && !live_mirrored) {
                parts.plain = std::move(*opacity);
            }
        }
    }
    return parts;
}

}  // namespace

Result<TrialFigures> score_from_outside(const TrialScene& scene, std::size_t live_index,
                                        const Subtraction& subtraction) {
    const LiveFrame& live = scene.lives[live_index];
    const double floor = noise_floor(scene, live);
    const Image<float> noise = noise_of(scene, live_index, kFirst);
    const auto first = parts_of(scene, kFirst, noise, subtraction);
    if (!first) {
        return tl::unexpected(first.error());
    }
    const auto second = parts_of(scene, kSecond, noise, subtraction);
    if (!second) {
        return tl::unexpected(second.error());
    }
    const double repeated = residual_product(live, first->repeated.view(), second->repeated.view());
    const double from_live = product(live, first->from_live, second->from_live);
    TrialFigures figures;
    figures.artefact = std::sqrt(std::max(0.0, repeated + 2.0 * from_live)) / floor;
    figures.ratio = residual(live, first->plain.view()) / floor;
    figures.column = kept(live, Place::column, first->repeated.view());
    figures.leak = kept(live, Place::leak, first->repeated.view());
    return figures;
}

}  // namespace dsm::evaluation
