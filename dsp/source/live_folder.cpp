#include "dsp/source/live_folder.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <system_error>
#include <thread>
#include <utility>

#include "dsp/dicom/dicom_folder.h"
#include "dsp/dicom/run_reader.h"
#include "dsp/source/arriving_files.h"
#include "dsp/source/file_descriptors.h"
#include "dsp/source/frame_order.h"
#include "dsp/source/live_names.h"
#include "dsp/source/rest.h"

namespace dsm {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr double kPause_s = 3.0;  // is worth a note
constexpr int kKeptOpen = 32;     // objects that wait with their file open, of all runs

double now_s() {
    return std::chrono::duration<double>(Clock::now().time_since_epoch()).count();
}

// One object that is whole.
struct Arrival {
    ArrivedFile file;
    std::shared_ptr<RunReader> reader;
};

Result<void> read_once(Arrival& object, FrameIndex index, ImageView<std::uint16_t> words) {
    if (!object.reader) {
        auto reader = RunReader::open(object.file.path);
        if (!reader) {
            return tl::unexpected(reader.error());
        }
        object.reader = std::move(*reader);
    }
    if (object.reader->info().extent != words.extent()) {
        return fail(ErrorKind::unreadable, object.file.path.string(), "changed after it had come",
                    "send it again");
    }
    return object.reader->read(index, words);
}

// Words of frame `index` of the object; its reader is opened again where it was let go.
Result<void> read_object(Arrival& object, FrameIndex index, ImageView<std::uint16_t> words) {
    return despite_used_up_descriptors([&] { return read_once(object, index, words); });
}

}  // namespace

class LiveFolder::Collector {
 public:
    Collector(LiveFolderParams params, ArrivingFiles files)
        : params_(std::move(params)),
          files_(std::move(files)),
          names_(params_.results, params_.again) {}

    void run(const std::stop_token& stop, bool once, const Hooks& hooks) {
        using namespace std::chrono_literals;
        bool over = false;
        while (!stop.stop_requested() && !over) {
            const auto arrived = files_.wait(waiting() ? 20ms : 100ms);
            for (const ArrivedFile& file : arrived) {
                take(file, hooks, false);
            }
            for (auto& [key, series] : series_) {
                hand_on(series, false, hooks);
            }
            for (const ArrivedFile& lost : files_.given_up(params_.broken_s)) {
                take(lost, hooks, true);
            }
            end_what_rests();
            if (std::exchange(postponed_, false)) {
                std::this_thread::sleep_for(50ms);  // until others have closed theirs
            }
            over = once && arrived.empty() && series_.empty() && files_.idle();
        }
        for (auto& [key, series] : series_) {
            hand_on(series, true, hooks);
            finish(series, "the source was closed");
        }
        series_.clear();
    }

 private:
    struct Series {
        Series(double order_s, bool in_one_object) : order(order_s), whole(in_one_object) {}
        FrameOrder<Arrival> order;
        bool whole;                    // a run in one object
        std::shared_ptr<LiveRun> run;  // from its first frame on
        std::optional<int> announced;  // objects, by the header of the first
        int objects{0};
        int frames{0};
        double last_s{0.0};  // when an object came
        Rest rest;
        double offered_s{0.0};  // when one was handed on; 0: not yet
        bool begun{false};
    };

    [[nodiscard]] static std::string seconds_in_words(double seconds) {
        const auto tenths = static_cast<int>(10.0 * seconds + 0.5);
        return std::to_string(tenths / 10) +
               (tenths % 10 == 0 ? "" : "." + std::to_string(tenths % 10)) + " s";
    }

    static void refuse(const fs::path& file, const std::string& why, const Hooks& hooks,
                       ErrorKind kind = ErrorKind::unreadable) {
        if (hooks.on_refused) {
            hooks.on_refused({kind, file.string(), why, "send it again"});
        }
    }

    [[nodiscard]] bool waiting() const {
        return std::any_of(series_.begin(), series_.end(),
                           [](const auto& each) { return !each.second.order.empty(); });
    }

