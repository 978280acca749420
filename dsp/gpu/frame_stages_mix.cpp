// Masks warped and mixed, at full and at half resolution.
#include <algorithm>
#include <array>
#include <cassert>

#include "dsp/gpu/context.h"
#include "dsp/gpu/frame_stages_state.h"
#include "dsp/gpu/packed.h"
#include "dsp/subtraction/fine_noise.h"

namespace dsm::gpu {

namespace {

// A mask is read only where it has a weight.
double masks_looked_at(std::span<const LayerInMix> masks) {
    double blocks = 0.0;
    for (const LayerInMix& mask : masks) {
        for (int y = 0; y < mask.weight.height(); ++y) {
            const auto row = mask.weight.row_span(y);
            blocks += static_cast<double>(
                std::count_if(row.begin(), row.end(), [](float w) { return w != 0.0F; }));
        }
    }
    return blocks / static_cast<double>(masks.front().weight.extent().pixels());
}

}  // namespace

void FrameStages::State::set_masks(const Program& program, std::span<const LayerInMix> in,
                                   int block_px, int pixel_px) {
    std::array<int, kMostMasks> layer{};
    std::array<int, kMostMasks> at{};
    std::array<int, kMostMasks> columns{};
    std::array<int, kMostMasks> rows{};
    std::array<int, kMostMasks> spacing{};
    values.clear();
    for (std::size_t i = 0; i < in.size(); ++i) {
        const Displacement& field = *in[i].field;
        layer[i] = in[i].layer;
        at[i] = static_cast<int>(values.size());
        columns[i] = field.nodes().width;
        rows[i] = field.nodes().height;
        spacing[i] = std::max(1, field.spacing_px / pixel_px);
        append(values, field.dx_px.view());
        append(values, field.dy_px.view());
    }
    fields.upload(std::span<const float>(values));
    fields.bind(0);
    program.set("count", static_cast<int>(in.size()));
    program.set("field_scale", 1.0F / static_cast<float>(pixel_px));
    program.set("layer", layer);
    program.set("field_at", at);
    program.set("node_columns", columns);
    program.set("node_rows", rows);
    program.set("spacing_px", spacing);
    values.clear();
    for (const LayerInMix& mask : in) {
        assert(mask.weight.extent() == in.front().weight.extent());
        append(values, mask.weight);
    }
    weights.upload(std::span<const float>(values));
    weights.bind(1);
    program.set("block_columns", in.front().weight.width());
    program.set("block_rows", in.front().weight.height());
    program.set("block_px", std::max(1, block_px / pixel_px));
}

void FrameStages::State::set_noise(const NoiseModel& model) {
    const FineNoise fine(model);
    noise.upload(std::span<const float>(fine.variance));
    mix.set("noise_first", fine.first);
    mix.set("noise_per_step", fine.per_step);
    mix.set("noise_last", static_cast<float>(FineNoise::kEntries - 1));
}

Result<void> FrameStages::mix_subtract(const MixAndSubtract& work) {
    State& s = *state_;
    assert(!work.masks.empty() && work.masks.size() <= kMostMasks);
    s.mix.use();
    s.set_masks(s.mix, work.masks, work.block_px, 1);
    s.set_noise(*work.noise);
    s.mix.set("drift", work.drift);
    s.mix.set("offset", work.ground.offset);
    s.mix.set("shading", work.ground.shading.value_or(Shading{}).c);
    s.masks.bind_to_read(0);
    s.masks_usable.bind_to_read(1);
    s.live.bind_to_read(2);
    s.live_usable.bind_to_read(3);
    s.mixed.bind_to_write(4);
    s.usable.bind_to_write(5);
    s.opacity.bind_to_write(6);
    s.sigma.bind_to_write(7);
    s.noise.bind(2);
    glMemoryBarrier(GL_SHADER_IMAGE_ACCESS_BARRIER_BIT);
    s.dispatch(GpuStage::mix_subtract, s.extent);
    s.count(GpuStage::mix_subtract, s.extent,
            {.device_bytes =
                 (kValue + kFlag) * (1.0 + masks_looked_at(work.masks)) + 3.0 * kValue + kFlag});
    return check_driver("mix_subtract");
}

Result<void> FrameStages::read_subtracted(const Subtracted& to) {
    State& s = *state_;
    s.mixed.read(to.mix);
    s.usable.read(to.usable);
    s.opacity.read(to.opacity);
    s.sigma.read(to.sigma);
    s.count(GpuStage::mix_subtract, s.extent, {.readback_bytes = 3.0 * kValue + kFlag});
    return check_driver("mix_subtract");
}

// The mix as it is, shares with half the bits, a bit for what is usable: in one go.
Result<void> FrameStages::State::bring_half(const MixedHalf& to) {
    const std::size_t pixels = half_mix.extent().pixels();
    const std::size_t mix_bytes = pixels * sizeof(float);
    const std::size_t pairs = (pixels + 1) / 2;
    const std::size_t packed_bytes = (pairs + words_of_bits(pixels)) * sizeof(std::uint32_t);
    packed.reserve(packed_bytes);
    pack.use();
    half_share.bind_to_read(0);
    half_usable.bind_to_read(1);
    packed.bind(0);
    glMemoryBarrier(GL_SHADER_IMAGE_ACCESS_BARRIER_BIT);
    Program::dispatch_line(words_of_bits(pixels));
    half_back.begin(mix_bytes + packed_bytes);
    half_mix.send(0);
    half_back.copy(packed, 0, mix_bytes, packed_bytes);
    half_back.sent();
    GpuUse& use = use_of(GpuStage::mix_half);
    use.waits += 1.0;
    use.readback_bytes += static_cast<double>(mix_bytes + packed_bytes);
    const auto bytes = half_back.receive();
    if (!bytes) {
        return tl::unexpected(bytes.error());
    }
    const auto* mixed_values = reinterpret_cast<const float*>(bytes->data());
    const auto* packed_words = reinterpret_cast<const std::uint32_t*>(bytes->data() + mix_bytes);
    const int width = half_mix.extent().width;
    half_flags.resize(half_mix.extent());
    unpack_bits(packed_words + pairs, half_flags.pixels());
    copy_pixels(half_flags.cview(), to.usable);
    for (int y = 0; y < half_mix.extent().height; ++y) {
        const std::size_t first = static_cast<std::size_t>(y) * static_cast<std::size_t>(width);
        std::copy_n(mixed_values + first, width, to.mix.row(y));
        float* share = to.share.row(y);
        for (std::size_t x = 0; x < static_cast<std::size_t>(width); ++x) {
            share[x] = half_at(packed_words, first + x);
        }
    }
    return {};
}

Result<void> FrameStages::mix_half(std::span<const LayerInMix> masks, int block_px,
                                   const MixedHalf& to) {
    State& s = *state_;
    assert(!masks.empty() && masks.size() <= kMostMasks);
    const RegistrationPixels::Half half = s.registration->half();
    const Extent extent = half.masks.extent();
    s.half_mix.allocate(extent);
    s.half_share.allocate(extent);
    s.half_usable.allocate(extent);
    s.half.use();
    s.set_masks(s.half, masks, block_px, half.pixel_px);
    half.masks.bind_to_read(0);
    half.masks_usable.bind_to_read(1);
    half.live_usable.bind_to_read(2);
    s.half_mix.bind_to_write(3);
    s.half_share.bind_to_write(4);
    s.half_usable.bind_to_write(5);
    glMemoryBarrier(GL_SHADER_IMAGE_ACCESS_BARRIER_BIT);
    s.dispatch(GpuStage::mix_half, extent);
    constexpr double kOut = 2.0 * kValue + kFlag;
    s.count(GpuStage::mix_half, extent,
            {.device_bytes = kFlag + (kValue + kFlag) * masks_looked_at(masks) + 2.0 * kOut});
    return s.bring_half(to).and_then([] { return check_driver("mix_half"); });
}

}  // namespace dsm::gpu
