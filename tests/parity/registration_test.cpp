// Registration's work on pixels on the graphics card against the processor's, quantity by quantity
// and as whole fits.
#include "dsp/gpu/registration_pixels.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "dsp/gpu/shader_files.h"
#include "dsp/motion/register.h"
#include "dsp/motion/warp.h"
#include "tests/parity/gl_here.h"

using namespace dsm;

namespace {

constexpr float kDrift = 0.021F;
constexpr int kLayer = 2;

float texture(float x, float y) {
    return 5.0F + 0.2F * std::sin(0.21F * x + 0.1F * std::sin(0.05F * y)) * std::cos(0.17F * y) +
           0.1F * std::sin(0.063F * x - 0.11F * y);
}

Displacement wavy(Extent extent, int spacing, float amplitude_px) {
    Displacement field(extent, spacing);
    const float step = static_cast<float>(spacing);
    for (int y = 0; y < field.nodes().height; ++y) {
        for (int x = 0; x < field.nodes().width; ++x) {
            const float at =
                0.013F * step * static_cast<float>(x) + 0.009F * step * static_cast<float>(y);
            field.dx_px(x, y) = amplitude_px * std::sin(at);
            field.dy_px(x, y) = amplitude_px * std::cos(1.3F * at);
        }
    }
    return field;
}

// A mask, and a frame that has moved, with noise, contrast in a stripe and pixels not usable.
struct Pair {
    Image<float> live, mask;
    Image<std::uint8_t> live_usable, mask_usable;
    Pyramid live_pyramid, mask_pyramid;  // the frame's with drift removed

    Pair(Extent extent, unsigned seed)
        : live(extent),
          mask(extent),
          live_usable(extent, std::uint8_t{1}),
          mask_usable(extent, std::uint8_t{1}) {
        std::mt19937 random(seed);
        std::normal_distribution<float> normal(0.0F, 0.01F);
        for (int y = 0; y < extent.height; ++y) {
            for (int x = 0; x < extent.width; ++x) {
                mask(x, y) = texture(static_cast<float>(x), static_cast<float>(y));
            }
        }
        warp(mask.view(), wavy(extent, kNodeSpacing_px, 2.7F), live.view());
        const int middle = extent.width / 2;
        for (int y = 0; y < extent.height; ++y) {
            for (int x = 0; x < extent.width; ++x) {
                mask(x, y) += normal(random);
                live(x, y) += normal(random) - kDrift - (std::abs(x - middle) < 9 ? 0.2F : 0.0F);
                live_usable(x, y) = x < 3 || (x * 7 + y * 3) % 211 == 0 ? 0 : 1;
                mask_usable(x, y) = y < 5 ? 0 : 1;
            }
        }
        build_pyramid(live.view(), live_usable.view(), kPyramidLevels, live_pyramid);
        build_pyramid(mask.view(), mask_usable.view(), kPyramidLevels, mask_pyramid);
        for (Pyramid::Level& level : live_pyramid.levels) {
            for (float& value : level.value.pixels()) {
                value += kDrift;
            }
        }
    }
};

std::unique_ptr<gpu::RegistrationPixels> on_card(const Pair& pair) {
    const auto shaders = gpu::find_shader_folder();
    REQUIRE(shaders);
    auto pixels = gpu::RegistrationPixels::load(*shaders, pair.live.extent(), kLayer + 1);
    REQUIRE(pixels);
    gpu::PictureStack<float> live;
    gpu::PictureStack<std::uint8_t> usable;
    live.allocate(pair.live.extent());
    usable.allocate(pair.live.extent());
    live.upload(pair.live.view());
    usable.upload(pair.live_usable.view());
    (*pixels)->put_live(live, usable, kDrift, {});
    (*pixels)->put_mask(kLayer, pair.mask_pyramid.levels[0]);
    (*pixels)->compare(kLayer);
    return std::move(*pixels);
}

// Relative to the plane's largest: sums of both signs may be near zero by chance.
double largest_difference(const Image<float>& a, const Image<float>& b) {
    double difference = 0.0;
    double largest = 0.0;
    for (std::size_t i = 0; i < a.pixels().size(); ++i) {
        const auto expected = static_cast<double>(b.pixels()[i]);
        const double apart = std::abs(static_cast<double>(a.pixels()[i]) - expected);
        difference = apart <= difference ? difference : apart;
        largest = std::max(largest, std::abs(expected));
    }
    CHECK(largest > 0.0);
    return difference / largest;
}

double furthest_px(const Displacement& a, const Displacement& b) {
    REQUIRE(a.nodes() == b.nodes());
    double most = 0.0;
    for (std::size_t i = 0; i < a.dx_px.pixels().size(); ++i) {
        const auto x = static_cast<double>(a.dx_px.pixels()[i] - b.dx_px.pixels()[i]);
        const auto y = static_cast<double>(a.dy_px.pixels()[i] - b.dy_px.pixels()[i]);
        const double apart = std::hypot(x, y);
        most = apart <= most ? most : apart;
    }
    return most;
}

}  // namespace

