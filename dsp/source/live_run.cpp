#include "dsp/source/live_run.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace dsm {
namespace {

double seconds_since_1970(std::chrono::system_clock::time_point time) {
    return std::chrono::duration<double>(time.time_since_epoch()).count();
}

}  // namespace

LiveRun::LiveRun(Start start)
    : name_(std::move(start.name)), whole_(start.whole), info_(std::move(start.first)) {
    record_.source = start.source;
    if (!whole_) {
        info_.frames = 1;
        info_.frame_time_s.assign(1, 0.0);
        info_.timing_source = "one frame so far";
        info_.masks.clear();  // they name frames of an object, not of the run
        info_.viewing_mode_subtracted = false;
    }
}

void LiveRun::offer(LiveFrame frame) {
    const std::scoped_lock lock(mutex_);
    if (!ended_) {
        offers_.push_back({std::move(frame), std::nullopt, {}});
        changed_.notify_all();
    }
}

void LiveRun::offer_gap(std::optional<int> missing, std::string why) {
    const std::scoped_lock lock(mutex_);
    if (!ended_) {
        offers_.push_back({std::nullopt, missing, std::move(why)});
        changed_.notify_all();
    }
}

void LiveRun::count_too_late() {
    const std::scoped_lock lock(mutex_);
    ++record_.too_late;
}

void LiveRun::end(std::string why) {
    const std::scoped_lock lock(mutex_);
    if (!ended_) {
        ended_ = true;
        record_.ended = std::move(why);
        changed_.notify_all();
    }
}

std::size_t LiveRun::waiting() const {
    const std::scoped_lock lock(mutex_);
    return offers_.size();
}

LiveRecord LiveRun::record() const {
    const std::scoped_lock lock(mutex_);
    return record_;
}

void LiveRun::note_gap(std::optional<int> missing, std::string why) {
    missing_before_ += missing.value_or(0);
    const std::scoped_lock lock(mutex_);
    record_.add({delivered_, missing, std::move(why)});
}

Result<std::optional<LiveRun::Offer>> LiveRun::take(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait(lock, stop, [&] { return ended_ || !offers_.empty(); })) {
        return fail(ErrorKind::cancelled, name_, "stopped");
    }
    if (offers_.empty()) {
        return std::optional<Offer>{};
    }
    std::optional<Offer> offer(std::move(offers_.front()));
    offers_.pop_front();
    return offer;
}

bool LiveRun::stage(const LiveFrame& frame) {
    staged_.resize(info_.extent);
    const auto read = frame.read(staged_.view());
    if (!read) {
        note_gap(1, "frame left out: " + read.error().message());
        if (whole_) {
            --info_.frames;
            const auto at = static_cast<std::size_t>(delivered_);
            if (at < info_.frame_time_s.size()) {
                info_.frame_time_s.erase(info_.frame_time_s.begin() + delivered_);
            }
        }
    }
    return read.has_value();
}

std::optional<double> LiveRun::reading(FrameClock clock, const LiveFrame& frame) {
    switch (clock) {
        case FrameClock::acquisition:
            return frame.acquired_s;
        case FrameClock::content:
            return frame.content_s;
        case FrameClock::nominal:
            return std::nullopt;
        case FrameClock::arrival:
            break;
    }
    return seconds_since_1970(frame.last_byte);
}

// A clock that stands between the first two frames tells when the acquisition began, not more.
void LiveRun::choose_clock(const LiveFrame& frame) {
    const std::string sources[] = {"acquisition time of each object", "content time of each frame",
                                   info_.nominal_step_source, "arrival of each frame"};
    for (const FrameClock clock :
         {FrameClock::acquisition, FrameClock::content, FrameClock::nominal, FrameClock::arrival}) {
        const auto first = reading(clock, first_);
        const auto now = reading(clock, frame);
        const bool steps = clock == FrameClock::nominal && info_.nominal_step_s.has_value();
        if (clock == FrameClock::arrival || steps || (first && now && *now > *first)) {
            clock_ = clock;
            last_reading_ = first;
            info_.timing_source = sources[static_cast<std::size_t>(clock)];
            info_.timing_is_acquisition = clock == FrameClock::acquisition;
            return;
        }
    }
}

