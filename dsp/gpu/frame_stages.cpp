#include "dsp/gpu/frame_stages.h"

#include <array>
#include <cassert>
#include <cstring>
#include <utility>

#include "dsp/gpu/context.h"
#include "dsp/gpu/frame_stages_state.h"

namespace dsm::gpu {

namespace {

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
    Parts parts;
    auto loaded = Program::load_compute(shaders, {{kLineariseStage.shader, &parts.linearise},
                                                  {"stages/mix_subtract.comp", &parts.mix},
                                                  {"stages/mix_half.comp", &parts.half},
                                                  {"stages/pack_half.comp", &parts.pack}});
    if (!loaded) {
        return tl::unexpected(loaded.error());
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

Result<void> FrameStages::sum_subtracted(const SumsAsked& asked, SubtractedSums& out) {
    State& s = *state_;
    s.sums.send(s.subtracted(), asked);
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
