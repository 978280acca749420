// The compute shaders against the CPU's stages, on frames made to be hard: sub-pixel fields that
// leave the picture, pixels that are not usable, shading, sizes that fill no group.
#include "dsp/gpu/frame_stages.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>
#include <vector>

#include "dsp/gpu/shader_files.h"
#include "dsp/motion/warp.h"
#include "dsp/subtraction/mask_weights.h"
#include "dsp/subtraction/subtract.h"
#include "tests/parity/gl_here.h"

using namespace dsm;

namespace {

struct Scene {
    RunInfo run;
    PixelRect field;
    Image<std::uint16_t> words;
    std::vector<Image<float>> masks, weights;
    std::vector<Image<std::uint8_t>> usable;
    std::vector<Displacement> fields;
    NoiseModel noise{2.0F, 0.25F, {4e-3F, 3e-3F, 2e-3F, 1.5e-3F, 1e-3F, 8e-4F, 6e-4F, 5e-4F}};
    Ground ground{0.02F, Shading{{0.01F, -0.02F, 0.005F, 0.01F, 0.0F, -0.01F}}};
    float drift{-0.013F};
};

Displacement wavy(Extent extent, float amplitude_px, float phase) {
    Displacement field(extent);
    for (int y = 0; y < field.nodes().height; ++y) {
        for (int x = 0; x < field.nodes().width; ++x) {
            const float at = 0.7F * static_cast<float>(x) + 0.45F * static_cast<float>(y) + phase;
            field.dx_px(x, y) = amplitude_px * std::sin(at);
            field.dy_px(x, y) = amplitude_px * std::cos(1.3F * at);
        }
    }
    return field;
}

Scene scene_of(Extent extent, std::size_t masks, unsigned seed) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<float> any(0.0F, 1.0F);
    Scene scene;
    scene.run.extent = extent;
    scene.run.bits_stored = 12;
    scene.run.intensity.relationship = PixelIntensityRelationship::linear;
    scene.field = {3, 2, extent.width - 5, extent.height - 4};
    scene.words = Image<std::uint16_t>(extent);
    for (auto& word : scene.words.pixels()) {
        word = static_cast<std::uint16_t>(any(random) < 0.02F ? 4095.0F : 4095.0F * any(random));
    }
    const Extent blocks{(extent.width + 7) / 8, (extent.height + 7) / 8};
    for (std::size_t i = 0; i < masks; ++i) {
        Image<float>& mask = scene.masks.emplace_back(extent);
        Image<std::uint8_t>& usable = scene.usable.emplace_back(extent, std::uint8_t{1});
        for (float& value : mask.pixels()) {
            value = 2.0F + 6.0F * any(random);
        }
        for (std::uint8_t& good : usable.pixels()) {
            good = any(random) < 0.01F ? 0 : 1;
        }
        Image<float>& weight = scene.weights.emplace_back(blocks);
        for (float& value : weight.pixels()) {
            value = any(random) < 0.4F ? 0.0F : any(random);
        }
        scene.fields.push_back(
            wavy(extent, 2.0F + 5.0F * static_cast<float>(i), static_cast<float>(i)));
    }
    return scene;
}

struct Made {
    Image<float> log_intensity, mix, opacity, sigma;
    Image<std::uint8_t> live_usable, usable;

    explicit Made(Extent extent)
        : log_intensity(extent),
          mix(extent),
          opacity(extent),
          sigma(extent),
          live_usable(extent),
          usable(extent) {}
};

