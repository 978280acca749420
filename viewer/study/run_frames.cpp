#include "viewer/study/run_frames.h"

#include <span>
#include <utility>

#include "dsp/source/open_run.h"

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

RunFrames::~RunFrames() = default;

void RunFrames::load(FrameSource& source, const std::stop_token& stop) {
    Image<std::uint16_t> words(info_.extent);
    for (FrameIndex frame = 0; frame < info_.frames && !stop.stop_requested(); ++frame) {
        auto kept = source.read(frame, words.view());
        if (kept) {
            kept = words_.write(frame, words.cview());
        }
        {
            const std::scoped_lock lock(mutex_);
            ++done_;
            if (!kept) {
                damaged_[frame] = kept.error().message();
            }
        }
        arrived_.notify_all();
        wake_();
    }
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
    return info_.frames == 0 ? 1.0 : static_cast<double>(done_) / info_.frames;
}

bool RunFrames::loading() const {
    const std::scoped_lock lock(mutex_);
    return done_ < info_.frames;
}

bool RunFrames::wait_for(FrameIndex frame, const std::stop_token& stop) const {
    std::unique_lock lock(mutex_);
    return arrived_.wait(lock, stop, [&] { return done_ > frame; });
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
