// What the screen shows of values against the mapping that films are drawn with.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <set>
#include <utility>
#include <vector>

#include "dsp/core/display_mapping.h"
#include "dsp/gpu/frame_stages.h"
#include "dsp/gpu/framebuffer.h"
#include "dsp/gpu/picture_painter.h"
#include "dsp/gpu/shader_files.h"
#include "dsp/subtraction/mask_weights.h"
#include "tests/parity/gl_here.h"

using namespace dsm;

namespace {

constexpr Extent kExtent{67, 41};

gpu::PicturePainter painter() {
    const auto shaders = gpu::find_shader_folder();
    REQUIRE(shaders);
    auto loaded = gpu::PicturePainter::load(*shaders);
    REQUIRE(loaded);
    return std::move(*loaded);
}

// From below the window to above it, and what is not a number.
Image<float> ramp() {
    Image<float> values(kExtent);
    for (int y = 0; y < kExtent.height; ++y) {
        for (int x = 0; x < kExtent.width; ++x) {
            values(x, y) = 0.006F * static_cast<float>(x) + 0.0002F * static_cast<float>(y) - 0.1F;
        }
    }
    values(5, 7) = std::numeric_limits<float>::quiet_NaN();
    return values;
}

std::vector<std::uint8_t> painted(const gpu::Painting& painting, Extent target_size) {
    gpu::Framebuffer target;
    target.resize(target_size);
    target.bind();
    painter().paint(painting, target_size);
    auto pixels = gpu::read_window_rgb(target_size);
    gpu::Framebuffer::unbind();
    REQUIRE(gpu::check_driver("display"));
    return pixels;
}

int channel_of(std::uint32_t word, std::size_t channel) {
    return static_cast<int>((word >> (8U * (2U - channel))) & 0xFFU);
}

// Levels of 255 between what was painted, a target pixel for a pixel, and the processor's.
int furthest(const std::vector<std::uint8_t>& pixels, ImageView<const float> values,
             const DisplayMapping& mapping) {
    int most = 0;
    for (int y = 0; y < values.height(); ++y) {
        for (int x = 0; x < values.width(); ++x) {
            const std::uint32_t expected = shown_as(static_cast<double>(values(x, y)), mapping);
            for (std::size_t channel = 0; channel < 3; ++channel) {
                const auto at = 3 * static_cast<std::size_t>(y * values.width() + x) + channel;
                most = std::max(most, std::abs(pixels[at] - channel_of(expected, channel)));
            }
        }
    }
    return most;
}

}  // namespace

TEST_CASE("the screen shows the greys and colours of films") {
    const auto context = test::gl_here();
    if (!context) {
        return;
    }
    const Image<float> values = ramp();
    gpu::Texture texture;
    texture.upload(values.view());
    gpu::Painting painting;
    painting.values = &texture;
    const bool inverted = GENERATE(false, true);
    const bool in_colours = GENERATE(false, true);
    painting.mapping = {{0.1, 0.24}, inverted, in_colours};
    CAPTURE(inverted, in_colours);
    CHECK(furthest(painted(painting, kExtent), values.view(), painting.mapping) <= 1);
    // The comparison can fail.
    DisplayMapping other = painting.mapping;
    other.window.center += 0.01;
    CHECK(furthest(painted(painting, kExtent), values.view(), other) > 3);
}

TEST_CASE("stored words are scaled, magnified and laid under a picture as asked for") {
    const auto context = test::gl_here();
    if (!context) {
        return;
    }
    Image<std::uint16_t> words(kExtent);
    for (int y = 0; y < kExtent.height; ++y) {
        for (int x = 0; x < kExtent.width; ++x) {
            words(x, y) = static_cast<std::uint16_t>(50 * x + 7 * y);
        }
    }
    gpu::Texture stored;
    stored.upload(words.cview());
    gpu::Painting painting;
    painting.values = &stored;
    painting.scale = 65535.0F;
    painting.offset = -100.0F;
    painting.mapping.window = {1500.0, 3000.0};
    const double thrice = 1.0 / 3.0;
    painting.right = {thrice, 0.0};
    painting.down = {0.0, thrice};
    const Extent large{3 * kExtent.width + 6, 3 * kExtent.height};
    const auto pixels = painted(painting, large);
    const auto at = [&](int x, int y) {
        return static_cast<int>(pixels[3 * static_cast<std::size_t>(y * large.width + x)]);
    };
    // The middle of the nine target pixels a pixel covers.
    for (const auto& [x, y] : {std::pair{0, 0}, {30, 20}, {66, 40}, {12, 39}}) {
        const double value = static_cast<double>(words(x, y)) - 100.0;
        CHECK(std::abs(at(3 * x + 1, 3 * y + 1) -
                       channel_of(shown_as(value, painting.mapping), 0)) <= 1);
    }
    CHECK(at(large.width - 2, 5) == 8);  // beyond the picture

    const Image<float> values = ramp();
    gpu::Texture over;
    over.upload(values.view());
    gpu::Painting both;
    both.values = &over;
    both.mapping = {{0.1, 0.24}, true, false};
    both.anatomy = &stored;
    both.anatomy_scale = 65535.0F;
    both.anatomy_mapping = {{1500.0, 3000.0}, true, false};
    both.anatomy_part = 0.25;
    const auto blended = painted(both, kExtent);
    for (const auto& [x, y] : {std::pair{0, 0}, {30, 20}, {66, 40}}) {
        const double above =
            channel_of(shown_as(static_cast<double>(values(x, y)), both.mapping), 0);
        const double below = channel_of(shown_as(words(x, y), both.anatomy_mapping), 0);
        CHECK(blended[3 * static_cast<std::size_t>(y * kExtent.width + x)] ==
              Approx(0.75 * above + 0.25 * below).margin(1.0));
    }
}

