#include "dsp/opacification/line_filter.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "dsp/gpu/line_filter_shader.h"
#include "dsp/gpu/shader_files.h"
#include "tests/parity/gl_here.h"

using namespace dsm;

namespace {

// Noise, a bright line, a dark one and an edge.
Image<float> lines(Extent extent, unsigned seed) {
    std::mt19937 random(seed);
    std::normal_distribution<float> noise(0.0F, 0.01F);
    Image<float> image(extent);
    for (int y = 0; y < extent.height; ++y) {
        for (int x = 0; x < extent.width; ++x) {
            const bool bright = std::abs(x + y / 2 - extent.width / 2) < 3;
            const bool dark = std::abs(y - extent.height / 3) < 2;
            image(x, y) = noise(random) + (bright ? 0.05F : 0.0F) - (dark ? 0.04F : 0.0F) +
                          (x > 3 * extent.width / 4 ? 0.1F : 0.0F);
        }
    }
    return image;
}

double largest_difference(const Image<float>& a, const Image<float>& b) {
    double largest = 0.0;
    for (std::size_t i = 0; i < a.pixels().size(); ++i) {
        const auto apart =
            std::abs(static_cast<double>(a.pixels()[i]) - static_cast<double>(b.pixels()[i]));
        largest = apart <= largest ? largest : apart;
    }
    return largest;
}

// Of the pixels that respond: the others have no direction.
double share_of_others(const Image<std::uint8_t>& a, const Image<std::uint8_t>& b,
                       const Image<float>& response) {
    double others = 0.0;
    double all = 1.0;
    for (std::size_t i = 0; i < a.pixels().size(); ++i) {
        if (response.pixels()[i] > 0.0F) {
            others += a.pixels()[i] == b.pixels()[i] ? 0.0 : 1.0;
            all += 1.0;
        }
    }
    return others / all;
}

}  // namespace

TEST_CASE("lines stand out on the card as they do on the processor") {
    const auto context = test::gl_here();
    if (!context) {
        return;
    }
    const auto shaders = gpu::find_shader_folder();
    REQUIRE(shaders);
    auto on_card = gpu::LineFilterShader::load(*shaders);
    REQUIRE(on_card);
    LineResponse card;
    LineResponse processor;
    // One filter for pictures of all sizes, one after the other; the last is too small for a line.
    for (const Extent extent :
         {Extent{200, 260}, Extent{131, 177}, Extent{131, 177}, Extent{20, 90}}) {
        for (const LineScale scale : {LineScale{4.6, 16.7}, LineScale{12.5, 37.5}}) {
            CAPTURE(extent.width, scale.width_px);
            const Image<float> image = lines(extent, 5);
            on_card->respond(image.view(), scale, card);
            line_response(image.view(), scale, processor);
            REQUIRE(card.bright.extent() == extent);
            const float most = *std::max_element(processor.bright.pixels().begin(),
                                                 processor.bright.pixels().end());
            CHECK((most > 0.01F || extent.width == 20));
            CHECK(largest_difference(card.bright, processor.bright) < 1e-6);
            CHECK(largest_difference(card.dark, processor.dark) < 1e-6);
            // Rounding decides between directions that are as good.
            CHECK(share_of_others(card.bright_angle, processor.bright_angle, processor.bright) <
                  1e-3);
            CHECK(share_of_others(card.dark_angle, processor.dark_angle, processor.dark) < 1e-3);
        }
    }
    CHECK(gpu::check_driver("lines"));
    CHECK(on_card->take_use().readback_bytes > 0.0);
    CHECK(!on_card->take_use().used);
}
