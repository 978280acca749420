#include "viewer/study/run_session.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "dsp/review/journal_location.h"
#include "viewer/window_level.h"

namespace dsm::viewer {

namespace {

bool is_whole(const SubtractionJob* job) {
    return job != nullptr && job->snapshot()->state == JobSnapshot::State::done;
}

}  // namespace

Result<std::unique_ptr<RunSession>> RunSession::open(const std::filesystem::path& file, Wake wake) {
    auto frames = RunFrames::open(file, wake);
    if (!frames) {
        return tl::unexpected(frames.error());
    }
    return std::unique_ptr<RunSession>(new RunSession(std::move(*frames), std::move(wake)));
}

Result<std::unique_ptr<RunSession>> RunSession::follow(std::shared_ptr<LiveRun> run, Wake wake) {
    auto frames = RunFrames::follow(std::move(run), wake);
    if (!frames) {
        return tl::unexpected(frames.error());
    }
    return std::unique_ptr<RunSession>(new RunSession(std::move(*frames), std::move(wake)));
}

std::string RunSession::key() const {
    return run_key(info());
}

void RunSession::retire(std::shared_ptr<SubtractionJob> job) {
    if (job != nullptr) {
        job->request_stop();
        retired_.push_back(std::move(job));
    }
}

void RunSession::process(const PipelineParams& params) {
    if (is_whole(job_.get())) {
        retire(std::exchange(earlier_, std::move(job_)));
    }
    retire(std::move(job_));
    // The unregistered picture depends on the masks and on nothing else that may have changed.
    if (unregistered_ != nullptr && unregistered_->params().masks != params.masks) {
        retire(std::move(unregistered_));
    }
    auto started = SubtractionJob::start(frames_, params, wake_);
    start_failure_ = started ? std::string() : started.error().message();
    if (started) {
        job_ = std::move(*started);
    }
}

void RunSession::tend() {
    std::erase_if(retired_, [](const auto& job) { return job->finished(); });
    if (!is_whole(job_.get())) {
        return;
    }
    retire(std::move(earlier_));
    if (unregistered_ == nullptr && job_->params().registration != RegistrationMethod::none) {
        PipelineParams plain = job_->params();
        plain.registration = RegistrationMethod::none;
        plain.manual_shift_px = {};
        plain.find = false;
        if (auto started = SubtractionJob::start(frames_, plain, wake_)) {
            unregistered_ = std::move(*started);
        }
    }
}

bool RunSession::busy() const {
    const auto working = [](const SubtractionJob* job) {
        return job != nullptr && job->snapshot()->state == JobSnapshot::State::running;
    };
    return frames_->loading() || frames_->growing() || working(job_.get()) ||
           working(unregistered_.get());
}

const SubtractionJob* RunSession::job_with(FrameIndex frame) const {
    for (const auto* job : {job_.get(), earlier_.get()}) {
        if (job != nullptr && job->holds(frame)) {
            return job;
        }
    }
    return nullptr;
}

const SubtractionJob* RunSession::unregistered_with(FrameIndex frame) const {
    if (job_ != nullptr && job_->params().registration == RegistrationMethod::none) {
        return job_with(frame);
    }
    return unregistered_ != nullptr && unregistered_->holds(frame) ? unregistered_.get() : nullptr;
}

bool RunSession::outdated(FrameIndex frame) const {
    const auto* shown = job_with(frame);
    if (shown == nullptr || job_ == nullptr || shown == job_.get()) {
        return false;
    }
    // Levels name what is found; they change no pixel.
    PipelineParams asked = job_->params();
    asked.levels = shown->params().levels;
    return !(asked == shown->params());
}

std::shared_ptr<const JobSnapshot> RunSession::progress() const {
    return job_ == nullptr ? nullptr : job_->snapshot();
}

std::shared_ptr<const JobSnapshot> RunSession::findings() const {
    auto newest = progress();
    if (earlier_ != nullptr && (newest == nullptr || newest->state != JobSnapshot::State::done)) {
        return earlier_->snapshot();
    }
    return newest;
}

std::optional<FrameMotion> RunSession::motion_of(FrameIndex frame) const {
    const auto* job = job_with(frame);
    if (job == nullptr) {
        return std::nullopt;
    }
    const auto snapshot = job->snapshot();
    const auto at = static_cast<std::size_t>(frame);
    return at < snapshot->motion.size() ? std::optional(snapshot->motion[at]) : std::nullopt;
}

std::optional<std::string> RunSession::processing_failure() const {
    if (!start_failure_.empty()) {
        return start_failure_;
    }
    const auto now = progress();
    if (now != nullptr && now->state == JobSnapshot::State::failed) {
        return now->failure;
    }
    return std::nullopt;
}

std::optional<DisplayWindow> RunSession::automatic_native_window() const {
    Image<std::uint16_t> words;
    // Not the first frame: beams need a moment to settle. A third into the run where it is there.
    for (const FrameIndex frame : {info().frames / 3, 0}) {
        if (!frames_->holds(frame) || !frames_->read(frame, words)) {
            continue;
        }
        if (const auto range = robust_range(words.cview(), info().shutter, 0.005, 0.995)) {
            return window_between(range->low + info().stored_offset,
                                  range->high + info().stored_offset);
        }
    }
    return std::nullopt;
}

std::optional<DisplayWindow> RunSession::native_window() const {
    // A header that names the whole range of the bits has not thought about a window.
    const double whole_range = std::ldexp(1.0, info().bits_stored);
    if (info().window && info().window->width > 1.0 && info().window->width < 0.95 * whole_range) {
        return info().window;
    }
    return automatic_native_window();
}

std::optional<DisplayWindow> RunSession::automatic_opacity_window(FrameIndex frame) const {
    const auto* job = job_with(frame);
    Image<float> opacity;
    if (job == nullptr || !job->read_opacity(frame, opacity)) {
        return std::nullopt;
    }
    const auto range = robust_range(opacity.cview(), info().shutter, 0.02, 0.98);
    if (!range) {
        return std::nullopt;
    }
    // Wide enough for the noise, narrow enough for a vein of a few per cent beside a dense sac.
    const double spread = std::max({-range->low, 0.5 * range->high, 0.02});
    return window_for_opacity(std::min(2.0 * spread, 0.6));
}

}  // namespace dsm::viewer
