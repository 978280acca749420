// Weights of masks by shaders against those of the processor, on masks with residue of their own,
// pixels that are not usable, contrast, and sizes that fill no group.
#include "dsp/gpu/mask_weights_shader.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "dsp/gpu/context.h"
#include "dsp/gpu/shader_files.h"
#include "tests/parity/gl_here.h"

using namespace dsm;

namespace {

struct Scene {
    std::vector<Image<float>> masks, usable;
    Image<float> live, contrast;
    NoiseModel noise{5.0F, 0.5F, {4e-4F, 3e-4F, 2e-4F, 1e-4F}};

    Scene(Extent quarter, std::size_t count, bool with_contrast) : live(quarter) {
        std::mt19937 random(7);
        std::normal_distribution<float> normal(0.0F, 0.004F);
        const auto anatomy = [](int x, int y) {
            return 6.0F + 0.5F * std::sin(0.11F * static_cast<float>(x)) +
                   0.2F * std::cos(0.17F * static_cast<float>(y));
        };
        const auto vein = [&](int x, int y) {
            return with_contrast && std::abs(x - y) < 2 ? 0.12F : 0.0F;
        };
        if (with_contrast) {
            contrast.resize(quarter);
        }
        for (int y = 0; y < quarter.height; ++y) {
            for (int x = 0; x < quarter.width; ++x) {
                live(x, y) = anatomy(x, y) - vein(x, y) + normal(random);
                if (with_contrast) {
                    contrast(x, y) = 0.9F * vein(x, y);
                }
            }
        }
        for (std::size_t i = 0; i < count; ++i) {
            Image<float>& mask = masks.emplace_back(quarter);
            Image<float>& good = usable.emplace_back(quarter, 1.0F);
            const float phase = static_cast<float>(i);
            for (int y = 0; y < quarter.height; ++y) {
                for (int x = 0; x < quarter.width; ++x) {
                    const float at = 0.9F * static_cast<float>(x) + 0.4F * static_cast<float>(y);
                    mask(x, y) = anatomy(x, y) + 0.02F * std::sin(at + 1.3F * phase) +
                                 0.01F * phase + normal(random);
                    good(x, y) = x < 3 * static_cast<int>(i) && y < 20 ? 0.0F : 1.0F;
                }
            }
        }
    }
    [[nodiscard]] WeighInput input(std::size_t certain, bool known_noise, bool convex) const {
        WeighInput to;
        for (std::size_t i = 0; i < masks.size(); ++i) {
            to.masks.push_back(masks[i].view());
            to.usable.push_back(usable[i].view());
        }
        to.certain = std::min(certain, masks.size());
        to.convex = convex;
        to.live = live.view();
        if (!contrast.empty()) {
            to.contrast = contrast.view();
        }
        to.noise = known_noise ? &noise : nullptr;
        to.unknown_noise = 0.015F;
        return to;
    }
};

}  // namespace

TEST_CASE("shaders and CPU give masks the same weights") {
    const auto context = test::gl_here();
    if (!context) {
        return;
    }
    const auto shaders = gpu::find_shader_folder();
    REQUIRE(shaders);
    auto shader = gpu::MaskWeightsShader::load(*shaders);
    REQUIRE(shader);
    const std::size_t count = GENERATE(std::size_t{1}, std::size_t{2}, std::size_t{5}, kMostMasks);
    const Extent quarter = GENERATE(Extent{80, 64}, Extent{51, 37});
    const bool with_contrast = GENERATE(false, true);
    const bool convex = with_contrast && quarter.width == 51;
    const Scene scene(quarter, count, with_contrast);
    const WeighInput input =
        scene.input(with_contrast ? 2 : kMostMasks, quarter.width == 80, convex);
    CAPTURE(count, quarter.width, with_contrast);
    MaskWeights processor;
    const auto& expected = processor.weigh(input);
    std::vector<Image<float>> found;
    shader->weigh(input, found);
    REQUIRE(gpu::check_driver("mask_weights"));
    REQUIRE(found.size() == count);
    std::size_t apart = 0;
    std::size_t all = 0;
    std::size_t at_work = 0;
    for (std::size_t i = 0; i < count; ++i) {
        REQUIRE(found[i].extent() == expected[i].extent());
        for (std::size_t p = 0; p < found[i].pixels().size(); ++p) {
            const float a = found[i].pixels()[p];
            const float b = expected[i].pixels()[p];
            // Rounding can carry a weight over the 3 % below which it is dropped.
            apart += std::abs(a - b) <= 1e-4F ? 0U : 1U;
            at_work += b > 0.1F && b < 0.9F ? 1U : 0U;
            ++all;
        }
    }
    CHECK(apart * 500 <= all);
    CHECK((count == 1 || at_work * 5 > all / count));
    const GpuUse use = shader->take_use();
    if (count > 2) {
        // Some of the masks first, as before late masks follow, and then all.
        WeighInput some = input;
        some.masks.resize(2);
        some.usable.resize(2);
        some.certain = 2;
        std::vector<Image<float>> of_some;
        shader->weigh(some, of_some);
        WeighInput all_of_them = input;
        all_of_them.unchanged = 2;
        static_cast<void>(shader->take_use());
        std::vector<Image<float>> again;
        shader->weigh(all_of_them, again);
        CHECK(shader->take_use().upload_bytes < use.upload_bytes);
        for (std::size_t i = 0; i < count; ++i) {
            CHECK(std::equal(again[i].pixels().begin(), again[i].pixels().end(),
                             found[i].pixels().begin()));
        }
    }
    CHECK(use.waits == (count == 1 ? 0.0 : 1.0));
    CHECK((count == 1 || use.readback_bytes == 4.0 * static_cast<double>(all)));
}