Made by_cpu(const Scene& scene) {
    const Extent extent = scene.run.extent;
    Made made(extent);
    const Lineariser lineariser(scene.run);
    lineariser.apply(scene.words.view(), made.log_intensity.view(), made.live_usable.view());
    for (int y = 0; y < extent.height; ++y) {
        for (int x = 0; x < extent.width; ++x) {
            const bool inside = x >= scene.field.x && x < scene.field.x + scene.field.width &&
                                y >= scene.field.y && y < scene.field.y + scene.field.height;
            made.live_usable(x, y) = inside ? made.live_usable(x, y) : std::uint8_t{0};
        }
    }
    std::vector<WeightedMask> masks;
    for (std::size_t i = 0; i < scene.masks.size(); ++i) {
        masks.push_back({scene.masks[i].view(), scene.usable[i].view(), &scene.fields[i],
                         scene.weights[i].view()});
    }
    Image<float> share(extent);
    copy_pixels(made.live_usable.cview(), made.usable.view());
    warp_weighted(masks, 1, kWeightBlock_px, {made.mix.view(), share.view(), made.usable.view()});
    remove_ground(scene.ground, made.mix.view());
    Image<float> live = made.log_intensity.clone();
    for (float& value : live.pixels()) {
        value += scene.drift;
    }
    subtract({live.view(), made.mix.view(), share.view()}, scene.noise, made.opacity.view(),
             made.sigma.view());
    return made;
}

Made by_gpu(const Scene& scene) {
    Made made(scene.run.extent);
    const auto shaders = gpu::find_shader_folder();
    REQUIRE(shaders);
    auto stages = gpu::FrameStages::create(*shaders, scene.run, scene.field);
    REQUIRE(stages);
    REQUIRE(stages->linearise(scene.words.view()));
    CHECK(stages->uses()[0].readback_bytes == 0.0);
    REQUIRE(stages->read_linearised(made.log_intensity.view(), made.live_usable.view()));
    std::vector<gpu::LayerInMix> masks;
    for (std::size_t i = 0; i < scene.masks.size(); ++i) {
        const int layer = gpu::FrameStages::kLayers - 1 - static_cast<int>(i);
        stages->put_mask(layer, scene.masks[i].view(), scene.usable[i].view());
        masks.push_back({layer, &scene.fields[i], scene.weights[i].view()});
    }
    REQUIRE(
        stages->mix_subtract({masks, kWeightBlock_px, scene.ground, scene.drift, &scene.noise}));
    CHECK(stages->uses()[static_cast<std::size_t>(GpuStage::mix_subtract)].readback_bytes == 0.0);
    REQUIRE(stages->read_subtracted(
        {made.mix.view(), made.usable.view(), made.opacity.view(), made.sigma.view()}));
    const auto pixels = static_cast<double>(scene.run.extent.pixels());
    const auto [linearise, pyramids, registration, weights, half, mix, sums, maps, lines] =
        stages->uses();
    CHECK(!sums.used);
    CHECK(!maps.used);
    CHECK(!pyramids.used);
    CHECK(!registration.used);
    CHECK(!weights.used);
    CHECK(!half.used);
    CHECK(!lines.used);
    CHECK(linearise.device_bytes == 7.0 * pixels);
    CHECK(mix.readback_bytes == 13.0 * pixels);
    CHECK(mix.upload_bytes == 5.0 * pixels * static_cast<double>(scene.masks.size()));
    // Each mask is looked at in some places, none in all.
    CHECK(mix.device_bytes > 18.0 * pixels);
    CHECK(mix.device_bytes < (18.0 + 5.0 * static_cast<double>(scene.masks.size())) * pixels);
    return made;
}

double largest_difference(const Image<float>& a, const Image<float>& b) {
    double largest = 0.0;
    for (std::size_t i = 0; i < a.pixels().size(); ++i) {
        const double difference =
            static_cast<double>(a.pixels()[i]) - static_cast<double>(b.pixels()[i]);
        // Written so that what is not a number is not passed over.
        largest = std::abs(difference) <= largest ? largest : std::abs(difference);
    }
    return largest;
}

double largest_ratio(const Image<float>& a, const Image<float>& b) {
    double largest = 0.0;
    for (std::size_t i = 0; i < a.pixels().size(); ++i) {
        const double of = static_cast<double>(b.pixels()[i]);
        const double ratio = std::abs(static_cast<double>(a.pixels()[i]) / of - 1.0);
        largest = ratio <= largest ? largest : ratio;
    }
    return largest;
}

