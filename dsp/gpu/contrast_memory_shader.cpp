#include "dsp/gpu/contrast_memory_shader.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "dsp/core/block_maps.h"
#include "dsp/subtraction/memory_numbers.h"

namespace dsm::gpu {
namespace {

using namespace memory_numbers;

constexpr int kStateLayers = 4;
constexpr int kLooks = 2;
constexpr int kNoiseLayer = 1;

}  // namespace

Result<ContrastMemoryShader> ContrastMemoryShader::load(const std::filesystem::path& shaders) {
    ContrastMemoryShader made;
    Programs& programs = made.programs_;
    auto loaded =
        Program::load_compute(shaders / "stages", {{"memory_look.comp", &programs.look},
                                                   {"memory_blocks.comp", &programs.blocks},
                                                   {"memory_frame.comp", &programs.frame},
                                                   {"memory_residue.comp", &programs.residue},
                                                   {"memory_update.comp", &programs.update},
                                                   {"memory_near.comp", &programs.near},
                                                   {"memory_put_back.comp", &programs.put_back}});
    if (!loaded) {
        return tl::unexpected(loaded.error());
    }
    programs.blocks.use();
    programs.blocks.set("smoothed_by", kSmoothed);
    programs.frame.use();
    programs.frame.set("dirty", kDirty);
    programs.frame.set("small", kSmall);
    programs.residue.use();
    programs.residue.set("frame_share", kFrameShare);
    programs.residue.set("noise_taken", kNoiseTaken);
    programs.update.use();
    for (const auto& [name, value] : {std::pair{"smoothed_by", kSmoothed},
                                      {"mixed_doubt", kMixedDoubt},
                                      {"mixed_share", kMixedShare},
                                      {"jump_limit", kJump},
                                      {"doubt_limit", kBeyondDoubt},
                                      {"drop_noise", kDropNoise},
                                      {"small", kSmall}}) {
        programs.update.set(name, value);
    }
    programs.near.use();
    programs.near.set("reach", kNearBlocks / 2);
    programs.near.set("sure_share", kSureShare);
    programs.put_back.use();
    programs.put_back.set("near_limit", kNear);
    programs.put_back.set("far_limit", kFar);
    programs.put_back.set("certain", kCertain);
    return made;
}

void ContrastMemoryShader::start(Extent extent) {
    if (contrast_.extent() == extent) {
        return;
    }
    const Extent blocks = blocks_of(extent);
    const Image<float> first_noise(extent, kFirstNoise);
    for (std::size_t i = 0; i < kStates; ++i) {
        state_[i].allocate(extent, kStateLayers);
        state_[i].fill(0.0F);
        state_[i].upload(first_noise.view(), kNoiseLayer);
        sure_[i].allocate(blocks);
        sure_[i].fill(0.0F);
    }
    for (PictureStack<float>* picture : {&opacity_, &sigma_, &contrast_}) {
        picture->allocate(extent);
    }
    smoothed_.allocate(extent, kLooks);
    seen_.allocate(extent, 3);
    blocks_.allocate(blocks, 3);
    residue_.allocate(blocks, kLooks);
    near_.allocate(blocks);
    frames_.reserve(kLooks * 2 * sizeof(float));
    now_ = 0;
}

// One of the two measurements: smoothed, and the variance of its residue by blocks.
void ContrastMemoryShader::look(ImageView<const float> opacity, int layer) {
    opacity_.upload(opacity);
    programs_.look.use();
    programs_.look.set("layer", layer);
    opacity_.bind_to_read(0);
    smoothed_.bind_to_write(1);
    Program::dispatch_next(opacity_.extent());

    programs_.blocks.use();
    programs_.blocks.set("layer", layer);
    smoothed_.bind_to_read(0);
    sigma_.bind_to_read(1);
    state_[now_].bind_to_read(2);
    blocks_.bind_to_write(3);
    wait_for_shaders();
    Program::dispatch_groups(blocks_.extent());

    programs_.frame.use();
    programs_.frame.set("look", layer);
    blocks_.bind_to_read(0);
    frames_.bind(0);
    wait_for_shaders();
    Program::dispatch_groups({1, 1});

    programs_.residue.use();
    programs_.residue.set("look", layer);
    residue_.bind_to_write(1);
    Program::dispatch_next(blocks_.extent());
}

void ContrastMemoryShader::update(const ContrastMeasurement& measurement) {
    start(measurement.certain.extent());
    sigma_.upload(measurement.sigma);
    look(measurement.certain, 0);
    const bool two = !measurement.mixed.empty();
    if (two) {
        look(measurement.mixed, 1);
    }
    const auto seconds = static_cast<float>(std::max(0.0, measurement.seconds));
    const Program& set = programs_.update;
    set.use();
    set.set("two", two ? 1 : 0);
    set.set("added", kPerSecond * seconds);
    set.set("keeps", std::exp(-seconds / kForgotten_s));
    smoothed_.bind_to_read(0);
    residue_.bind_to_read(1);
    sigma_.bind_to_read(2);
    state_[now_].bind_to_read(3);
    state_[1 - now_].bind_to_write(4);
    seen_.bind_to_write(5);
    frames_.bind(0);
    Program::dispatch_next(sigma_.extent());
}

void ContrastMemoryShader::put_back() {
    programs_.near.use();
    sure_[now_].bind_to_read(0);
    near_.bind_to_write(1);
    Program::dispatch_next(near_.extent());
    programs_.put_back.use();
    state_[1 - now_].bind_to_read(0);
    seen_.bind_to_read(1);
    near_.bind_to_read(2);
    contrast_.bind_to_write(3);
    sure_[1 - now_].bind_to_write(4);
    wait_for_shaders();
    Program::dispatch_groups(near_.extent());
}

void ContrastMemoryShader::expect(const ContrastMeasurement& measurement, Image<float>& contrast) {
    update(measurement);
    put_back();
    contrast.resize(contrast_.extent());
    contrast_.read(contrast.view());
}

void ContrastMemoryShader::follow(const ContrastMeasurement& measurement, Image<float>& contrast) {
    expect(measurement, contrast);
    now_ = 1 - now_;
}

}  // namespace dsm::gpu