    // `as_it_is`: no more is expected of it.
    void take(const ArrivedFile& file, const Hooks& hooks, bool as_it_is) {
        const bool dicom = file_kind(file.path) == FileKind::dicom;
        auto reader = dicom ? RunReader::open(file.path) : nullptr;
        const bool broken =
            dicom && (reader ? (*reader)->damaged() : reader.error().kind == ErrorKind::unreadable);
        if ((!dicom || broken || !reader) && descriptors_are_used_up()) {
            files_.later(file);
            postponed_ = true;
        } else if (broken && !as_it_is) {
            files_.again(file);
        } else if (dicom) {
            take_looked_at(file, std::move(reader), broken, hooks);
        }
    }

    void take_looked_at(const ArrivedFile& file, Result<std::unique_ptr<RunReader>> reader,
                        bool broken, const Hooks& hooks) {
        if (broken) {
            refuse(file.path,
                   "not whole, and has not changed for " + seconds_in_words(params_.broken_s) +
                       ": what is whole of it is used",
                   hooks);
        }
        if (reader) {
            add({file, counted(std::move(*reader))}, hooks);
        } else if (hooks.on_refused) {
            hooks.on_refused(reader.error());
        }
    }

    // So that it is known how many are open, wherever they wait.
    [[nodiscard]] std::shared_ptr<RunReader> counted(std::unique_ptr<RunReader> reader) const {
        ++*open_;
        return {reader.release(), [open = open_](RunReader* closed) {
                    std::default_delete<RunReader>()(closed);
                    --*open;
                }};
    }

    void add(Arrival object, const Hooks& hooks) {
        const RunInfo info = object.reader->info();
        const bool whole = info.frames > 1 && !params_.join;
        if (names_.has_newer_result(info, whole, object.file.last_byte)) {
            return;
        }
        const std::string key = key_of_run(info, whole);
        auto at = series_.find(key);
        if (at == series_.end()) {
            end_others_at_rest();
            make_room(hooks);
            at = series_.try_emplace(key, params_.order_s, whole).first;
        }
        Series& series = at->second;
        series.last_s = now_s();
        series.rest.note(object.file.last_byte);
        const auto number =
            !whole && info.instance_number > 0 ? std::optional(info.instance_number) : std::nullopt;
        const fs::path path = object.file.path;
        if (*open_ > kKeptOpen) {
            object.reader.reset();
        }
        if (!series.order.add(number, std::move(object), now_s())) {
            if (series.run) {
                series.run->count_too_late();
            }
            refuse(path,
                   "left out: instance number " + std::to_string(info.instance_number) +
                       " came after a later one was processed, or twice",
                   hooks, ErrorKind::invalid_input);
        }
    }

    // What its turn is.
    void hand_on(Series& series, bool no_more, const Hooks& hooks) {
        while (auto turn = series.order.next(now_s(), no_more)) {
            offer(series, std::move(*turn), hooks);
        }
    }

    void offer(Series& series, FrameOrder<Arrival>::Turn turn, const Hooks& hooks) {
        auto object = std::make_shared<Arrival>(std::move(turn.item));
        if (!object->reader) {
            auto reader =
                despite_used_up_descriptors([&] { return RunReader::open(object->file.path); });
            if (!reader) {
                leave_out(series, turn.missing, reader.error(), hooks);
                return;
            }
            object->reader = counted(std::move(*reader));
        }
        const RunInfo& info = object->reader->info();
        if (!series.run) {
            series.announced = info.images_in_acquisition;
            series.run = std::make_shared<LiveRun>(LiveRun::Start{
                info, names_.next(info, series.whole), LiveSourceKind::folder, series.whole});
            series.begun = true;
            hooks.on_run(series.run);
        }
        if (turn.missing != 0) {
            series.run->offer_gap(turn.missing, why_missing(turn.missing));
        }
        note_pause(series, turn.missing, info.instance_number > 0);
        const auto content_s = info.content_s;
        const auto acquired_s = info.acquired_s;
        const auto times = info.frame_time_s;
        const int frames = info.frames;
        if (series.whole || *open_ > kKeptOpen) {
            object->reader.reset();
        }
        for (FrameIndex k = 0; k < frames; ++k) {
            const auto at = static_cast<std::size_t>(k);
            series.run->offer({[object, k](ImageView<std::uint16_t> words) {
                                   return read_object(*object, k, words);
                               },
                               acquired_s, content_s, at < times.size() ? times[at] : 0.0,
                               object->file.last_byte});
        }
        ++series.objects;
        series.frames += frames;
        note_end(series);
    }

