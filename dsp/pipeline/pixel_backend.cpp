#include "dsp/pipeline/pixel_backend.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "dsp/gpu/context.h"
#include "dsp/gpu/shader_files.h"
#include "dsp/pipeline/gpu_trial.h"

namespace dsm {

namespace {

Result<TrialTimes> times_of(Extent extent) {
    return gpu::find_shader_folder().and_then(
        [&](const std::filesystem::path& shaders) { return time_gpu(shaders, extent); });
}

std::string words_of(const TrialTimes& times) {
    char words[80];
    std::snprintf(words, sizeof words, "%.1f against %.1f ms for its share of a frame",
                  times.driver_ms, times.processor_ms);
    return words;
}

template <class T>
void keep(ImageView<const T> from, Image<T>& to) {
    to.resize(from.extent());
    copy_pixels(from, to.view());
}

}  // namespace

PixelBackend::PixelBackend(const RunInfo& run) : grid_(run), cpu_(make_cpu_stages(run)) {}

std::shared_ptr<PixelBackend> PixelBackend::cpu(const RunInfo& run) {
    return std::shared_ptr<PixelBackend>(new PixelBackend(run));
}

Result<std::shared_ptr<PixelBackend>> PixelBackend::choose(Backend asked, const RunInfo& run) {
    auto chosen = cpu(run);
    if (asked == Backend::cpu) {
        chosen->reason_ = "asked for";
        return chosen;
    }
    // Loading a driver takes longer than a short run.
    if (asked == Backend::automatic && !gpu::graphics_device_present()) {
        chosen->reason_ = "there is no graphics hardware";
        return chosen;
    }
    auto made = make_gpu_stages(run);
    if (!made) {
        if (asked == Backend::gpu) {
            return tl::unexpected(made.error());
        }
        chosen->reason_ = made.error().message();
        return chosen;
    }
    if (asked == Backend::automatic && made->software) {
        chosen->reason_ = made->device + " is a software renderer";
        return chosen;
    }
    std::string reason = "asked for";
    if (asked == Backend::automatic) {
        const auto times = times_of(run.extent);
        if (!times || times->driver_ms >= times->processor_ms) {
            chosen->reason_ =
                times ? made->device + " is slower: " + words_of(*times) : times.error().message();
            return chosen;
        }
        reason = "faster than the processor: " + words_of(*times);
    }
    chosen->gpu_ = std::move(made->stages);
    chosen->device_ = std::move(made->device);
    chosen->reason_ = std::move(reason);
    return chosen;
}

void PixelBackend::leave_gpu(const Error& error, FrameIndex frame) {
    gpu_.reset();
    settling_ = false;
    left_at_ = frame;
    failure_ = error.message() + "; from frame " + std::to_string(frame + 1) +
               " on the processor did the work, no frame was lost";
    for (std::size_t i = 0; i < frames_kept_; ++i) {
        Kept& kept = kept_[i];
        if (kept.mixed) {
            kept.pictures = kept.mix.make_again(*cpu_);
        }
        maps_->follow(kept.frame, kept.pictures.opacity.view(), kept.pictures.sigma.view(),
                      kept.pictures.usable.view());
    }
    kept_.clear();
    frames_kept_ = 0;
    make_pictures();
}

// Those that were left on the card, by the processor.
void PixelBackend::make_pictures() {
    if (mixed_ && !mixed_->in_memory) {
        static_cast<void>(cpu_->mix_subtract(mixed_->work, mixed_->to, sums_));
        mixed_->in_memory = true;
    }
}

void PixelBackend::linearise(ImageView<const std::uint16_t> words, PreparedFrame& live) {
    linearised_ = live.frame;
    mixed_.reset();
    if (gpu_) {
        keep(words, words_);
        if (const auto done = gpu_->linearise(words, live); !done) {
            leave_gpu(done.error(), live.frame);
        }
    }
    static_cast<void>(cpu_->linearise(words, live));  // it has no way to fail
}

Registration PixelBackend::register_mask(const RegisterWork& work) {
    if (gpu_) {
        auto found = gpu_->register_mask(work);
        if (found) {
            return std::move(*found);
        }
        leave_gpu(found.error(), work.live->frame);
    }
    return std::move(*cpu_->register_mask(work));
}

void PixelBackend::weigh(const WeighInput& input, MaskWeights& weights) {
    if (gpu_) {
        const auto done = gpu_->weigh(input, weights);
        if (done) {
            return;
        }
        leave_gpu(done.error(), linearised_);
    }
    static_cast<void>(cpu_->weigh(input, weights));
}

void PixelBackend::mix_half(const MaskMixer& mixer, MaskMix& to) {
    if (gpu_) {
        const auto done = gpu_->mix_half(mixer, to);
        if (done) {
            return;
        }
        leave_gpu(done.error(), linearised_);
    }
    static_cast<void>(cpu_->mix_half(mixer, to));
}

void PixelBackend::mix_subtract(const MixWork& work, const MixResult& to) {
    mixed_.emplace(Mixed{work, to});
    if (gpu_) {
        const auto done = gpu_->mix_subtract(work, to, sums_);
        if (done) {
            mixed_->summed = true;
            copy_pixels(sums_.usable.cview(), to.mix.usable.view());
            return;
        }
        leave_gpu(done.error(), work.live->frame);
    }
    make_pictures();
}

void PixelBackend::bring_pictures() {
    if (!mixed_ || mixed_->in_memory) {
        return;
    }
    if (const auto done = gpu_->bring_pictures(mixed_->to); !done) {
        leave_gpu(done.error(), linearised_);
    }
    mixed_->in_memory = true;
}

void PixelBackend::bin_mask(WorkFrame& out) {
    if (!mixed_->in_memory) {
        const auto done = gpu_->bin_mask(out);
        if (done) {
            return;
        }
        leave_gpu(done.error(), linearised_);
    }
    grid_.bin(mixed_->to.mix.mask.view(), {}, mixed_->to.mix.usable.view(), out);
}

void PixelBackend::keep_for_maps(const MapsFrame& frame) {
    const bool mixed = mixed_ && mixed_->summed;
    const std::size_t frame_bytes = frame.usable.extent().pixels() * sizeof(std::uint16_t);
    const std::size_t most = std::clamp(kMostBytesKept / std::max<std::size_t>(1, frame_bytes),
                                        kPicturesKept, kMostKept);
    kept_.resize(std::max(kept_.size(), frames_kept_ + 1));
    Kept& kept = kept_[frames_kept_++];
    kept.frame = frame.frame;
    kept.mixed = mixed;
    if (mixed) {
        kept.mix.keep(mixed_->work, words_.view());
    } else {
        keep(frame.opacity, kept.pictures.opacity);
        keep(frame.sigma, kept.pictures.sigma);
        keep(frame.usable, kept.pictures.usable);
        ++pictures_kept_;
    }
    if (frames_kept_ >= most || pictures_kept_ >= kPicturesKept) {
        begin_settling(frame.frame);
    }
}

void PixelBackend::follow_maps(const MapsFrame& frame) {
    if (!maps_) {
        maps_.emplace(frame.usable.extent());
    }
    if (settling_) {
        settle_maps(frame.frame);
    }
    if (gpu_) {
        const auto done = gpu_->follow_maps(frame, *maps_);
        if (done) {
            keep_for_maps(frame);
            return;
        }
        leave_gpu(done.error(), frame.frame);
    }
    if (mixed_) {
        const MixResult& to = mixed_->to;
        static_cast<void>(
            cpu_->follow_maps({frame.frame, to.opacity, to.sigma, to.mix.usable.view()}, *maps_));
        return;
    }
    static_cast<void>(cpu_->follow_maps(frame, *maps_));
}

void PixelBackend::respond_to_lines(ImageView<const float> image, const LineScale& scale,
                                    LineResponse& out) {
    if (gpu_) {
        const auto done = gpu_->respond_to_lines(image, scale, out);
        if (done) {
            return;
        }
        leave_gpu(done.error(), linearised_);
    }
    static_cast<void>(cpu_->respond_to_lines(image, scale, out));
}

void PixelBackend::begin_maps(FrameIndex frame) {
    maps_.reset();
    settling_ = false;
    frames_kept_ = 0;
    pictures_kept_ = 0;
    if (gpu_) {
        if (const auto done = gpu_->begin_maps(); !done) {
            leave_gpu(done.error(), frame);
        }
    }
}

void PixelBackend::begin_settling(FrameIndex frame) {
    if (const auto done = gpu_->begin_settling(); !done) {
        leave_gpu(done.error(), frame);
        return;
    }
    settling_ = true;
}

void PixelBackend::settle_maps(FrameIndex frame) {
    if (!gpu_ || !maps_ || frames_kept_ == 0) {
        return;
    }
    if (!settling_) {
        begin_settling(frame);
        if (!settling_) {
            return;
        }
    }
    settling_ = false;
    RunningMaps settled(maps_->peak().extent());
    if (const auto done = gpu_->settle_maps(settled); !done) {
        leave_gpu(done.error(), frame);
        return;
    }
    maps_ = std::move(settled);
    frames_kept_ = 0;
    pictures_kept_ = 0;
}

const RunningMaps* PixelBackend::maps() {
    settle_maps(frames_kept_ > 0 ? kept_[frames_kept_ - 1].frame : 0);
    return maps_ ? &*maps_ : nullptr;
}

std::string PixelBackend::name() const {
    if (failure_) {
        return "gpu, cpu from frame " + std::to_string(left_at_);
    }
    return gpu_ ? "gpu" : "cpu";
}

}  // namespace dsm
