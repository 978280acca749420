#include "dsp/evaluation/ours.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "dsp/motion/register.h"
#include "dsp/pipeline/process.h"
#include "dsp/subtraction/mask_bank.h"

namespace dsm::evaluation {
namespace {

// The masks, then one live frame several times over.
class SceneRun : public FrameSource {
 public:
    SceneRun(const TrialScene& scene, std::size_t live, int lives) {
        info_.extent = scene.extent();
        info_.frames = static_cast<int>(scene.masks.size()) + lives;
        info_.bits_stored = scene.recipe.image.bits;
        info_.high_bit = scene.recipe.image.bits - 1;
        info_.intensity.relationship = PixelIntensityRelationship::linear;
        info_.timing_is_acquisition = true;
        for (int k = 0; k < info_.frames; ++k) {
            info_.frame_time_s.push_back(k / scene.recipe.timing.rate_hz);
        }
        scene_ = &scene;
        live_ = scene.masks.size() + live;
    }
    void expose(const Exposure& masks, const Exposure& live) {
        for (std::size_t k = 0; k <= scene_->masks.size(); ++k) {
            const bool is_live = k == scene_->masks.size();
            const Exposure& how = is_live ? live : masks;
            Image<std::uint16_t>& words = words_.emplace_back(info_.extent);
            scene_->expose(is_live ? live_ : k, how.number, how.mirrored, words.view());
        }
    }
    [[nodiscard]] const RunInfo& info() const override { return info_; }
    [[nodiscard]] Result<void> read(FrameIndex frame, ImageView<std::uint16_t> words) override {
        const auto at = std::min(static_cast<std::size_t>(frame), words_.size() - 1);
        copy_pixels(words_[at].cview(), words);
        return {};
    }

 private:
    const TrialScene* scene_{nullptr};
    std::size_t live_{0};
    RunInfo info_;
    std::vector<Image<std::uint16_t>> words_;
};

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

PreparedFrame prepared(const TrialScene& scene, std::size_t frame) {
    Image<std::uint16_t> words(scene.extent());
    scene.expose(frame, 0, false, words.view());
    Image<float> values(scene.extent());
    std::copy(words.pixels().begin(), words.pixels().end(), values.pixels().begin());
    PreparedFrame result;
    result.log_intensity = log_of(values.view());
    result.usable = Image<std::uint8_t>(scene.extent(), 1);
    prepare(result);
    return result;
}

}  // namespace

Result<OwnSubtraction> subtract_ours(const TrialScene& scene, std::size_t live,
                                     const Exposure& masks, const Exposure& exposure, int repeats) {
    SceneRun run(scene, live, 1 + repeats);
    run.expose(masks, exposure);
    const auto count = static_cast<FrameIndex>(scene.masks.size());
    PipelineParams params;
    params.find = false;
    for (FrameIndex k = 0; k < count; ++k) {
        params.masks.push_back(k);
    }
    OwnSubtraction result;
    std::vector<double> times_ms;
    ProcessHooks hooks;
    hooks.on_frame = [&](const FrameOutput& out) -> Result<void> {
        if (out.frame == count) {
            result.opacity.resize(out.opacity.extent());
            copy_pixels(out.opacity, result.opacity.view());
        }
        if (out.frame > count || (repeats == 0 && out.frame == count)) {
            times_ms.push_back(out.process_ms);
        }
        return {};
    };
    const auto done = process_run(run, params, hooks);
    if (!done) {
        return tl::unexpected(done.error());
    }
    result.time_ms = median(times_ms);
    return result;
}

Displacement register_ours(const TrialScene& scene, std::size_t live) {
    const PreparedFrame mask = prepared(scene, scene.masks.size() - 1);
    const PreparedFrame frame = prepared(scene, scene.masks.size() + live);
    RegistrationParams params;
    params.noise = static_cast<float>(noise_floor(scene, scene.lives[live]));
    Registrar registrar;
    return registrar.estimate(frame.pyramid, mask.pyramid, scene.extent(), params).field;
}

}  // namespace dsm::evaluation
