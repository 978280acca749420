#include "viewer/study/subtraction_job.h"

#include <chrono>
#include <utility>

namespace dsm::viewer {

namespace {

constexpr int kSigmaStep = 4;

Extent sampled(Extent extent) {
    return {(extent.width + kSigmaStep - 1) / kSigmaStep,
            (extent.height + kSigmaStep - 1) / kSigmaStep};
}

unsigned next_serial() {
    static std::atomic<unsigned> last{0};
    return ++last;
}

}  // namespace

Result<std::unique_ptr<SubtractionJob>> SubtractionJob::start(
    std::shared_ptr<const RunFrames> frames, PipelineParams params, Wake wake) {
    const auto& info = frames->info();
    const int room = frames->capacity();
    auto opacity = FrameStore<float>::create(info.extent, room);
    if (!opacity) {
        return tl::unexpected(opacity.error());
    }
    auto sigma = FrameStore<float>::create(sampled(info.extent), room);
    if (!sigma) {
        return tl::unexpected(sigma.error());
    }
    std::optional<FrameStore<float>> filtered;
    if (params.find) {
        auto store = FrameStore<float>::create(info.extent, room);
        if (!store) {
            return tl::unexpected(store.error());
        }
        filtered = std::move(*store);
    }
    return std::unique_ptr<SubtractionJob>(
        new SubtractionJob(std::move(frames), std::move(params), std::move(*opacity),
                           std::move(*sigma), std::move(filtered), std::move(wake)));
}

SubtractionJob::SubtractionJob(std::shared_ptr<const RunFrames> frames, PipelineParams params,
                               FrameStore<float> opacity, FrameStore<float> sigma,
                               std::optional<FrameStore<float>> filtered, Wake wake)
    : frames_(std::move(frames)),
      info_(frames_->info()),
      params_(std::move(params)),
      opacity_(std::move(opacity)),
      sigma_(std::move(sigma)),
      filtered_(std::move(filtered)),
      wake_(std::move(wake)),
      serial_(next_serial()),
      snapshot_(std::make_shared<const JobSnapshot>()),
      worker_([this](const std::stop_token& stop) { run(stop); }) {}

std::shared_ptr<const JobSnapshot> SubtractionJob::snapshot() const {
    const std::scoped_lock lock(mutex_);
    return snapshot_;
}

RecentTimes SubtractionJob::recent_times() const {
    const std::scoped_lock lock(mutex_);
    return times_;
}

void SubtractionJob::publish(const std::function<void(JobSnapshot&)>& change) {
    {
        const std::scoped_lock lock(mutex_);
        auto next = std::make_shared<JobSnapshot>(*snapshot_);
        change(*next);
        snapshot_ = std::move(next);
    }
    wake_();
}

Result<void> SubtractionJob::keep(const FrameOutput& out) {
    if (auto written = opacity_.write(out.frame, out.opacity); !written) {
        return written;
    }
    if (!out.sigma.empty()) {
        Image<float> small(sigma_.extent());
        for (int y = 0; y < small.height(); ++y) {
            for (int x = 0; x < small.width(); ++x) {
                small(x, y) = out.sigma(x * kSigmaStep, y * kSigmaStep);
            }
        }
        if (auto written = sigma_.write(out.frame, small.cview()); !written) {
            return written;
        }
    }
    publish([&](JobSnapshot& next) {
        next.motion.push_back(out.motion);
        times_.add({out.frame, out.part_ms, out.process_ms, std::nullopt});
    });
    return {};
}

void SubtractionJob::run(const std::stop_token& stop) {
    StoredSource source(frames_, info_, stop);
    ProcessHooks hooks;
    hooks.stop = stop;
    hooks.on_frame = [this](const FrameOutput& out) { return keep(out); };
    if (filtered_) {
        hooks.on_filtered = [this](FrameIndex frame, ImageView<const float> picture) {
            return filtered_->write(frame, picture);
        };
    }
    hooks.on_progress = [this](double fraction) {
        publish([&](JobSnapshot& next) { next.fraction = fraction; });
    };
    hooks.on_findings = [this](FrameIndex, const std::vector<Highlight>& found) {
        publish([&](JobSnapshot& next) { next.highlights = found; });
    };
    if (frames_->growing()) {
        hooks.on_done = [this](FrameIndex frame) {
            const auto since = std::chrono::system_clock::now() - frames_->last_byte(frame);
            publish([&](JobSnapshot& next) {
                next.latency_ms = std::chrono::duration<double, std::milli>(since).count();
                times_.set_latency(frame, *next.latency_ms);
            });
        };
    }
    auto result = process_run(source, params_, hooks);
    finished_.store(true);
    publish([&](JobSnapshot& next) {
        next.fraction = 1.0;
        if (!result) {
            next.state = JobSnapshot::State::failed;
            next.failure = result.error().message();
            return;
        }
        next.state = JobSnapshot::State::done;
        next.result = std::make_shared<const RunResult>(std::move(*result));
        next.highlights = next.result->highlights;
        next.motion = next.result->motion;
    });
}

Result<void> SubtractionJob::read_part(FrameIndex frame, const PixelRect& part,
                                       Image<float>& opacity, Image<float>& sigma) const {
    const int first = part.x / kSigmaStep;
    const int last = (part.x + part.width - 1) / kSigmaStep;
    std::vector<float> samples(static_cast<std::size_t>(last - first + 1));
    for (int y = 0; y < part.height; ++y) {
        if (auto read = opacity_.read_row(frame, part.x, part.y + y, opacity.view().row_span(y));
            !read) {
            return read;
        }
        if (y == 0 || (part.y + y) % kSigmaStep == 0) {
            const int row = (part.y + y) / kSigmaStep;
            if (auto read = sigma_.read_row(frame, first, row, samples); !read) {
                return read;
            }
        }
        for (int x = 0; x < part.width; ++x) {
            sigma(x, y) = samples[static_cast<std::size_t>((part.x + x) / kSigmaStep - first)];
        }
    }
    return {};
}

}  // namespace dsm::viewer
