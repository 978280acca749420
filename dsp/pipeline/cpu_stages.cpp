#include <algorithm>

#include "dsp/pipeline/pixel_stages.h"
#include "dsp/subtraction/subtract.h"

namespace dsm {
namespace {

void clear_outside(const PixelRect& field, ImageView<std::uint8_t> usable) {
    const int left = std::clamp(field.x, 0, usable.width());
    const int right = std::clamp(field.x + field.width, left, usable.width());
    for (int y = 0; y < usable.height(); ++y) {
        std::uint8_t* row = usable.row(y);
        const bool inside = y >= field.y && y < field.y + field.height;
        std::fill(row, row + (inside ? left : usable.width()), std::uint8_t{0});
        std::fill(row + (inside ? right : usable.width()), row + usable.width(), std::uint8_t{0});
    }
}

class CpuStages : public PixelStages {
 public:
    explicit CpuStages(const RunInfo& run) : lineariser_(run), field_(exposed_field(run)) {}

    [[nodiscard]] Result<void> linearise(ImageView<const std::uint16_t> words,
                                         PreparedFrame& live) override {
        lineariser_.apply(words, live.log_intensity.view(), live.usable.view());
        clear_outside(field_, live.usable.view());
        return {};
    }

    [[nodiscard]] Result<Registration> register_mask(const RegisterWork& work) override {
        return registrar_.estimate(work.live->pyramid, work.mask->pyramid, work.extent,
                                   work.params);
    }

    [[nodiscard]] Result<void> weigh(const WeighInput& input, MaskWeights& weights) override {
        weights.weigh(input);
        return {};
    }

    [[nodiscard]] Result<void> mix_half(const MaskMixer& mixer, MaskMix& to) override {
        mixer.mix_half(to);
        return {};
    }

    [[nodiscard]] Result<void> mix_subtract(const MixWork& work, const MixResult& to,
                                            gpu::SubtractedSums&) override {
        {
            const PartTimer timer(*work.part_ms, FramePart::masks);
            work.mixer->mix_full(to.mix);
            remove_ground(work.mixer->ground(), to.mix.mask.view());
        }
        const PartTimer timer(*work.part_ms, FramePart::subtraction);
        subtract({work.live->log_intensity.view(), to.mix.mask.view(), to.mix.share.view()},
                 *work.noise, to.opacity, to.sigma);
        return {};
    }

    [[nodiscard]] Result<void> follow_maps(const MapsFrame& frame, RunningMaps& maps) override {
        maps.follow(frame.frame, frame.opacity, frame.sigma, frame.usable);
        return {};
    }
    [[nodiscard]] Result<void> begin_settling() override { return {}; }
    [[nodiscard]] Result<void> settle_maps(RunningMaps&) override { return {}; }
    [[nodiscard]] Result<void> begin_maps() override { return {}; }
    [[nodiscard]] Result<void> respond_to_lines(ImageView<const float> image,
                                                const LineScale& scale,
                                                LineResponse& out) override {
        line_response(image, scale, out);
        return {};
    }

 private:
    Lineariser lineariser_;
    PixelRect field_;
    Registrar registrar_;
};

}  // namespace

PixelRect exposed_field(const RunInfo& run) {
    return run.shutter.value_or(PixelRect{0, 0, run.extent.width, run.extent.height});
}

std::unique_ptr<PixelStages> make_cpu_stages(const RunInfo& run) {
    return std::make_unique<CpuStages>(run);
}

}  // namespace dsm