    [[nodiscard]] std::string why_missing(std::optional<int> missing) const {
        if (!missing) {
            return "instance numbers jump by more than " +
                   std::to_string(FrameOrder<Arrival>::kMostMissing) +
                   ": how many frames are missing is not known";
        }
        return "did not come within " + seconds_in_words(params_.order_s) + " of the next one";
    }

    // It was whole when it came.
    static void leave_out(Series& series, std::optional<int> missing, const Error& error,
                          const Hooks& hooks) {
        refuse(error.subject, error.what, hooks);
        if (series.run) {
            series.run->offer_gap(missing ? std::optional(*missing + 1) : std::nullopt,
                                  "left out: " + error.message());
        }
    }

    // A connection that was lost and came back shows as a pause, though nothing is missing.
    static void note_pause(Series& series, std::optional<int> missing, bool numbered) {
        const double now = now_s();
        const double pause_s = now - series.offered_s;
        if (series.offered_s > 0.0 && missing == 0 && pause_s >= kPause_s) {
            series.run->offer_gap(numbered ? std::optional(0) : std::nullopt,
                                  "nothing came for " + seconds_in_words(pause_s));
        }
        series.offered_s = now;
    }

    // A run that has all its frames needs no time-out; what waits behind it is another.
    void note_end(Series& series) const {
        if (series.whole) {
            finish(series, "all frames of the object");
        } else if (params_.frames && series.frames >= *params_.frames) {
            finish(series, "as many frames as were asked for");
        } else if (series.announced.value_or(0) > 1 && series.objects >= *series.announced) {
            finish(series, "all images of the acquisition");
        } else {
            return;
        }
        series.run.reset();
        series.objects = 0;
        series.frames = 0;
        series.offered_s = 0.0;
    }

    static void finish(const Series& series, const std::string& why) {
        if (series.run) {
            series.run->end(why);
        }
    }

    void end_what_rests() {
        const double now = now_s();
        std::erase_if(series_, [&](const auto& each) {
            const Series& series = each.second;
            if (series.begun && !series.run && series.order.empty()) {
                return true;
            }
            if (!series.order.empty() || now - series.last_s < params_.end_s) {
                return false;
            }
            finish(series, "nothing came for " + seconds_in_words(params_.end_s));
            return true;
        });
    }

    // No more than so many runs are open, whatever is sent.
    void make_room(const Hooks& hooks) {
        constexpr std::size_t kMostOpen = 64;
        if (series_.size() < kMostOpen) {
            return;
        }
        const auto oldest = std::min_element(
            series_.begin(), series_.end(),
            [](const auto& a, const auto& b) { return a.second.last_s < b.second.last_s; });
        hand_on(oldest->second, true, hooks);
        finish(oldest->second, "too many runs at once");
        series_.erase(oldest);
    }

    void end_others_at_rest() {
        const double now = now_s();
        std::erase_if(series_, [&](const auto& each) {
            const Series& series = each.second;
            if (!series.order.empty() || now - series.last_s < series.rest.least_s()) {
                return false;
            }
            finish(series, "another run began");
            return true;
        });
    }

    LiveFolderParams params_;
    ArrivingFiles files_;
    LiveNames names_;
    std::map<std::string, Series> series_;
    bool postponed_{false};
    // Shared with the readers, which live as long as whoever processes the run wants.
    std::shared_ptr<std::atomic<int>> open_{std::make_shared<std::atomic<int>>(0)};
};

LiveFolder::LiveFolder(std::unique_ptr<Collector> collector) : collector_(std::move(collector)) {}
LiveFolder::~LiveFolder() = default;

Result<std::unique_ptr<LiveFolder>> LiveFolder::open(LiveFolderParams params) {
    ArrivingParams arriving;
    arriving.folder = params.folder;
    arriving.exclude = params.results;
    arriving.only_new = params.only_new;
    arriving.recent_s = params.recent_s;
    auto files = ArrivingFiles::open(std::move(arriving));
    if (!files) {
        return tl::unexpected(files.error());
    }
    return std::unique_ptr<LiveFolder>(
        new LiveFolder(std::make_unique<Collector>(std::move(params), std::move(*files))));
}

void LiveFolder::run(const std::stop_token& stop, bool once, const Hooks& hooks) {
    collector_->run(stop, once, hooks);
}

}  // namespace dsm
