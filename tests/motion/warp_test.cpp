#include "dsp/motion/warp.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/motion/scene.h"

using namespace dsm;
using namespace dsm::test;

namespace {

Image<float> numbered(Extent extent) {
    Image<float> image(extent);
    for (int y = 0; y < extent.height; ++y) {
        for (int x = 0; x < extent.width; ++x) {
            image(x, y) = static_cast<float>(x + 1000 * y);
        }
    }
    return image;
}

}  // namespace

TEST_CASE("mask_registered(x, y) is mask(x + dx, y + dy)") {
    const Image<float> mask = numbered({40, 30});
    Displacement field(mask.extent());
    field.add({3.0, 5.0});
    Image<float> registered(mask.extent());
    warp(mask.view(), field, registered.view());
    CHECK(registered(10, 12) == Approx(13 + 1000 * 17));
    CHECK(registered(0, 0) == Approx(3 + 1000 * 5));
    CHECK(registered(39, 29) == Approx(39 + 1000 * 29));
}

TEST_CASE("a linear ramp is resampled exactly at fractions of a pixel") {
    const Image<float> mask = numbered({64, 48});
    for (const bool uniform : {true, false}) {
        Displacement field(mask.extent());
        field.add({0.37, -1.61});
        if (!uniform) {
            field.dx_px(3, 2) += 1e-6F;
        }
        Image<float> registered(mask.extent());
        warp(mask.view(), field, registered.view());
        CHECK(registered(20, 20) == Approx(20.37 + 1000 * 18.39).epsilon(1e-6));
    }
}

TEST_CASE("zero displacement copies bit for bit") {
    const Image<float> mask = picture(
        {50, 40}, [](double, double) { return Point{}; }, 0.01, 1);
    const Displacement field(mask.extent());
    Image<float> registered(mask.extent());
    warp(mask.view(), field, registered.view());
    CHECK(std::equal(mask.pixels().begin(), mask.pixels().end(), registered.pixels().begin()));
}

TEST_CASE("the general and the uniform path agree") {
    const Image<float> mask = picture(
        {90, 70}, [](double, double) { return Point{}; }, 0.01, 2);
    Displacement uniform(mask.extent());
    uniform.add({1.3, -0.8});
    Displacement general = uniform.clone();
    general.dx_px(0, 0) += 1e-6F;
    REQUIRE_FALSE(general.is_uniform());
    Image<float> a(mask.extent());
    Image<float> b(mask.extent());
    warp(mask.view(), uniform, a.view());
    warp(mask.view(), general, b.view());
    float worst = 0.0F;
    for (std::size_t i = 0; i < a.pixels().size(); ++i) {
        worst = std::max(worst, std::abs(a.pixels()[i] - b.pixels()[i]));
    }
    CHECK(worst < 2e-5F);
}

TEST_CASE("a displacement beyond any picture reads the border and marks it unusable") {
    const Image<float> mask = numbered({40, 30});
    Displacement field(mask.extent());
    field.add({1e9, -1e9});
    Image<float> registered(mask.extent());
    warp(mask.view(), field, registered.view());
    CHECK(registered(5, 5) == Approx(39));
    const Image<std::uint8_t> all(mask.extent(), 1);
    Image<std::uint8_t> usable(mask.extent(), 1);
    keep_covered(field, all.view(), usable.view());
    CHECK(std::none_of(usable.pixels().begin(), usable.pixels().end(),
                       [](std::uint8_t good) { return good != 0; }));
}

TEST_CASE("pixels the mask does not cover are not usable") {
    Displacement field(Extent{40, 30});
    field.add({3.0, 0.0});
    const Image<std::uint8_t> all({40, 30}, 1);
    Image<std::uint8_t> usable({40, 30}, 1);
    keep_covered(field, all.view(), usable.view());
    CHECK(usable(36, 10) == 1);
    CHECK(usable(37, 10) == 0);
}

TEST_CASE("a field resampled to finer control points is the same field") {
    Displacement field(Extent{200, 150}, 32);
    field.dx_px(2, 1) = 4.0F;
    field.dy_px(3, 3) = -2.0F;
    const Displacement fine = field.resampled({200, 150}, 16);
    CHECK(fine.at({64, 32}).x == Approx(4.0));
    CHECK(fine.at({80, 32}).x == Approx(field.at({80, 32}).x));
    CHECK(fine.at({96, 96}).y == Approx(-2.0));
}