TEST_CASE("every level of a pyramid is laid, judged and summed on the card as on the processor") {
    const auto context = test::gl_here();
    if (!context) {
        return;
    }
    const Extent extent = GENERATE(Extent{256, 192}, Extent{203, 149}, Extent{64, 64});
    const Pair pair(extent, 3);
    const auto card = on_card(pair);
    PyramidPixels processor;
    processor.compare(pair.live_pyramid, pair.mask_pyramid);
    REQUIRE(card->levels() == processor.levels());
    for (std::size_t level = 0; level < card->levels(); ++level) {
        CAPTURE(extent.width, level);
        const LevelPixels::Shape shape = card->shape(level);
        REQUIRE(shape.extent == processor.shape(level).extent);
        REQUIRE(shape.pixel_px == processor.shape(level).pixel_px);
        CHECK(card->usable(level) == processor.usable(level));
        const Displacement field = wavy(extent, kCell * shape.pixel_px, 1.9F);
        card->lay(level, field);
        processor.lay(level, field);
        CHECK(card->scale(1e-6F) == Approx(processor.scale(1e-6F)).epsilon(1e-4));
        CHECK(card->scale(0.5F) == 0.5F);
        CHECK(card->misfit(0.03F) == Approx(processor.misfit(0.03F)).epsilon(1e-5));
        const LevelPixels::Judged judged = card->judge(1e-6F);
        const LevelPixels::Judged expected = processor.judge(1e-6F);
        CHECK(judged.scale == Approx(expected.scale).epsilon(1e-4));
        CHECK(judged.misfit == Approx(expected.misfit).epsilon(1e-4));
        Image<float> offset(field.nodes(), 0.01F);
        CellSums on_card;
        CellSums on_processor;
        on_card.resize(field.nodes());
        on_processor.resize(field.nodes());
        const float scale = card->accumulate(0.005F, offset.view(), on_card);
        CHECK(scale ==
              Approx(processor.accumulate(0.005F, offset.view(), on_processor)).epsilon(1e-4));
        for (std::size_t p = 0; p < CellSums::kPlanes; ++p) {
            CAPTURE(p);
            CHECK(largest_difference(on_card.plane[p], on_processor.plane[p]) < 1e-4);
        }
    }
    CHECK(gpu::check_driver("registration"));
    const auto uses = card->take_uses();
    CHECK(uses.registration.readback_bytes > 0.0);
    CHECK(uses.registration.device_bytes > uses.registration.readback_bytes);
    CHECK(uses.pyramids.used);
    CHECK(card->take_uses().registration.device_bytes == 0.0);
}

