#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "dsp/gpu/context.h"
#include "dsp/gpu/fault.h"
#include "dsp/gpu/frame_stages.h"
#include "dsp/gpu/shader_files.h"
#include "dsp/pipeline/gpu_trial.h"
#include "dsp/pipeline/pixel_stages.h"

namespace dsm {
namespace {

// Which masks lie in which layer. It holds them, so that their memory is not used for others.
class MaskLayers {
 public:
    int layer_of(const std::shared_ptr<const PreparedFrame>& mask, gpu::FrameStages& stages) {
        ++clock_;
        const auto found = std::find_if(layers_.begin(), layers_.end(),
                                        [&](const Layer& each) { return each.mask == mask; });
        const auto at = found != layers_.end()
                            ? found
                            : std::min_element(layers_.begin(), layers_.end(),
                                               [](const Layer& a, const Layer& b) {
                                                   return a.last_use < b.last_use;
                                               });
        const auto layer = static_cast<int>(at - layers_.begin());
        if (at != found) {
            stages.put_mask(layer, mask->log_intensity.view(), mask->usable.view());
            if (!mask->pyramid.levels.empty()) {
                stages.put_mask_half(layer, mask->pyramid.levels.front());
            }
            at->mask = mask;
        }
        at->last_use = clock_;
        return layer;
    }

 private:
    struct Layer {
        std::shared_ptr<const PreparedFrame> mask;
        std::int64_t last_use{0};
    };
    std::array<Layer, gpu::FrameStages::kLayers> layers_;
    std::int64_t clock_{0};
};
static_assert(gpu::FrameStages::kLayers >= static_cast<int>(kMostMasks));

class OpenGlStages : public PixelStages {
 public:
    OpenGlStages(gpu::Context context, gpu::FrameStages stages, gpu::FaultPlan faults,
                 Extent extent)
        : context_(std::move(context)),
          stages_(std::move(stages)),
          faults_(std::move(faults)),
          run_extent_(extent) {}

    [[nodiscard]] Result<void> linearise(ImageView<const std::uint16_t> words,
                                         PreparedFrame&) override {
        faults_.use("linearise");
        subtracted_there_ = false;
        registered_to_ = nullptr;
        return stages_.linearise(words);
    }

    [[nodiscard]] Result<Registration> register_mask(const RegisterWork& work) override {
        faults_.use("registration");
        if (registered_to_ != work.live) {
            stages_.begin_registration(work.drift, work.contrast);
            registered_to_ = work.live;
        }
        LevelPixels& on_card = stages_.against(layers_.layer_of(work.mask, stages_));
        coarse_.compare(work.live->pyramid, work.mask->pyramid);
        CoarseByProcessor pixels(on_card, coarse_, kFirstCoarse);
        Registration found = registrar_.estimate(pixels, work.extent, work.params);
        if (auto fine = gpu::check_driver("registration"); !fine) {
            return tl::unexpected(fine.error());
        }
        return found;
    }

    [[nodiscard]] Result<void> weigh(const WeighInput& input, MaskWeights& weights) override {
        faults_.use("mask_weights");
        return stages_.weigh(input, weights.begin(input));
    }

    [[nodiscard]] Result<void> mix_half(const MaskMixer& mixer, MaskMix& to) override {
        faults_.use("mix_half");
        to.resize({run_extent_.width / 2, run_extent_.height / 2});
        return stages_.mix_half(layers_in(mixer), kWeightBlock_px,
                                {to.mask.view(), to.share.view(), to.usable.view()});
    }

    [[nodiscard]] Result<void> mix_subtract(const MixWork& work, const MixResult&,
                                            gpu::SubtractedSums& sums) override {
        const PartTimer timer(*work.part_ms, FramePart::masks);
        faults_.use("mix_subtract");
        subtracted_there_ = true;
        return stages_
            .mix_subtract({layers_in(*work.mixer), kWeightBlock_px, work.mixer->ground(),
                           work.drift, work.noise})
            .and_then([&] {
                faults_.use("frame_sums");
                return stages_.sum_subtracted({work.half_opacity, work.findings}, sums);
            });
    }
    [[nodiscard]] Result<void> bring_pictures(const MixResult& to) override {
        faults_.use("pictures");
        return stages_.read_subtracted(
            {to.mix.mask.view(), to.mix.usable.view(), to.opacity, to.sigma});
    }
    [[nodiscard]] Result<void> bin_mask(WorkFrame& out) override {
        faults_.use("mask_bins");
        return stages_.bin_mask(out);
    }

    [[nodiscard]] Result<void> follow_maps(const MapsFrame& frame, RunningMaps&) override {
        faults_.use("running_maps");
        if (!subtracted_there_) {
            stages_.put_subtracted(frame.opacity, frame.sigma, frame.usable);
        }
        return stages_.follow_maps(frame.frame);
    }
    [[nodiscard]] Result<void> begin_settling() override { return stages_.send_maps(); }
    [[nodiscard]] Result<void> settle_maps(RunningMaps& maps) override {
        return stages_.receive_maps(maps.resume());
    }
    [[nodiscard]] Result<void> begin_maps() override { return stages_.begin_maps(); }

    [[nodiscard]] Result<void> respond_to_lines(ImageView<const float> image,
                                                const LineScale& scale,
                                                LineResponse& out) override {
        faults_.use("lines");
        return stages_.respond_to_lines(image, scale, out);
    }

    [[nodiscard]] GpuUses uses() override { return stages_.uses(); }

 private:
    gpu::Context context_;  // outlives what was made in it
    gpu::FrameStages stages_;
    gpu::FaultPlan faults_;
    // The masks of a mix, on the card, for as long as `mixer` keeps them.
    [[nodiscard]] std::span<const gpu::LayerInMix> layers_in(const MaskMixer& mixer) {
        in_mix_.clear();
        for (const MaskMixer::Part& part : mixer.parts()) {
            in_mix_.push_back({layers_.layer_of(part.mask, stages_), part.field, part.weight});
        }
        return in_mix_;
    }

    Extent run_extent_;
    std::vector<gpu::LayerInMix> in_mix_;
    MaskLayers layers_;
    // Pixels of 8 px: 128 x 128 of them in a picture of 1024 x 1024.
    static constexpr std::size_t kFirstCoarse = 2;
    Registrar registrar_;
    PyramidPixels coarse_;
    const PreparedFrame* registered_to_{nullptr};  // whose pyramid is on the card
    bool subtracted_there_{false};                 // the live frame's opacity is on the card
};

}  // namespace

Result<GpuStages> make_gpu_stages(const RunInfo& run) {
    auto faults = gpu::FaultPlan::from_environment();
    if (!faults) {
        return tl::unexpected(faults.error());
    }
    const auto shaders = gpu::find_shader_folder();
    if (!shaders) {
        return tl::unexpected(shaders.error());
    }
    auto context = gpu::Context::create_headless();
    if (!context) {
        return tl::unexpected(context.error());
    }
    if (auto fine = try_gpu(*shaders, context->renderer()); !fine) {
        return tl::unexpected(fine.error());
    }
    auto stages = gpu::FrameStages::create(*shaders, run, exposed_field(run));
    if (!stages) {
        return tl::unexpected(stages.error());
    }
    GpuStages made;
    made.device = context->renderer();
    made.software = context->is_software();
    made.stages = std::make_unique<OpenGlStages>(std::move(*context), std::move(*stages),
                                                 std::move(*faults), run.extent);
    return made;
}

}  // namespace dsm
