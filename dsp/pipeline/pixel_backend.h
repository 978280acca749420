// Which hardware a run's pixel stages run on: chosen here and nowhere else, and left here when its
// driver fails.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dsp/core/stage.h"
#include "dsp/opacification/work_grid.h"
#include "dsp/pipeline/kept_mix.h"
#include "dsp/pipeline/pixel_stages.h"

namespace dsm {

// Not thread-safe; used on the thread that made it.
class PixelBackend {
 public:
    // `automatic` takes graphics hardware whose driver works and is faster on a frame of the run's
    // size, never a software renderer: that only computes on the processor what the processor's own
    // stages do faster. Errors: `gpu` was asked
    // for and no driver works, software renderers included.
    [[nodiscard]] static Result<std::shared_ptr<PixelBackend>> choose(Backend asked,
                                                                      const RunInfo& run);
    [[nodiscard]] static std::shared_ptr<PixelBackend> cpu(const RunInfo& run);

    // As those of PixelStages. When the graphics driver fails, the processor does the same work
    // from this very frame on.
    void linearise(ImageView<const std::uint16_t> words, PreparedFrame& live);
    [[nodiscard]] Registration register_mask(const RegisterWork& work);
    void weigh(const WeighInput& input, MaskWeights& weights);
    void mix_half(const MaskMixer& mixer, MaskMix& to);
    // Of `to` only `mix.usable` is then sure to be in memory: see sums(). What `work` and `to`
    // refer to stays as it is until the next linearise().
    void mix_subtract(const MixWork& work, const MixResult& to);
    // Of the frame subtracted by mix_subtract(), where its pictures were left on the graphics card;
    // else null: they are where mix_subtract() was told to put them, or are not known here.
    [[nodiscard]] const gpu::SubtractedSums* sums() const {
        return mixed_ && mixed_->summed ? &sums_ : nullptr;
    }
    // Brings them to memory, unless they are there.
    void bring_pictures();
    // The mask that was subtracted, on the coarse grid; sums() is not null.
    void bin_mask(WorkFrame& out);

    // The views of a frame whose pictures are on the card may be empty.
    void follow_maps(const MapsFrame& frame);
    void respond_to_lines(ImageView<const float> image, const LineScale& scale, LineResponse& out);
    // Forgets the frames followed so far.
    void begin_maps(FrameIndex frame);
    // Of all frames followed; null where none was.
    [[nodiscard]] const RunningMaps* maps();
    // Of the frame linearised last.
    [[nodiscard]] GpuUses uses() { return gpu_ ? gpu_->uses() : GpuUses{}; }

    // "cpu" or "gpu"; after a failure "gpu, cpu from frame 12".
    [[nodiscard]] std::string name() const;
    [[nodiscard]] const std::string& device() const { return device_; }
    // Why it was chosen, one line.
    [[nodiscard]] const std::string& reason() const { return reason_; }
    // What the driver failed of, one line; nothing where it did not.
    [[nodiscard]] const std::optional<std::string>& failure() const { return failure_; }

 private:
    explicit PixelBackend(const RunInfo& run);
    void make_pictures();
    void keep_for_maps(const MapsFrame& frame);
    void leave_gpu(const Error& error, FrameIndex frame);
    void begin_settling(FrameIndex frame);
    void settle_maps(FrameIndex frame);

    WorkGrid grid_;
    std::unique_ptr<PixelStages> cpu_, gpu_;
    std::string device_{"cpu"}, reason_;
    std::optional<std::string> failure_;
    // The subtraction of the frame linearised last.
    struct Mixed {
        MixWork work;
        MixResult to;
        bool summed{false};     // on the graphics card
        bool in_memory{false};  // its pictures
    };
    std::optional<Mixed> mixed_;
    gpu::SubtractedSums sums_;
    Image<std::uint16_t> words_;  // of that frame
    // As of the last time they were settled; the frames followed since are kept, for the case that
    // the graphics card takes its own to the grave: what their mixes were made from, or pictures.
    static constexpr std::size_t kMostKept = 32;
    static constexpr std::size_t kMostBytesKept = std::size_t{64} << 20U;
    static constexpr std::size_t kPicturesKept = 4;
    struct Kept {
        FrameIndex frame{0};
        bool mixed{false};
        KeptMix mix;
        KeptMix::Pictures pictures;
    };
    std::optional<RunningMaps> maps_;
    std::vector<Kept> kept_;
    std::size_t frames_kept_{0};
    std::size_t pictures_kept_{0};  // of those frames
    bool settling_{false};          // the maps of all frames kept are on their way back
    FrameIndex left_at_{0};
    FrameIndex linearised_{0};  // last
};

}  // namespace dsm
