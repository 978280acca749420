#include "viewer/study/run_frames.h"

#include <algorithm>
#include <span>
#include <utility>

#include "dsp/core/thumbnail.h"
#include "dsp/source/open_run.h"
#include "viewer/study/live_losses.h"

namespace dsm::viewer {

Result<std::shared_ptr<RunFrames>> RunFrames::open(const std::filesystem::path& file, Wake wake) {
    auto source = open_run(file);
    if (!source) {
        return tl::unexpected(source.error());
    }
    RunInfo info = (*source)->info();
    auto words = FrameStore<std::uint16_t>::create(info.extent, info.frames);
    if (!words) {
        return tl::unexpected(words.error());
    }
    return std::shared_ptr<RunFrames>(
        new RunFrames(std::move(info), std::move(*words), std::move(*source), std::move(wake)));
}

RunFrames::RunFrames(RunInfo info, FrameStore<std::uint16_t> words,
                     std::unique_ptr<FrameSource> source, Wake wake)
    : info_(std::move(info)),
      words_(std::move(words)),
      wake_(std::move(wake)),
      loader_([this, opened = std::move(source)](const std::stop_token& stop) {
          load(*opened, stop);
      }) {}

Result<std::shared_ptr<RunFrames>> RunFrames::follow(std::shared_ptr<LiveRun> run, Wake wake) {
    const RunInfo& info = run->info();
    auto words = FrameStore<std::uint16_t>::create(info.extent,
                                                   run->whole() ? info.frames : kMostLiveFrames);
    if (!words) {
        return tl::unexpected(words.error());
    }
    return std::shared_ptr<RunFrames>(
        new RunFrames(std::move(run), std::move(*words), std::move(wake)));
}

RunFrames::RunFrames(std::shared_ptr<LiveRun> run, FrameStore<std::uint16_t> words, Wake wake)
    : info_(run->info()),
      words_(std::move(words)),
      wake_(std::move(wake)),
      live_(true),
      first_warnings_(info_.warnings),
      loader_([this, live = std::move(run)](const std::stop_token& stop) { record(*live, stop); }) {
}

RunFrames::~RunFrames() = default;

Result<void> RunFrames::keep(FrameSource& source, FrameIndex frame, Image<std::uint16_t>& words) {
    auto kept = source.read(frame, words.view());
    if (!kept) {
        return kept;
    }
    keep_picture(frame, words.cview());
    return words_.write(frame, words.cview());
}

// Of the first frame that can be read, then of the middle one, which may show contrast.
void RunFrames::keep_picture(FrameIndex frame, ImageView<const std::uint16_t> words) {
    if (picture() != nullptr && frame != words_.frames() / 2) {
        return;
    }
    auto small =
        std::make_shared<const Image<std::uint8_t>>(thumbnail(words, info_, kThumbnail_px));
    const std::scoped_lock lock(mutex_);
    picture_ = std::move(small);
}

std::shared_ptr<const Image<std::uint8_t>> RunFrames::picture() const {
    const std::scoped_lock lock(mutex_);
    return picture_;
}

void RunFrames::count(FrameIndex frame, const Result<void>& kept) {
    ++done_;
    if (!kept) {
        damaged_[frame] = kept.error().message();
    }
}

void RunFrames::record(LiveRun& run, const std::stop_token& stop) {
    Image<std::uint16_t> words(run.info().extent);
    for (FrameIndex frame = 0; frame < words_.frames(); ++frame) {
        if (!run.await(frame, stop).value_or(false)) {
            break;
        }
        const auto kept = keep(run, frame, words);
        {
            const std::scoped_lock lock(mutex_);
            count(frame, kept);
            keep_record(run.record());
            record_is_new_ = record_is_new_ || first_warnings_ != run.info().warnings;
            first_warnings_ = run.info().warnings;
            arrivals_.push_back({time_of(run.info(), frame), run.last_byte()});
        }
        arrived_.notify_all();
        wake_();
    }
    {
        const std::scoped_lock lock(mutex_);
        over_ = true;
        keep_record(run.record());
    }
    arrived_.notify_all();
    wake_();
}

bool RunFrames::growing() const {
    const std::scoped_lock lock(mutex_);
    return live_ && !over_;
}

bool RunFrames::catch_up() {
    const std::scoped_lock lock(mutex_);
    const auto timed = [](const Arrival& arrival) { return arrival.time_s.has_value(); };
    const bool all_timed = std::all_of(arrivals_.begin(), arrivals_.end(), timed);
    const std::size_t times = all_timed ? arrivals_.size() : 0;
    if (!live_ || done_ == 0 ||
        (!record_is_new_ && info_.frames == done_ && info_.frame_time_s.size() == times)) {
        return false;
    }
    if (std::exchange(record_is_new_, false)) {
        info_.warnings = first_warnings_;
        for (std::string& line : losses_as_warnings(record_)) {
            info_.warnings.push_back(std::move(line));
        }
    }
    info_.frames = done_;
    info_.frame_time_s.clear();
    for (std::size_t i = 0; i < times; ++i) {
        info_.frame_time_s.push_back(*arrivals_[i].time_s);
    }
    return true;
}

std::optional<double> RunFrames::time_of_live(FrameIndex frame) const {
    const std::scoped_lock lock(mutex_);
    return arrivals_.at(static_cast<std::size_t>(frame)).time_s;
}

std::chrono::system_clock::time_point RunFrames::last_byte(FrameIndex frame) const {
    const std::scoped_lock lock(mutex_);
    return arrivals_.at(static_cast<std::size_t>(frame)).last_byte;
}

std::string RunFrames::ended() const {
    const std::scoped_lock lock(mutex_);
    return record_.ended;
}

LiveRecord RunFrames::live_record() const {
    const std::scoped_lock lock(mutex_);
    return record_;
}

void RunFrames::keep_record(LiveRecord record) {
    record_is_new_ = record_is_new_ || record != record_;
    record_ = std::move(record);
}

void RunFrames::load(FrameSource& source, const std::stop_token& stop) {
    Image<std::uint16_t> words(info_.extent);
    for (FrameIndex frame = 0; frame < info_.frames && !stop.stop_requested(); ++frame) {
        const auto kept = keep(source, frame, words);
        {
            const std::scoped_lock lock(mutex_);
            count(frame, kept);
        }
        arrived_.notify_all();
        wake_();
    }
    {
        const std::scoped_lock lock(mutex_);
        over_ = true;
    }
    arrived_.notify_all();
}

std::optional<int> RunFrames::value_at(FrameIndex frame, int x, int y) const {
    std::uint16_t word = 0;
    if (!words_.holds(frame) || !words_.read_row(frame, x, y, std::span(&word, 1))) {
        return std::nullopt;
    }
    return word;
}

std::optional<std::string> RunFrames::damage(FrameIndex frame) const {
    const std::scoped_lock lock(mutex_);
    const auto found = damaged_.find(frame);
    return found == damaged_.end() ? std::nullopt : std::optional(found->second);
}

double RunFrames::fraction_loaded() const {
    const std::scoped_lock lock(mutex_);
    return info_.frames == 0 ? 1.0 : std::min(1.0, static_cast<double>(done_) / info_.frames);
}

bool RunFrames::loading() const {
    const std::scoped_lock lock(mutex_);
    return !live_ && done_ < info_.frames;
}

bool RunFrames::wait_for(FrameIndex frame, const std::stop_token& stop) const {
    std::unique_lock lock(mutex_);
    return arrived_.wait(lock, stop, [&] { return over_ || done_ > frame; }) && done_ > frame;
}

// Those of the frames that came, which are not the header's where one was left out.
void StoredSource::take_times(FrameIndex frame) {
    for (; frames_->live() && timed_ <= frame; ++timed_) {
        const auto time_s = frames_->time_of_live(timed_);
        if (!time_s) {
            return;  // the run has no timing
        }
        const auto at = static_cast<std::size_t>(timed_);
        info_.frame_time_s.resize(std::max(info_.frame_time_s.size(), at + 1));
        info_.frame_time_s[at] = *time_s;
    }
}

Result<bool> StoredSource::await(FrameIndex frame, const std::stop_token& stop) {
    if (!frames_->live() && frame < info_.frames) {
        return true;  // read() waits
    }
    if (frames_->wait_for(frame, stop)) {
        info_.frames = std::max(info_.frames, frame + 1);
        take_times(frame);
        return true;
    }
    if (frames_->live() && !stop.stop_requested()) {
        // Frames of a whole object that could not be read were left out.
        info_.frames = std::min(info_.frames, frame);
        if (info_.frame_time_s.size() > static_cast<std::size_t>(info_.frames)) {
            info_.frame_time_s.resize(static_cast<std::size_t>(info_.frames));
        }
    }
    return stop.stop_requested()
               ? Result<bool>(fail(ErrorKind::cancelled, info_.file.string(), "stopped"))
               : Result<bool>(false);
}

Result<void> StoredSource::read(FrameIndex frame, ImageView<std::uint16_t> words) {
    if (!frames_->wait_for(frame, stop_)) {
        return fail(ErrorKind::cancelled, info().file.string(), "stopped");
    }
    if (const auto damage = frames_->damage(frame)) {
        return fail(ErrorKind::unreadable, info().file.string(),
                    "frame " + std::to_string(frame + 1) + " cannot be read: " + *damage);
    }
    auto read = frames_->read(frame, held_);
    if (read) {
        copy_pixels(held_.cview(), words);
    }
    return read;
}

}  // namespace dsm::viewer
