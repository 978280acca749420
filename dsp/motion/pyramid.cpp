#include "dsp/motion/pyramid.h"

#include <algorithm>

#include "dsp/core/parallel.h"

namespace dsm {
namespace {

constexpr int kShortestSide = 24;

void halve(ImageView<const float> value, ImageView<const std::uint8_t> usable,
           Pyramid::Level& half) {
    half.value.resize({value.width() / 2, value.height() / 2});
    half.usable.resize(half.value.extent());
    const ImageView<float> out = half.value.view();
    const ImageView<std::uint8_t> good = half.usable.view();
    parallel_rows(out.height(), 32, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            const float* a = value.row(2 * y);
            const float* b = value.row(2 * y + 1);
            const std::uint8_t* ga = usable.row(2 * y);
            const std::uint8_t* gb = usable.row(2 * y + 1);
            float* to = out.row(y);
            std::uint8_t* to_good = good.row(y);
            for (int x = 0; x < out.width(); ++x) {
                to[x] = 0.25F * (a[2 * x] + a[2 * x + 1] + b[2 * x] + b[2 * x + 1]);
                to_good[x] = static_cast<std::uint8_t>(ga[2 * x] & ga[2 * x + 1] & gb[2 * x] &
                                                       gb[2 * x + 1]);
            }
        }
    });
}

}  // namespace

void build_pyramid(ImageView<const float> log_intensity, ImageView<const std::uint8_t> usable,
                   int most, Pyramid& pyramid) {
    std::size_t count = 0;
    int side = std::min(log_intensity.width(), log_intensity.height()) / 2;
    while (static_cast<int>(count) < most && side >= kShortestSide) {
        ++count;
        side /= 2;
    }
    pyramid.levels.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
        Pyramid::Level& level = pyramid.levels[i];
        level.pixel_px = 2 << i;
        if (i == 0) {
            halve(log_intensity, usable, level);
        } else {
            const Pyramid::Level& finer = pyramid.levels[i - 1];
            halve(finer.value.view(), finer.usable.view(), level);
        }
    }
}

}  // namespace dsm
