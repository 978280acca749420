#include "dsp/gpu/running_maps_shader.h"

#include <cmath>
#include <utility>

namespace dsm::gpu {

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
    glMemoryBarrier(GL_SHADER_IMAGE_ACCESS_BARRIER_BIT);
    Program::dispatch_over(opacity.extent());
    started_ = true;
}

void RunningMapsShader::read(const RunningMapsState& to) const {
    mean_.read(to.mean);
    peak_.read(to.peak);
    arrival_.read(to.arrival);
    run_.read(to.run);
}

}  // namespace dsm::gpu
