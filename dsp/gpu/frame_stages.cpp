#include "dsp/gpu/frame_stages.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>
#include <utility>
#include <vector>

#include "dsp/gpu/buffer.h"
#include "dsp/gpu/context.h"
#include "dsp/gpu/line_filter_shader.h"
#include "dsp/gpu/mask_weights_shader.h"
#include "dsp/gpu/picture_stack.h"
#include "dsp/gpu/program.h"
#include "dsp/gpu/registration_pixels.h"
#include "dsp/gpu/running_maps_shader.h"
#include "dsp/subtraction/fine_noise.h"
#include "dsp/subtraction/mask_weights.h"

namespace dsm::gpu {

struct FrameStages::State {
    Extent extent;
    Program linearise, mix, half;
    RunningMapsShader maps;
    std::unique_ptr<RegistrationPixels> registration;
    LineFilterShader lines;
    FrameSumsShader sums;
    MaskWeightsShader weighing;
    StorageBuffer table, fields, weights, noise;
    UploadRing ring;
    PictureStack<std::uint16_t> words;
    PictureStack<float> live, masks, mixed, opacity, sigma, half_mix, half_share;
    PictureStack<std::uint8_t> live_usable, masks_usable, usable, half_usable;
    std::array<TimestampPair, kGpuStages> timers;
    GpuUses uses{};
    std::vector<float> values;  // what is uploaded next