// Where the clock does not tell this frame from the one before: by the frame time or rate of the
// header, else by when both arrived.
double LiveRun::step_without_clock_s(const LiveFrame& frame) {
    const bool nominal = info_.nominal_step_s.has_value();
    if (clock_ != FrameClock::nominal && !std::exchange(said_clock_stands_, true)) {
        info_.warnings.push_back(info_.timing_source +
                                 " gives some frames the same time (whole seconds?): times between "
                                 "are from " +
                                 (nominal ? info_.nominal_step_source : "their arrival"));
    }
    if (nominal) {
        return *info_.nominal_step_s * (1.0 + missing_before_);
    }
    return std::max(0.0, std::chrono::duration<double>(frame.last_byte - last_byte_).count());
}

double LiveRun::time_of(const LiveFrame& frame) {
    if (delivered_ == 0) {
        first_ = {{}, frame.acquired_s, frame.content_s, frame.after_s, frame.last_byte};
        return 0.0;
    }
    const double before_s = info_.frame_time_s.back();
    // Frames of the first object have its clocks, and their own time within it.
    const double within_s = frame.after_s - first_.after_s;
    if (!clock_ && frame.last_byte == first_.last_byte && within_s > 0.0) {
        return std::max(before_s, within_s);
    }
    if (!clock_) {
        choose_clock(frame);
    }
    if (clock_ == FrameClock::nominal) {
        return before_s + step_without_clock_s(frame);
    }
    const auto first = reading(*clock_, first_);
    const auto now = reading(*clock_, frame);
    // Seconds since 1970 in a double are good to a microsecond.
    const double since_s = first && now ? 1e-6 * std::round(1e6 * (*now - *first)) : before_s;
    const double time_s = since_s + within_s;
    const auto last = std::exchange(last_reading_, now);
    const bool stands = *clock_ != FrameClock::arrival && now && last && *now >= *last;
    return stands && time_s <= before_s ? before_s + step_without_clock_s(frame)
                                        : std::max(before_s, time_s);
}

void LiveRun::close() {
    info_.frames = delivered_;
    info_.timing_source = !whole_ && delivered_ == 1 ? "single frame" : info_.timing_source;
    if (!info_.frame_time_s.empty()) {
        info_.frame_time_s.resize(static_cast<std::size_t>(delivered_));
    }
}

Result<bool> LiveRun::await(FrameIndex frame, const std::stop_token& stop) {
    while (frame >= delivered_) {
        auto offer = take(stop);
        if (!offer) {
            return tl::unexpected(offer.error());
        }
        if (!*offer) {
            close();
            return false;
        }
        if (!(*offer)->frame) {
            note_gap((*offer)->missing, std::move((*offer)->why));
            continue;
        }
        const LiveFrame& next = *(*offer)->frame;
        if (!stage(next)) {
            continue;
        }
        if (!whole_) {
            // Asked before the new frame is counted: the times so far are those of earlier ones.
            const double time_s = time_of(next);
            info_.frame_time_s.resize(static_cast<std::size_t>(delivered_));
            info_.frame_time_s.push_back(time_s);
        }
        last_byte_ = next.last_byte;
        missing_before_ = 0;
        ++delivered_;
        info_.frames = std::max(info_.frames, delivered_);
    }
    return true;
}

Result<void> LiveRun::read(FrameIndex frame, ImageView<std::uint16_t> words) {
    if (frame != delivered_ - 1 || words.extent() != staged_.extent()) {
        return fail(ErrorKind::internal, name_,
                    "frame " + std::to_string(frame) + " of a live run was asked for too late");
    }
    copy_pixels(staged_.cview(), words);
    return {};
}

}  // namespace dsm
