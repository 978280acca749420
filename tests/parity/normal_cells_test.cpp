#include "dsp/motion/normal_cells.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "dsp/gpu/normal_cells_shader.h"
#include "dsp/gpu/shader_files.h"
#include "tests/parity/gl_here.h"

using namespace dsm;

namespace {

// Texture that has moved by a third of a pixel, noise, and contrast in a stripe.
struct Level {
    Image<float> mask, live, usable, offset;

    explicit Level(Extent extent)
        : mask(extent),
          live(extent),
          usable(extent),
          offset({extent.width / kCell + 1, extent.height / kCell + 1}) {
        std::mt19937 random(7);
        std::normal_distribution<float> normal(0.0F, 0.01F);
        for (int y = 0; y < extent.height; ++y) {
            for (int x = 0; x < extent.width; ++x) {
                mask(x, y) = texture(static_cast<float>(x), static_cast<float>(y)) + normal(random);
                live(x, y) = texture(static_cast<float>(x) + 0.3F, static_cast<float>(y)) +
                             normal(random) - (x > 20 && x < 32 ? 0.2F : 0.0F);
                usable(x, y) = (x * 7 + y * 3) % 13 == 0 ? 0.0F : 1.0F;
            }
        }
        for (float& value : offset.pixels()) {
            value = normal(random);
        }
    }
    static float texture(float x, float y) {
        return 5.0F + 0.2F * std::sin(0.4F * x) * std::cos(0.3F * y);
    }
};

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

}  // namespace

TEST_CASE("the sums registration solves are the same on the GPU but for their order") {
    const auto context = test::gl_here();
    if (!context) {
        return;
    }
    const auto shaders = gpu::find_shader_folder();
    REQUIRE(shaders);
    auto on_gpu = gpu::NormalCellsShader::load(*shaders);
    REQUIRE(on_gpu);
    for (const Extent extent : {Extent{128, 96}, Extent{75, 61}, Extent{24, 24}}) {
        const Level level(extent);
        CellInput input;
        input.mask_registered = level.mask.view();
        input.live = level.live.view();
        input.usable = level.usable.view();
        input.offset = level.offset.view();
        input.noise = 0.014F;
        input.scale = 0.03F;
        CellSums cpu;
        CellSums gpu;
        cpu.resize(level.offset.extent());
        gpu.resize(level.offset.extent());
        accumulate_cells(input, cpu);
        REQUIRE(on_gpu->accumulate(input, gpu));
        for (std::size_t p = 0; p < CellSums::kPlanes; ++p) {
            CAPTURE(p, extent.width);
            CHECK(largest_difference(gpu.plane[p], cpu.plane[p]) < 1e-5);
        }
    }
}
