#include "dsp/gpu/running_maps_shader.h"

#include <cmath>
#include <cstddef>
#include <cstring>
#include <utility>

namespace dsm::gpu {
namespace {

// Rows that lie end to end; returns what comes after them.
template <class T>
const std::byte* copy_rows(const std::byte* from, ImageView<T> to) {
    const std::size_t bytes = sizeof(T) * static_cast<std::size_t>(to.width());
    for (int y = 0; y < to.height(); ++y) {
        std::memcpy(to.row(y), from, bytes);
        from += bytes;
    }
    return from;
}

}  // namespace

Result<RunningMapsShader> RunningMapsShader::load(const std::filesystem::path& shaders,
                                                  Extent extent) {
    auto program = Program::load_compute(shaders / "stages/running_maps.comp");
    if (!program) {
        return tl::unexpected(program.error());
    }
    RunningMapsShader maps;
    maps.program_ = std::move(*program);
    for (auto* picture : {&maps.mean_, &maps.peak_, &maps.arrival_}) {
        picture->allocate(extent);
    }
    maps.run_.allocate(extent);
    maps.begin_anew();
    const Program& set = maps.program_;
    set.use();
    set.set("smoothing", RunningMaps::kSmoothing);
    set.set("spread", RunningMaps::kArrivalSigmas *
                          std::sqrt(RunningMaps::kSmoothing / (2.0F - RunningMaps::kSmoothing)));
    set.set("least", RunningMaps::kArrivalFloor);
    set.set("frames_in_a_row", RunningMaps::kArrivalFrames);
    return maps;
}

void RunningMapsShader::begin_anew() {
    mean_.fill(0.0F);
    peak_.fill(0.0F);
    arrival_.fill(-1.0F);
    run_.fill(0);
    started_ = false;
}

void RunningMapsShader::follow(FrameIndex frame, const PictureStack<float>& opacity,
                               const PictureStack<float>& sigma,
                               const PictureStack<std::uint8_t>& usable) {
    program_.use();
    program_.set("first", started_ ? 0 : 1);
    program_.set("arrived", static_cast<float>(frame - RunningMaps::kArrivalFrames + 1));
    opacity.bind_to_read(0);
    sigma.bind_to_read(1);
    usable.bind_to_read(2);
    mean_.bind_to_update(3);
    peak_.bind_to_update(4);
    arrival_.bind_to_update(5);
    run_.bind_to_update(6);
    Program::dispatch_next(opacity.extent());
    started_ = true;
}

void RunningMapsShader::send() {
    const std::size_t map_bytes = sizeof(float) * mean_.extent().pixels();
    back_.begin(3 * map_bytes + run_.extent().pixels());
    mean_.send(0);
    peak_.send(map_bytes);
    arrival_.send(2 * map_bytes);
    run_.send(3 * map_bytes);
    back_.sent();
}

Result<void> RunningMapsShader::receive(const RunningMapsState& to) {
    const auto bytes = back_.receive();
    if (!bytes) {
        return tl::unexpected(bytes.error());
    }
    const std::byte* from = copy_rows(bytes->data(), to.mean);
    from = copy_rows(from, to.peak);
    from = copy_rows(from, to.arrival);
    copy_rows(from, to.run);
    return {};
}

}  // namespace dsm::gpu
