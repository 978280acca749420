#include "dsp/core/thumbnail.h"

#include <catch2/catch.hpp>

using namespace dsm;

namespace {

// Dark on the left, light on the right.
Image<std::uint16_t> two_halves(Extent extent) {
    Image<std::uint16_t> words(extent);
    for (int y = 0; y < extent.height; ++y) {
        for (int x = 0; x < extent.width; ++x) {
            words(x, y) = x < extent.width / 2 ? 1000 : 3000;
        }
    }
    return words;
}

}  // namespace

TEST_CASE("a thumbnail keeps the shape of the frame, and what is dark and light in it") {
    const auto words = two_halves({400, 200});
    const auto small = thumbnail(words.cview(), {}, 100);
    CHECK(small.extent() == Extent{100, 50});
    CHECK(small(10, 25) == 0);
    CHECK(small(90, 25) > 200);
    RunInfo inverted;
    inverted.monochrome1 = true;
    CHECK(thumbnail(words.cview(), inverted, 100)(10, 25) > 200);
}

TEST_CASE("a thumbnail looks for its greys inside the shutter, and enlarges nothing") {
    auto words = two_halves({80, 40});
    for (int y = 0; y < 40; ++y) {
        words(0, y) = 65535;  // a bright edge outside it
        words(1, y) = 65535;
    }
    RunInfo info;
    info.shutter = PixelRect{4, 0, 76, 40};
    const auto small = thumbnail(words.cview(), info, 500);
    CHECK(small.extent() == Extent{80, 40});
    CHECK(small(20, 20) == 0);
    CHECK(small(60, 20) > 200);
    CHECK(thumbnail(Image<std::uint16_t>().cview(), {}, 100).empty());
    // One value all over is a picture too.
    CHECK(thumbnail(Image<std::uint16_t>(Extent{3, 2}).cview(), {}, 1).extent() == Extent{1, 1});
}