TEST_CASE("opacity is shown where it lies, without a way through the computer's memory") {
    const auto context = test::gl_here();
    if (!context) {
        return;
    }
    RunInfo run;
    run.extent = kExtent;
    run.bits_stored = 12;
    run.intensity.relationship = PixelIntensityRelationship::linear;
    const auto shaders = gpu::find_shader_folder();
    REQUIRE(shaders);
    auto stages = gpu::FrameStages::create(*shaders, run, {0, 0, kExtent.width, kExtent.height});
    REQUIRE(stages);
    Image<std::uint16_t> words(kExtent);
    for (std::size_t i = 0; i < words.pixels().size(); ++i) {
        words.pixels()[i] = static_cast<std::uint16_t>(1000 + (i * 37) % 900);
    }
    Image<float> log_intensity(kExtent);
    Image<std::uint8_t> usable(kExtent);
    REQUIRE(stages->linearise(words.view()));
    REQUIRE(stages->read_linearised(log_intensity.view(), usable.view()));
    const Image<float> mask(kExtent, 7.4F);
    stages->put_mask(0, mask.view(), usable.view());
    const Displacement still(kExtent);
    const Image<float> weight({(kExtent.width + kWeightBlock_px - 1) / kWeightBlock_px,
                               (kExtent.height + kWeightBlock_px - 1) / kWeightBlock_px},
                              1.0F);
    const std::vector<gpu::LayerInMix> masks{{0, &still, weight.view()}};
    const NoiseModel noise{5.0F, 1.0F, {4e-3F, 2e-3F, 1e-3F}};
    Image<float> mix(kExtent);
    Image<float> opacity(kExtent);
    Image<float> sigma(kExtent);
    REQUIRE(stages->mix_subtract({masks, kWeightBlock_px, {}, 0.0F, &noise}));
    REQUIRE(stages->read_subtracted({mix.view(), usable.view(), opacity.view(), sigma.view()}));
    gpu::Texture there;
    there.look_at(stages->opacity());
    gpu::Painting painting;
    painting.values = &there;
    painting.mapping = {{0.2, 0.6}, true, false};
    const auto shown = painted(painting, kExtent);
    CHECK(furthest(shown, opacity.view(), painting.mapping) <= 1);
    CHECK(std::set<std::uint8_t>(shown.begin(), shown.end()).size() > 20);
    // The texture can be used for other values again, and these leave the stage's alone.
    there.upload(mask.view());
    painting.mapping.window = {7.4, 1.0};
    CHECK(furthest(painted(painting, kExtent), mask.view(), painting.mapping) <= 1);
    there.look_at(stages->opacity());
    painting.mapping.window = {0.2, 0.6};
    CHECK(painted(painting, kExtent) == shown);
}

TEST_CASE("outside the shutter nothing of the picture is shown") {
    const auto context = test::gl_here();
    if (!context) {
        return;
    }
    const Image<float> values = ramp();
    gpu::Texture texture;
    texture.upload(values.view());
    gpu::Painting painting;
    painting.values = &texture;
    painting.mapping = {{0.1, 1.0}, false, false};
    painting.shutter = PixelRect{10, 5, 30, 20};
    const auto pixels = painted(painting, kExtent);
    for (int y = 0; y < kExtent.height; ++y) {
        for (int x = 0; x < kExtent.width; ++x) {
            const bool inside = x >= 10 && x < 40 && y >= 5 && y < 25;
            const auto at = 3 * static_cast<std::size_t>(y * kExtent.width + x);
            CAPTURE(x, y);
            CHECK((pixels[at] > 20) == inside);
        }
    }
}
