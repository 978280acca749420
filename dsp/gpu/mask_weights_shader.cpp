#include "dsp/gpu/mask_weights_shader.h"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <limits>
#include <utility>

#include "dsp/subtraction/mask_weighing.h"

namespace dsm::gpu {
namespace {

using namespace mask_weighing;

constexpr double kValue = sizeof(float);
constexpr int kMost = static_cast<int>(kMostMasks);

// Pairs of masks, trust, and the square of contrast.
constexpr int product_layers(int masks) {
    return masks * (masks + 1) / 2 + 2;
}

}  // namespace

Result<MaskWeightsShader> MaskWeightsShader::load(const std::filesystem::path& shaders) {
    MaskWeightsShader made;
    auto loaded = Program::load_compute(shaders / "stages",
                                        {{"weights_residual.comp", &made.programs_.residual},
                                         {"box_line.comp", &made.programs_.box},
                                         {"weights_detail.comp", &made.programs_.detail},
                                         {"weights_products.comp", &made.programs_.products},
                                         {"weights_solve.comp", &made.programs_.solve}});
    if (!loaded) {
        return tl::unexpected(loaded.error());
    }
    const Program& detail = made.programs_.detail;
    detail.use();
    detail.set("least_trust", kLeastTrust);
    detail.set("most_residue", kMostResidual);
    const Program& solve = made.programs_.solve;
    solve.use();
    solve.set("least_trust", kLeastTrust);
    solve.set("ridge_part", kRidge);
    solve.set("doubt_part", kDoubt);
    solve.set("doubt_share", kDoubtShare);
    solve.set("ridge_share", kRidgeShare);
    solve.set("not_usable", kNotUsable);
    solve.set("least_weight", kLeastWeight);
    solve.set("most_weight", kMostWeight);
    solve.set("small", kSmall);
    return made;
}

void MaskWeightsShader::upload(const WeighInput& input) {
    const Extent extent = input.live.extent();
    const Extent blocks = blocks_of_quarter(extent);
    for (PictureStack<float>* stack : {&masks_, &usable_}) {
        stack->allocate(extent, kMost);
    }
    for (PictureStack<float>* stack : {&residues_, &across_, &means_, &details_}) {
        stack->allocate(extent, kMost + 1);
    }
    for (PictureStack<float>* picture : {&live_, &contrast_}) {
        picture->allocate(extent);
    }
    for (PictureStack<float>* stack : {&products_, &products_across_, &moments_, &squares_}) {
        stack->allocate(blocks, product_layers(kMost));
    }
    // One mask alone was never uploaded.
    const std::size_t there = input.unchanged > 1 ? input.unchanged : 0;
    for (std::size_t i = there; i < input.masks.size(); ++i) {
        masks_.upload(input.masks[i], static_cast<int>(i));
        usable_.upload(input.usable[i], static_cast<int>(i));
    }
    if (there == 0) {
        live_.upload(input.live);
    }
    if (!input.contrast.empty()) {
        contrast_.upload(input.contrast);
    }
    const double pictures = 2.0 * static_cast<double>(input.masks.size() - there) +
                            (there == 0 ? 1.0 : 0.0) + (input.contrast.empty() ? 0.0 : 1.0);
    use_.upload_bytes += kValue * pictures * static_cast<double>(extent.pixels());
}

void MaskWeightsShader::box(const PictureStack<float>& from, const PictureStack<float>& to,
                            int side, int first_layer, int layers) {
    const bool blocks = &from == &products_;
    const PictureStack<float>& across = blocks ? products_across_ : across_;
    programs_.box.use();
    programs_.box.set("side", side);
    programs_.box.set("first_layer", first_layer);
    programs_.box.set("down", 0);
    from.bind_to_read(0);
    across.bind_to_write(1);
    Program::dispatch_next(from.extent(), layers);
    programs_.box.set("down", 1);
    across.bind_to_read(0);
    to.bind_to_write(1);
    Program::dispatch_next(from.extent(), layers);
    use_.device_bytes +=
        4.0 * kValue * static_cast<double>(layers) * static_cast<double>(from.extent().pixels());
}

void MaskWeightsShader::find_details(int count, bool has_contrast) {
    const Extent extent = live_.extent();
    programs_.residual.use();
    programs_.residual.set("count", count);
    programs_.residual.set("has_contrast", has_contrast ? 1 : 0);
    masks_.bind_to_read(0);
    usable_.bind_to_read(1);
    live_.bind_to_read(2);
    contrast_.bind_to_read(3);
    residues_.bind_to_write(4);
    Program::dispatch_next(extent);
    box(residues_, means_, kLocalMean, 0, count + 1);
    programs_.detail.use();
    programs_.detail.set("count", count);
    residues_.bind_to_read(0);
    means_.bind_to_read(1);
    details_.bind_to_write(2);
    Program::dispatch_next(extent);
    use_.device_bytes += kValue * (6.0 * count + 5.0) * static_cast<double>(extent.pixels());
}

void MaskWeightsShader::find_moments(int count, bool has_contrast) {
    const int layers = product_layers(count);
    programs_.products.use();
    programs_.products.set("count", count);
    programs_.products.set("has_contrast", has_contrast ? 1 : 0);
    details_.bind_to_read(0);
    contrast_.bind_to_read(1);
    products_.bind_to_write(2);
    Program::dispatch_next(products_.extent(), layers);
    box(products_, moments_, kNeighbourhood, 0, layers - 1);
    box(products_, squares_, kDoubtBlocks, layers - 1, 1);
    use_.device_bytes += kValue * (count + 2.0) * static_cast<double>(details_.extent().pixels()) +
                         kValue * layers * static_cast<double>(products_.extent().pixels());
}

void MaskWeightsShader::solve(const WeighInput& input, Extent blocks) {
    const auto count = static_cast<int>(input.masks.size());
    const bool known = input.noise != nullptr && input.noise->known();
    values_.assign(1, 0.0F);
    if (known) {
        values_ = input.noise->table();
    }
    noise_.upload(std::span<const float>(values_));
    weights_.reserve(kMostMasks * blocks.pixels() * sizeof(float));
    const Program& set = programs_.solve;
    set.use();
    set.set("count", count);
    set.set("certain", static_cast<int>(input.certain));
    set.set("noise_entries", known ? static_cast<int>(values_.size()) : 0);
    set.set("noise_first", known ? input.noise->first() : 0.0F);
    set.set("noise_step", known ? input.noise->step() : 1.0F);
    set.set("unknown_variance", input.unknown_noise * input.unknown_noise);
    set.set("lowest", input.convex ? -std::numeric_limits<float>::max() : -kLeastWeight);
    moments_.bind_to_read(0);
    squares_.bind_to_read(1);
    usable_.bind_to_read(2);
    live_.bind_to_read(3);
    weights_.bind(0);
    noise_.bind(1);
    Program::dispatch_next(blocks);
    use_.device_bytes +=
        kValue * (product_layers(count) + count) * static_cast<double>(blocks.pixels()) +
        kValue * (count + 1.0) * static_cast<double>(live_.extent().pixels());
}

void MaskWeightsShader::weigh(const WeighInput& input, std::vector<Image<float>>& maps) {
    const std::size_t count = input.masks.size();
    assert(count >= 1 && count <= kMostMasks && input.usable.size() == count);
    const Extent blocks = blocks_of_quarter(input.live.extent());
    maps.resize(std::max(maps.size(), count));
    for (std::size_t i = 0; i < count; ++i) {
        maps[i].resize(blocks);
    }
    if (count == 1) {
        maps[0].fill(1.0F);
        return;
    }
    upload(input);
    timer_.begin();
    find_details(static_cast<int>(count), !input.contrast.empty());
    find_moments(static_cast<int>(count), !input.contrast.empty());
    solve(input, blocks);
    timer_.end();
    values_.resize(count * blocks.pixels());
    glMemoryBarrier(GL_SHADER_STORAGE_BARRIER_BIT);
    weights_.read(std::as_writable_bytes(std::span<float>(values_)));
    for (std::size_t i = 0; i < count; ++i) {
        std::copy_n(values_.data() + i * blocks.pixels(), blocks.pixels(), maps[i].pixels().data());
    }
    use_.used = true;
    use_.waits += 1.0;
    use_.readback_bytes += kValue * static_cast<double>(values_.size());
    use_.shader_ms += timer_.elapsed_ms().value_or(0.0);
}

GpuUse MaskWeightsShader::take_use() {
    return std::exchange(use_, {});
}

}  // namespace dsm::gpu
