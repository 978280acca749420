#include "dsp/evaluation/exposures.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

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

// Mean square where there is no contrast; `picture` holds no opacity.
double power(const LiveFrame& live, const Image<float>& picture) {
    double sum = 0.0;
    double count = 0.0;
    for (std::size_t i = 0; i < picture.pixels().size(); ++i) {
        if (live.place.pixels()[i] == static_cast<std::uint8_t>(Place::free)) {
            const auto value = static_cast<double>(picture.pixels()[i]);
            sum += value * value;
            count += 1.0;
        }
    }
    return sum / std::max(count, 1.0);
}

}  // namespace

Result<TrialFigures> score_from_outside(const TrialScene& scene, std::size_t live_index,
                                        const Subtraction& subtraction) {
    struct Run {
        std::uint64_t number;
        bool masks_mirrored, live_mirrored;
        float repeated1, repeated2, from_live;
    };
    constexpr std::array kRuns{Run{kFirst, false, false, 0.25F, 0.0F, 0.25F},
                               Run{kFirst, false, true, 0.25F, 0.0F, -0.25F},
                               Run{kFirst, true, false, 0.25F, 0.0F, 0.25F},
                               Run{kFirst, true, true, 0.25F, 0.0F, -0.25F},
                               Run{kSecond, false, false, 0.0F, 0.5F, 0.0F},
                               Run{kSecond, true, true, 0.0F, 0.5F, 0.0F}};
    const LiveFrame& live = scene.lives[live_index];
    const double floor = noise_floor(scene, live);
    Image<float> repeated1(scene.extent());
    Image<float> repeated2(scene.extent());
    Image<float> from_live = noise_of(scene, live_index, kFirst);
    TrialFigures figures;
    for (const Run& run : kRuns) {
        const auto opacity =
            subtraction({run.number, run.masks_mirrored}, {run.number, run.live_mirrored});
        if (!opacity) {
            return tl::unexpected(opacity.error());
        }
        if (&run == kRuns.data()) {
            figures.ratio = residual(live, opacity->view()) / floor;
        }
        add(run.repeated1, *opacity, repeated1);
        add(run.repeated2, *opacity, repeated2);
        add(run.from_live, *opacity, from_live);
    }
    const double repeated =
        std::max(0.0, residual_product(live, repeated1.view(), repeated2.view()));
    figures.artefact = std::sqrt(repeated + 2.0 * power(live, from_live)) / floor;
    figures.column = kept(live, Place::column, repeated1.view());
    figures.leak = kept(live, Place::leak, repeated1.view());
    return figures;
}

}  // namespace dsm::evaluation
