// The contrast memory on the card against the processor's, frame after frame: contrast that comes
// and moves on, a breath let go, both measurements or one.
#include "dsp/gpu/contrast_memory_shader.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "dsp/gpu/context.h"
#include "dsp/gpu/shader_files.h"
#include "tests/parity/gl_here.h"

using namespace dsm;

namespace {

constexpr int kFrames = 12;
constexpr int kBreath = 7;  // the frame with residue everywhere

struct Frame {
    Image<float> certain, mixed, sigma;
};

Frame frame_of(Extent extent, int k) {
    std::mt19937 random(static_cast<unsigned>(k) + 3U);
    std::normal_distribution<float> normal;
    Frame frame{Image<float>(extent), Image<float>(extent), Image<float>(extent)};
    for (int y = 0; y < extent.height; ++y) {
        for (int x = 0; x < extent.width; ++x) {
            const float noise = 0.02F + 1e-4F * static_cast<float>(x);
            const float sac = k >= 2 && std::abs(x - extent.width / 2) < 8 && y < 9 * k ? 0.35F : 0;
            const float vein = k >= 5 && std::abs(y - 30) < 2 && x > 8 && x < 50 ? 0.05F : 0.0F;
            const float residue =
                (k == kBreath ? 0.25F : 0.01F) * std::sin(0.7F * static_cast<float>(x + 2 * y + k));
            frame.sigma(x, y) = noise;
            frame.certain(x, y) = sac + vein + residue + 0.5F * noise * normal(random);
            frame.mixed(x, y) =
                0.9F * (sac + vein) + 0.3F * residue + 0.5F * noise * normal(random);
        }
    }
    return frame;
}

double largest_difference(const Image<float>& a, const Image<float>& b) {
    REQUIRE(a.extent() == b.extent());
    double largest = 0.0;
    for (std::size_t i = 0; i < a.pixels().size(); ++i) {
        const double apart =
            std::abs(static_cast<double>(a.pixels()[i]) - static_cast<double>(b.pixels()[i]));
        REQUIRE(std::isfinite(apart));
        largest = std::max(largest, apart);
    }
    return largest;
}

}  // namespace

TEST_CASE("the contrast memory on the card remembers what the processor's does") {
    const auto context = test::gl_here();
    if (!context) {
        return;
    }
    const auto shaders = gpu::find_shader_folder();
    REQUIRE(shaders);
    auto card = gpu::ContrastMemoryShader::load(*shaders);
    REQUIRE(card);
    const Extent extent = GENERATE(Extent{96, 80}, Extent{101, 67});
    ContrastMemory processor;
    Image<float> expected;
    Image<float> found;
    float most = 0.0F;
    for (int k = 0; k < kFrames; ++k) {
        CAPTURE(extent.width, k);
        const Frame frame = frame_of(extent, k);
        ContrastMeasurement measurement{frame.certain.view(), {}, frame.sigma.view(), 0.4};
        processor.expect(measurement, expected);
        card->expect(measurement, found);
        CHECK(largest_difference(found, expected) < 1e-4);
        if (k >= 4) {
            measurement.mixed = frame.mixed.view();
        }
        processor.follow(measurement, expected);
        card->follow(measurement, found);
        CHECK(largest_difference(found, expected) < 1e-4);
        most =
            std::max(most, *std::max_element(expected.pixels().begin(), expected.pixels().end()));
    }
    REQUIRE(gpu::check_driver("contrast_memory"));
    CHECK(most > 0.3F);
}
