// What comes back of a frame that was subtracted on the card against what the processor makes of
// its pictures.
#include "dsp/gpu/frame_sums_shader.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <random>

#include "dsp/gpu/shader_files.h"
#include "dsp/subtraction/half_resolution.h"
#include "tests/parity/gl_here.h"

using namespace dsm;

namespace {

// Noise, a band of contrast, pixels that are not usable (whole blocks too), and one no number.
struct Scene {
    Image<float> opacity, sigma, mask;
    Image<std::uint8_t> usable;

    explicit Scene(Extent extent)
        : opacity(extent), sigma(extent), mask(extent), usable(extent, std::uint8_t{1}) {
        std::mt19937 random(11);
        std::normal_distribution<float> normal;
        for (int y = 0; y < extent.height; ++y) {
            for (int x = 0; x < extent.width; ++x) {
                const float noise = 0.01F + 1e-4F * static_cast<float>(y % 50);
                sigma(x, y) = noise;
                opacity(x, y) = noise * normal(random) + (x % 60 < 12 ? 0.15F : -0.002F);
                mask(x, y) = 6.0F + 0.3F * std::sin(0.2F * static_cast<float>(x)) +
                             0.2F * std::cos(0.13F * static_cast<float>(y));
                usable(x, y) = (3 * x + 7 * y) % 97 == 0 || (x < 40 && y > 50 && y < 90) ? 0 : 1;
            }
        }
        opacity(20, 60) = std::numeric_limits<float>::quiet_NaN();  // not usable
    }
};

struct OnCard {
    gpu::PictureStack<float> opacity, sigma, mask;
    gpu::PictureStack<std::uint8_t> usable;

    explicit OnCard(const Scene& scene) {
        for (auto [from, to] :
             {std::pair{&scene.opacity, &opacity}, {&scene.sigma, &sigma}, {&scene.mask, &mask}}) {
            to->allocate(from->extent());
            to->upload(from->view());
        }
        usable.allocate(scene.usable.extent());
        usable.upload(scene.usable.view());
    }
    [[nodiscard]] gpu::SubtractedPictures pictures() const {
        return {opacity, sigma, usable, mask};
    }
};

bool near(const Image<float>& a, const Image<float>& b, float relative) {
    if (a.extent() != b.extent()) {
        return false;
    }
    return std::equal(a.pixels().begin(), a.pixels().end(), b.pixels().begin(),
                      [&](float x, float y) {
                          return std::abs(x - y) <= 1e-6F + relative * std::abs(y) ||
                                 (std::isnan(x) && std::isnan(y));
                      });
}

void check_bins(const WorkFrame& a, const WorkFrame& b) {
    CHECK(near(a.opacity, b.opacity, 1e-5F));
    CHECK(std::equal(a.valid.pixels().begin(), a.valid.pixels().end(), b.valid.pixels().begin()));
    REQUIRE(a.variance.extent() == b.variance.extent());
    double apart = 0.0;
    for (std::size_t i = 0; i < a.variance.pixels().size(); ++i) {
        const auto expected = static_cast<double>(b.variance.pixels()[i]);
        const auto found = static_cast<double>(a.variance.pixels()[i]);
        apart = std::max(apart, expected > 0.0 ? std::abs(found / expected - 1.0) : found);
    }
    CHECK(apart < 1e-3);
}

RunInfo run_of(Extent extent, double pixel_mm, HeadInImage head) {
    RunInfo run;
    run.extent = extent;
    run.spacing = PixelSpacing{pixel_mm, pixel_mm, SpacingBasis::at_isocentre};
    run.head_in_image = head;
    return run;
}

// Residual beside the spine as the monitor reports it, from one frame.
CorridorReport report_of(const CorridorFrame& frame, const RunInfo& run) {
    CorridorMonitor monitor(run.spacing);
    monitor.follow(frame);
    return monitor.report({{8.0, 5.0}, {8.0, static_cast<double>(run.extent.height - 5)}});
}

}  // namespace