bool same(const Image<std::uint8_t>& a, const Image<std::uint8_t>& b) {
    return std::equal(a.pixels().begin(), a.pixels().end(), b.pixels().begin());
}

void compare_half(const Scene& scene) {
    const Made made = by_cpu(scene);
    Pyramid live;
    build_pyramid(made.log_intensity.view(), made.live_usable.view(), 1, live);
    const Extent half = live.levels[0].value.extent();
    std::vector<Pyramid> pyramids(scene.masks.size());
    std::vector<WeightedMask> masks;
    for (std::size_t i = 0; i < scene.masks.size(); ++i) {
        build_pyramid(scene.masks[i].view(), scene.usable[i].view(), 1, pyramids[i]);
        const Pyramid::Level& level = pyramids[i].levels[0];
        masks.push_back(
            {level.value.view(), level.usable.view(), &scene.fields[i], scene.weights[i].view()});
    }
    Image<float> mix(half);
    Image<float> share(half);
    Image<std::uint8_t> usable = live.levels[0].usable.clone();
    warp_weighted(masks, 2, kWeightBlock_px, {mix.view(), share.view(), usable.view()});

    const auto shaders = gpu::find_shader_folder();
    REQUIRE(shaders);
    auto stages = gpu::FrameStages::create(*shaders, scene.run, scene.field);
    REQUIRE(stages);
    REQUIRE(stages->linearise(scene.words.view()));
    stages->begin_registration(scene.drift, {});
    std::vector<gpu::LayerInMix> layers;
    for (std::size_t i = 0; i < scene.masks.size(); ++i) {
        const int layer = static_cast<int>(i) + 1;
        stages->put_mask_half(layer, pyramids[i].levels[0]);
        layers.push_back({layer, &scene.fields[i], scene.weights[i].view()});
    }
    Image<float> mix_there(half);
    Image<float> share_there(half);
    Image<std::uint8_t> usable_there(half);
    REQUIRE(stages->mix_half(layers, kWeightBlock_px,
                             {mix_there.view(), share_there.view(), usable_there.view()}));
    CHECK(largest_difference(mix_there, mix) < 1e-4);
    CHECK(largest_difference(share_there, share) < 5e-3);  // of up to 8, half the bits
    CHECK(same(usable_there, usable));
    CHECK(std::count(usable.pixels().begin(), usable.pixels().end(), 1) > 5);
}

void compare(const Scene& scene) {
    const Made cpu = by_cpu(scene);
    const Made gpu = by_gpu(scene);
    CHECK(largest_difference(gpu.log_intensity, cpu.log_intensity) == 0.0);
    CHECK(same(gpu.live_usable, cpu.live_usable));
    CHECK(largest_difference(gpu.mix, cpu.mix) < 1e-4);
    CHECK(largest_difference(gpu.opacity, cpu.opacity) < 1e-4);
    CHECK(largest_ratio(gpu.sigma, cpu.sigma) < 1e-3);
    CHECK(same(gpu.usable, cpu.usable));
    // The scene has to say something: some pixels usable, some not.
    CHECK(std::count(cpu.usable.pixels().begin(), cpu.usable.pixels().end(), 0) > 20);
    CHECK(std::count(cpu.usable.pixels().begin(), cpu.usable.pixels().end(), 1) > 20);
}

}  // namespace

TEST_CASE("shaders and CPU mix masks at half resolution alike") {
    const auto context = test::gl_here();
    if (!context) {
        return;
    }
    compare_half(scene_of({256, 192}, 3, 1));
    compare_half(scene_of({203, 141}, kMostMasks, 2));
    compare_half(scene_of({64, 64}, 1, 4));
}

TEST_CASE("shaders and CPU linearise, mix and subtract alike") {
    const auto context = test::gl_here();
    if (!context) {
        return;
    }
    compare(scene_of({256, 192}, 3, 1));
    compare(scene_of({200, 140}, kMostMasks, 2));
    compare(scene_of({131, 77}, 2, 3));
    compare(scene_of({64, 64}, 1, 4));
}