TEST_CASE("masks resampled with weights are the sum of masks resampled") {
    const Extent extent{90, 70};
    const Image<float> first = picture(
        extent, [](double, double) { return Point{}; }, 0.01, 2);
    const Image<float> second = picture(
        extent, [](double, double) { return Point{}; }, 0.01, 3);
    Displacement moved(extent);
    moved.add({1.3, -0.8});
    moved.dx_px(2, 1) += 0.7F;
    Displacement still(extent);
    const Extent blocks{12, 9};
    const Image<float> a(blocks, 1.25F);
    const Image<float> b(blocks, -0.25F);
    Image<std::uint8_t> whole(extent, 1);
    Image<float> sum(extent);
    Image<float> squares(extent);
    Image<std::uint8_t> usable(extent, 1);
    warp_weighted({{first.view(), whole.view(), &moved, a.view()},
                   {second.view(), whole.view(), &still, b.view()}},
                  1, 8, {sum.view(), squares.view(), usable.view()});
    Image<float> registered(extent);
    warp(first.view(), moved, registered.view());
    float worst = 0.0F;
    for (std::size_t i = 0; i < sum.pixels().size(); ++i) {
        worst = std::max(worst, std::abs(sum.pixels()[i] - 1.25F * registered.pixels()[i] +
                                         0.25F * second.pixels()[i]));
    }
    CHECK(worst < 1e-4F);
    CHECK(squares(40, 40) == Approx(1.25 * 1.25 + 0.25 * 0.25));
    CHECK(usable(40, 40) == 1);
    CHECK(usable(40, 0) == 0);  // looked up above the picture
}

TEST_CASE("weights vary over a picture at half resolution as over the full one") {
    const Extent full{88, 72};
    const Extent half{44, 36};
    const Image<float> one(half, 1.0F);
    const Image<std::uint8_t> whole(half, 1);
    const Displacement still(full);
    Image<float> weight({11, 9});
    for (int y = 0; y < 9; ++y) {
        for (int x = 0; x < 11; ++x) {
            weight(x, y) = 0.1F * static_cast<float>(x + 1) + 0.05F * static_cast<float>(y);
        }
    }
    Image<float> sum(half);
    Image<float> squares(half);
    Image<std::uint8_t> usable(half, 1);
    warp_weighted({{one.view(), whole.view(), &still, weight.view()}}, 2, 8,
                  {sum.view(), squares.view(), usable.view()});
    // Block (x, y) is centred on half-resolution pixel (4 x + 3/2, 4 y + 3/2).
    CHECK(sum(20, 16) == Approx(0.1 * (18.5 / 4 + 1) + 0.05 * 14.5 / 4).epsilon(1e-4));
    CHECK(sum(0, 0) == Approx(0.1));
    CHECK(sum(43, 35) == Approx(1.1 + 0.4));
    CHECK(squares(20, 16) == Approx(sum(20, 16) * sum(20, 16)).epsilon(1e-4));
}

TEST_CASE("a mask without a weight is not looked at") {
    const Extent extent{64, 48};
    const Image<float> good(extent, 2.0F);
    const Image<float> bad(extent, std::nanf(""));
    const Image<std::uint8_t> whole(extent, 1);
    const Image<std::uint8_t> none(extent, 0);
    const Displacement still(extent);
    const Image<float> one({8, 6}, 1.0F);
    const Image<float> zero({8, 6});
    Image<float> sum(extent);
    Image<float> squares(extent);
    Image<std::uint8_t> usable(extent, 1);
    warp_weighted({{bad.view(), none.view(), &still, zero.view()},
                   {good.view(), whole.view(), &still, one.view()}},
                  1, 8, {sum.view(), squares.view(), usable.view()});
    for (std::size_t i = 0; i < sum.pixels().size(); ++i) {
        REQUIRE(sum.pixels()[i] == Approx(2.0));
        REQUIRE(squares.pixels()[i] == Approx(1.0));
        REQUIRE(usable.pixels()[i] == 1);
    }
}
