#include "dsp/motion/pyramid.h"

#include <algorithm>

#include "dsp/core/parallel.h"

namespace dsm {
namespace {

constexpr int kShortestSide = 24;
// The first two levels are needed for mixing masks, however small the picture.
constexpr std::size_t kFewestLevels = 2;
constexpr int kSmallestSide = 4;

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

// Levels below the first, made from it.
void build_coarser(Pyramid& pyramid) {
    for (std::size_t i = 1; i < pyramid.levels.size(); ++i) {
        const Pyramid::Level& finer = pyramid.levels[i - 1];
        pyramid.levels[i].pixel_px = 2 * finer.pixel_px;
        halve(finer.value.view(), finer.usable.view(), pyramid.levels[i]);
    }
}

}  // namespace

std::size_t pyramid_levels(Extent extent, int most) {
    std::size_t count = 0;
    int side = std::min(extent.width, extent.height) / 2;
    while (static_cast<int>(count) < most &&
           side >= (count < kFewestLevels ? kSmallestSide : kShortestSide)) {
        ++count;
        side /= 2;
    }
    return count;
}

void build_pyramid(ImageView<const float> log_intensity, ImageView<const std::uint8_t> usable,
                   int most, Pyramid& pyramid) {
    const std::size_t count = pyramid_levels(log_intensity.extent(), most);
    pyramid.levels.resize(count);
    if (count == 0) {
        return;
    }
    pyramid.levels[0].pixel_px = 2;
    halve(log_intensity, usable, pyramid.levels[0]);
    build_coarser(pyramid);
}

void build_sum(const Pyramid& pyramid, ImageView<const float> added, Pyramid& sum) {
    sum.levels.resize(pyramid.levels.size());
    if (sum.levels.empty()) {
        return;
    }
    const Pyramid::Level& from = pyramid.levels[0];
    Pyramid::Level& to = sum.levels[0];
    to.pixel_px = from.pixel_px;
    to.value.resize(from.value.extent());
    to.usable.resize(from.value.extent());
    copy_pixels(from.usable.cview(), to.usable.view());
    parallel_rows(to.value.height(), 32, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            const float* a = from.value.view().row(y);
            const float* b = added.row(y);
            float* out = to.value.view().row(y);
            for (int x = 0; x < to.value.width(); ++x) {
                out[x] = a[x] + b[x];
            }
        }
    });
    build_coarser(sum);
}

}  // namespace dsm