TEST_CASE("a fit on the card ends where the processor's does") {
    const auto context = test::gl_here();
    if (!context) {
        return;
    }
    const Extent extent = GENERATE(Extent{320, 256}, Extent{203, 149});
    const Pair pair(extent, 5);
    const auto card = on_card(pair);
    Registrar registrar;
    RegistrationParams params;
    params.noise = 0.014F;
    params.method =
        GENERATE(RegistrationMethod::shift, RegistrationMethod::affine, RegistrationMethod::mesh);
    const Registration expected =
        registrar.estimate(pair.live_pyramid, pair.mask_pyramid, extent, params);
    const Registration found = registrar.estimate(*card, extent, params);
    CAPTURE(extent.width, to_string(params.method));
    CHECK(found.used == expected.used);
    CHECK(found.reason == expected.reason);
    CHECK(found.misfit == Approx(expected.misfit).epsilon(1e-3));
    CHECK((params.method != RegistrationMethod::mesh || expected.field.max_px() > 1.0));
    CHECK(furthest_px(found.field, expected.field) < 1e-3);
    if (params.method != RegistrationMethod::mesh) {
        return;
    }
    params.start = &expected.field;
    const Registration expected_next =
        registrar.estimate(pair.live_pyramid, pair.mask_pyramid, extent, params);
    const Registration next = registrar.estimate(*card, extent, params);
    CHECK(next.followed == expected_next.followed);
    CHECK(furthest_px(next.field, expected_next.field) < 1e-3);
}

TEST_CASE("coarse levels by the processor: the same fit, and the card is waited for a few times") {
    const auto context = test::gl_here();
    if (!context) {
        return;
    }
    const Extent extent{320, 256};
    const Pair pair(extent, 5);
    const auto card = on_card(pair);
    static_cast<void>(card->take_uses());
    PyramidPixels processor;
    processor.compare(pair.live_pyramid, pair.mask_pyramid);
    CoarseByProcessor both(*card, processor, 2);
    Registrar registrar;
    RegistrationParams params;
    params.noise = 0.014F;
    const Registration expected =
        registrar.estimate(pair.live_pyramid, pair.mask_pyramid, extent, params);
    const Registration found = registrar.estimate(both, extent, params);
    CHECK(found.used == expected.used);
    CHECK(furthest_px(found.field, expected.field) < 1e-3);
    CHECK(card->take_uses().registration.waits <= 20.0);
    params.start = &expected.field;
    params.finest_px = 4;
    const Registration next = registrar.estimate(both, extent, params);
    const Registration expected_next =
        registrar.estimate(pair.live_pyramid, pair.mask_pyramid, extent, params);
    CHECK(furthest_px(next.field, expected_next.field) < 1e-3);
    const double waits = card->take_uses().registration.waits;
    CHECK(waits > 2.0);
    CHECK(waits <= 8.0);
}

TEST_CASE("a frame without its contrast is put together on the card") {
    const auto context = test::gl_here();
    if (!context) {
        return;
    }
    const Extent extent{256, 192};
    const Pair pair(extent, 8);
    Image<float> contrast({extent.width / 2, extent.height / 2});
    for (int y = 0; y < contrast.height(); ++y) {
        for (int x = 60; x < 70; ++x) {
            contrast(x, y) = 0.15F;
        }
    }
    Pyramid bare;
    build_sum(pair.live_pyramid, contrast.view(), bare);
    const auto card = on_card(pair);
    gpu::PictureStack<float> live;
    gpu::PictureStack<std::uint8_t> usable;
    live.allocate(extent);
    usable.allocate(extent);
    live.upload(pair.live.view());
    usable.upload(pair.live_usable.view());
    card->put_live(live, usable, kDrift, contrast.view());
    PyramidPixels processor;
    processor.compare(bare, pair.mask_pyramid);
    for (std::size_t level = 0; level < card->levels(); ++level) {
        const Displacement field = wavy(extent, kCell * card->shape(level).pixel_px, 1.9F);
        card->lay(level, field);
        processor.lay(level, field);
        CHECK(card->misfit(0.03F) == Approx(processor.misfit(0.03F)).epsilon(1e-5));
    }
}