TEST_CASE("the sums of a frame are those the processor makes of its pictures") {
    const auto context = test::gl_here();
    if (!context) {
        return;
    }
    const auto shaders = gpu::find_shader_folder();
    REQUIRE(shaders);
    const Extent extent = GENERATE(Extent{256, 192}, Extent{203, 149});
    const double pixel_mm = GENERATE(0.5, 0.24, 0.09);
    const HeadInImage head =
        GENERATE(HeadInImage::towards_smaller_y, HeadInImage::towards_larger_x);
    const RunInfo run = run_of(extent, pixel_mm, head);
    const WorkGrid grid(run);
    const Scene scene(extent);
    const OnCard card(scene);
    auto shader = gpu::FrameSumsShader::load(*shaders, extent, grid);
    REQUIRE(shader);
    gpu::SubtractedSums found;
    shader->send(card.pictures(), {});
    REQUIRE(shader->receive(found));
    CAPTURE(extent.width, grid.factor(), grid.transposed());

    const auto artefact =
        find_artefact(scene.opacity.view(), scene.sigma.view(), scene.usable.view());
    const auto artefact_there = artefact_of(found.patches.view());
    REQUIRE(artefact);
    REQUIRE(artefact_there);
    CHECK(artefact_there->ratio == Approx(artefact->ratio).epsilon(1e-5));
    REQUIRE(artefact->worst_ratio);
    REQUIRE(artefact_there->worst_ratio);
    CHECK(*artefact_there->worst_ratio == Approx(*artefact->worst_ratio).epsilon(1e-5));

    WorkFrame bins;
    grid.bin(scene.opacity.view(), scene.sigma.view(), scene.usable.view(), bins);
    check_bins(found.sums.bins, bins);
    CHECK(std::count(bins.valid.pixels().begin(), bins.valid.pixels().end(), 0) > 5);
    WorkFrame mask;
    WorkFrame mask_there;
    grid.bin(scene.mask.view(), {}, scene.usable.view(), mask);
    REQUIRE(shader->bin_mask(card.pictures(), mask_there));
    check_bins(mask_there, mask);

    CHECK(std::equal(found.usable.pixels().begin(), found.usable.pixels().end(),
                     scene.usable.pixels().begin()));
    Image<float> half;
    halve(scene.opacity.view(), half);
    CHECK(near(found.half_opacity, half, 1e-5F));

    CorridorFrame frame{0, scene.mask.view(), scene.opacity.view(), scene.sigma.view(),
                        scene.usable.view()};
    const RunInfo wide = run_of(extent, 0.5, head);
    const CorridorReport expected = report_of(frame, wide);
    frame.cells = &found.sums.corridor;
    frame.opacity = {};
    const CorridorReport there = report_of(frame, wide);
    REQUIRE(expected.frames.size() == 1);
    REQUIRE(there.frames.size() == 1);
    CHECK(there.frames[0].residual_mm == Approx(expected.frames[0].residual_mm).epsilon(1e-3));
    CHECK(there.frames[0].artefact_ratio ==
          Approx(expected.frames[0].artefact_ratio).epsilon(1e-4));

    const GpuUse use = shader->take_use();
    CHECK(use.waits == 2.0);
    CHECK((grid.factor() == 1 || use.readback_bytes < 6.0 * static_cast<double>(extent.pixels())));
}

TEST_CASE("means over blocks, for the curve of the sac, are those the processor makes") {
    const auto context = test::gl_here();
    if (!context) {
        return;
    }
    const auto shaders = gpu::find_shader_folder();
    REQUIRE(shaders);
    const Extent extent{203, 149};
    const Scene scene(extent);
    const OnCard card(scene);
    auto shader = gpu::FrameSumsShader::load(
        *shaders, extent, WorkGrid(run_of(extent, 0.5, HeadInImage::towards_smaller_y)));
    REQUIRE(shader);
    gpu::SubtractedSums found;
    shader->send(card.pictures(), {.half_opacity = false});
    REQUIRE(shader->receive(found));
    CHECK(found.half_opacity.empty());
    const double with_findings = shader->take_use().readback_bytes;
    gpu::SubtractedSums few;
    shader->send(card.pictures(), {.half_opacity = false, .findings = false});
    REQUIRE(shader->receive(few));
    CHECK(shader->take_use().readback_bytes < 0.1 * with_findings);
    CHECK(few.sums.bins.opacity.empty());
    CHECK(few.patches.pixels().size() == found.patches.pixels().size());
    const FrameSums& sums = found.sums;
    REQUIRE(sums.block_opacity.extent() == opacity_blocks(extent));
    for (int row = 0; row < sums.block_opacity.height(); ++row) {
        for (int column = 0; column < sums.block_opacity.width(); ++column) {
            double opacity = 0.0;
            double variance = 0.0;
            double count = 0.0;
            for (int y = 16 * row; y < std::min(extent.height, 16 * row + 16); ++y) {
                for (int x = 16 * column; x < std::min(extent.width, 16 * column + 16); ++x) {
                    if (scene.usable(x, y) != 0) {
                        opacity += static_cast<double>(scene.opacity(x, y));
                        variance += std::pow(static_cast<double>(scene.sigma(x, y)), 2.0);
                        count += 1.0;
                    }
                }
            }
            const double n = std::max(1.0, count);
            CHECK(static_cast<double>(sums.block_opacity(column, row)) ==
                  Approx(opacity / n).margin(1e-6));
            CHECK(static_cast<double>(sums.block_variance(column, row)) ==
                  Approx(variance / (n * n)).epsilon(1e-4).margin(1e-12));
        }
    }
}