    struct Parts {
        Program linearise, mix, half;
        RunningMapsShader maps;
        std::unique_ptr<RegistrationPixels> registration;
        LineFilterShader lines;
        FrameSumsShader sums;
        MaskWeightsShader weighing;
    };
    State(Extent size, Parts parts)
        : extent(size),
          linearise(std::move(parts.linearise)),
          mix(std::move(parts.mix)),
          half(std::move(parts.half)),
          maps(std::move(parts.maps)),
          registration(std::move(parts.registration)),
          lines(std::move(parts.lines)),
          sums(std::move(parts.sums)),
          weighing(std::move(parts.weighing)),
          ring(size.pixels() * sizeof(std::uint16_t)) {
        words.allocate(size);
        for (auto* picture : {&live, &mixed, &opacity, &sigma}) {
            picture->allocate(size);
        }
        live_usable.allocate(size);
        usable.allocate(size);
        masks.allocate(size, kLayers);
        masks_usable.allocate(size, kLayers);
    }
    // What mixed.glsl asks for, of a picture with pixels of `pixel_px`.
    void set_masks(const Program& program, std::span<const LayerInMix> in, int block_px,
                   int pixel_px);
    void set_noise(const NoiseModel& model);
    [[nodiscard]] SubtractedPictures subtracted() const { return {opacity, sigma, usable, mixed}; }
    GpuUse& use_of(GpuStage stage) { return uses[static_cast<std::size_t>(stage)]; }
    TimestampPair& timer_of(GpuStage stage) { return timers[static_cast<std::size_t>(stage)]; }
    // One thread a pixel, timed.
    void dispatch(GpuStage stage, Extent over) {
        timer_of(stage).begin();
        Program::dispatch_over(over);
        timer_of(stage).end();
    }
    // `per_pixel` in bytes.
    void count(GpuStage stage, Extent over, const GpuUse& per_pixel) {
        GpuUse& use = use_of(stage);
        const auto pixels = static_cast<double>(over.pixels());
        use.used = true;
        use.device_bytes += pixels * per_pixel.device_bytes;
        use.upload_bytes += pixels * per_pixel.upload_bytes;
        use.readback_bytes += pixels * per_pixel.readback_bytes;
        use.waits += per_pixel.readback_bytes > 0.0 ? 1.0 : 0.0;
    }
};

namespace {

// Bytes of a pixel.
constexpr double kWord = sizeof(std::uint16_t);
constexpr double kValue = sizeof(float);
constexpr double kFlag = sizeof(std::uint8_t);

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

void append(std::vector<float>& to, ImageView<const float> picture) {
    for (int y = 0; y < picture.height(); ++y) {
        const auto row = picture.row_span(y);
        to.insert(to.end(), row.begin(), row.end());
    }
}

void add(const GpuUse& more, GpuUse& to) {
    to.used = to.used || more.used;
    to.device_bytes += more.device_bytes;
    to.upload_bytes += more.upload_bytes;
    to.readback_bytes += more.readback_bytes;
    to.waits += more.waits;
    to.shader_ms += more.shader_ms;
}

void set_words_to_use(const Program& program, const Lineariser& lineariser, PixelRect field) {
    program.use();
    program.set("lowest", static_cast<int>(lineariser.lowest()));
    program.set("highest", static_cast<int>(lineariser.highest()));
    const std::array<int, 4> edges{field.x, field.y, field.x + field.width, field.y + field.height};
    program.set("field", edges);
}

}  // namespace

FrameStages::FrameStages(std::unique_ptr<State> state) : state_(std::move(state)) {}
FrameStages::~FrameStages() = default;
FrameStages::FrameStages(FrameStages&&) noexcept = default;
FrameStages& FrameStages::operator=(FrameStages&&) noexcept = default;

Result<FrameStages> FrameStages::create(const std::filesystem::path& shaders, const RunInfo& run,
                                        PixelRect field) {
    const Extent extent = run.extent;
    const Lineariser lineariser(run);
    State::Parts parts;
    for (const auto& [name, to] : {std::pair{kLineariseStage.shader, &parts.linearise},
                                   {"stages/mix_subtract.comp", &parts.mix},
                                   {"stages/mix_half.comp", &parts.half}}) {
        auto program = Program::load_compute(shaders / name);
        if (!program) {
            return tl::unexpected(program.error());
        }
        *to = std::move(*program);
    }
    auto maps = RunningMapsShader::load(shaders, extent);
    if (!maps) {
        return tl::unexpected(maps.error());
    }
    parts.maps = std::move(*maps);
    auto registration = RegistrationPixels::load(shaders, extent, kLayers);
    if (!registration) {
        return tl::unexpected(registration.error());
    }
    parts.registration = std::move(*registration);
    auto lines = LineFilterShader::load(shaders);
    if (!lines) {
        return tl::unexpected(lines.error());
    }
    parts.lines = std::move(*lines);
    auto sums = FrameSumsShader::load(shaders, extent, WorkGrid(run));
    if (!sums) {
        return tl::unexpected(sums.error());
    }
    parts.sums = std::move(*sums);
    auto weighing = MaskWeightsShader::load(shaders);
    if (!weighing) {
        return tl::unexpected(weighing.error());
    }
    parts.weighing = std::move(*weighing);
    auto state = std::make_unique<State>(extent, std::move(parts));
    state->table.upload(lineariser.table());
    set_words_to_use(state->linearise, lineariser, field);
    if (auto fine = check_driver("allocation"); !fine) {
        return tl::unexpected(fine.error());
    }
    return FrameStages(std::move(state));
}

Result<void> FrameStages::linearise(ImageView<const std::uint16_t> words) {
    State& s = *state_;
    assert(words.extent() == s.extent);
    const auto slot = s.ring.next();
    if (!slot) {
        return tl::unexpected(slot.error());
    }
    const std::size_t row_bytes = static_cast<std::size_t>(s.extent.width) * sizeof(std::uint16_t);
    for (int y = 0; y < s.extent.height; ++y) {
        std::memcpy(slot->data() + static_cast<std::size_t>(y) * row_bytes, words.row(y),
                    row_bytes);
    }
    s.ring.bind_unpack();
    s.words.upload_bound(s.ring.offset());
    UploadRing::unbind_unpack();
    s.ring.done();
    s.linearise.use();
    s.words.bind_to_read(0);
    s.live.bind_to_write(1);
    s.live_usable.bind_to_write(2);
    s.table.bind(0);
    s.dispatch(GpuStage::linearise, s.extent);
    s.uses = {};
    s.count(GpuStage::linearise, s.extent,
            {.device_bytes = kWord + kValue + kFlag, .upload_bytes = kWord});
    return check_driver("linearise");
}

Result<void> FrameStages::read_linearised(ImageView<float> log_intensity,
                                          ImageView<std::uint8_t> usable) {
    State& s = *state_;
    s.live.read(log_intensity);
    s.live_usable.read(usable);
    s.count(GpuStage::linearise, s.extent, {.readback_bytes = kValue + kFlag});
    return check_driver("linearise");
}

void FrameStages::put_mask(int layer, ImageView<const float> log_intensity,
                           ImageView<const std::uint8_t> usable) {
    state_->masks.upload(log_intensity, layer);
    state_->masks_usable.upload(usable, layer);
    state_->use_of(GpuStage::mix_subtract).upload_bytes +=
        static_cast<double>(state_->extent.pixels()) * (kValue + kFlag);
}

void FrameStages::begin_registration(float drift, ImageView<const float> added) {
    state_->registration->put_live(state_->live, state_->live_usable, drift, added);
}

void FrameStages::put_mask_half(int layer, const Pyramid::Level& half) {
    state_->registration->put_mask(layer, half);
}

LevelPixels& FrameStages::against(int layer) {
    state_->registration->compare(layer);
    return *state_->registration;
}

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

Result<void> FrameStages::sum_subtracted(bool half_opacity, SubtractedSums& out) {
    State& s = *state_;
    s.sums.send(s.subtracted(), half_opacity);
    if (auto sent = check_driver("frame_sums"); !sent) {
        return sent;
    }
    return s.sums.receive(out);
}

Result<void> FrameStages::bin_mask(WorkFrame& out) {
    State& s = *state_;
    return s.sums.bin_mask(s.subtracted(), out).and_then([] { return check_driver("frame_sums"); });
}

Result<void> FrameStages::weigh(const WeighInput& input, std::vector<Image<float>>& maps) {
    state_->weighing.weigh(input, maps);
    return check_driver("mask_weights");
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
    s.half_mix.read(to.mix);
    s.half_share.read(to.share);
    s.half_usable.read(to.usable);
    constexpr double kOut = 2.0 * kValue + kFlag;
    s.count(GpuStage::mix_half, extent,
            {.device_bytes = kFlag + (kValue + kFlag) * masks_looked_at(masks) + kOut,
             .readback_bytes = kOut});
    return check_driver("mix_half");
}

const PictureStack<float>& FrameStages::opacity() const {
    return state_->opacity;
}

void FrameStages::put_subtracted(ImageView<const float> opacity, ImageView<const float> sigma,
                                 ImageView<const std::uint8_t> usable) {
    State& s = *state_;
    s.opacity.upload(opacity);
    s.sigma.upload(sigma);
    s.usable.upload(usable);
    s.use_of(GpuStage::running_maps).upload_bytes +=
        static_cast<double>(s.extent.pixels()) * (2.0 * kValue + kFlag);
}

Result<void> FrameStages::follow_maps(FrameIndex frame) {
    State& s = *state_;
    s.timer_of(GpuStage::running_maps).begin();
    s.maps.follow(frame, s.opacity, s.sigma, s.usable);
    s.timer_of(GpuStage::running_maps).end();
    constexpr double kState = 3.0 * kValue + kFlag;
    s.count(GpuStage::running_maps, s.extent,
            {.device_bytes = 2.0 * kValue + kFlag + 2.0 * kState});
    return check_driver("running_maps");
}

Result<void> FrameStages::begin_maps() {
    state_->maps.begin_anew();
    return check_driver("running_maps");
}

Result<void> FrameStages::send_maps() {
    state_->maps.send();
    state_->use_of(GpuStage::running_maps).readback_bytes +=
        static_cast<double>(state_->extent.pixels()) * (3.0 * kValue + kFlag);
    return check_driver("running_maps");
}

Result<void> FrameStages::receive_maps(const RunningMapsState& to) {
    return state_->maps.receive(to).and_then([] { return check_driver("running_maps"); });
}

Result<void> FrameStages::respond_to_lines(ImageView<const float> image, const LineScale& scale,
                                           LineResponse& out) {
    state_->lines.respond(image, scale, out);
    return check_driver("lines");
}

GpuUses FrameStages::uses() {
    State& s = *state_;
    const RegistrationPixels::Uses more = s.registration->take_uses();
    add(more.pyramids, s.use_of(GpuStage::pyramids));
    add(more.registration, s.use_of(GpuStage::registration));
    add(s.lines.take_use(), s.use_of(GpuStage::lines));
    add(s.sums.take_use(), s.use_of(GpuStage::frame_sums));
    add(s.weighing.take_use(), s.use_of(GpuStage::mask_weights));
    for (const GpuStage stage : {GpuStage::linearise, GpuStage::mix_half, GpuStage::mix_subtract,
                                 GpuStage::running_maps}) {
        if (s.use_of(stage).used) {
            s.use_of(stage).shader_ms = s.timer_of(stage).elapsed_ms().value_or(0.0);
        }
    }
    return s.uses;
}

}  // namespace dsm::gpu
