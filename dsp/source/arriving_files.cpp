#include "dsp/source/arriving_files.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): SIGURG is POSIX
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "dsp/source/file_time.h"

namespace dsm {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

// A change this much older than the newest that was handed out has been seen: clocks of servers
// and the order of scans differ by less.
constexpr std::chrono::seconds kSurelySeen{60};

enum class Writer { none, some, unknown };

// A read lease is granted only where nobody has the file open for writing.
Writer writer_of(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (file < 0) {
        return Writer::unknown;
    }
    // Should somebody open it for writing meanwhile, the signal is one that does nothing.
    ::fcntl(file, F_SETSIG, SIGURG);
    const bool granted = ::fcntl(file, F_SETLEASE, F_RDLCK) == 0;
    const int code = errno;
    ::close(file);  // and the lease with it
    return granted ? Writer::none : code == EAGAIN ? Writer::some : Writer::unknown;
}

bool hidden(const fs::path& path) {
    const std::string name = path.filename().string();
    return name.empty() || name.front() == '.';
}

double seconds(std::chrono::steady_clock::duration time) {
    return std::chrono::duration<double>(time).count();
}

}  // namespace

Result<ArrivingFiles> ArrivingFiles::open(ArrivingParams params) {
    std::error_code problem;
    if (!fs::is_directory(params.folder, problem)) {
        return fail(ErrorKind::not_found, params.folder.string(), "no such folder",
                    "make it, or choose another");
    }
    if (!params.exclude.empty()) {
        params.exclude = fs::weakly_canonical(params.exclude, problem);
    }
    ArrivingFiles files(std::move(params));
    files.events_ = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (files.events_ < 0) {
        return fail(ErrorKind::io, files.params_.folder.string(),
                    std::string("cannot be watched: ") + std::strerror(errno),
                    "close other programs that watch folders");
    }
    if (files.params_.only_new) {
        files.not_before_ = std::chrono::system_clock::now() -
                            std::chrono::duration_cast<std::chrono::system_clock::duration>(
                                std::chrono::duration<double>(files.params_.recent_s));
    }
    files.watch(files.params_.folder, Seen::in_scan);
    files.next_scan_ = Clock::now() + 1h;  // set by what follows
    files.scan_all();
    return files;
}

ArrivingFiles::ArrivingFiles(ArrivingFiles&& other) noexcept
    : params_(std::move(other.params_)),
      events_(std::exchange(other.events_, -1)),
      watched_(std::move(other.watched_)),
      pending_(std::move(other.pending_)),
      handed_out_(std::move(other.handed_out_)),
      newest_(other.newest_),
      not_before_(other.not_before_),
      next_scan_(other.next_scan_),
      scan_took_s_(other.scan_took_s_) {}

ArrivingFiles::~ArrivingFiles() {
    if (events_ >= 0) {
        ::close(events_);
    }
}

ArrivingFiles::Time ArrivingFiles::last_byte_of(const Stamp& stamp) {
    constexpr std::chrono::seconds kLongBefore{10};
    return stamp.changed - stamp.written > kLongBefore ? stamp.changed : stamp.written;
}

bool ArrivingFiles::look_at(const std::string& path, Stamp& stamp) {
    struct stat found {};
    if (::stat(path.c_str(), &found) != 0 || !S_ISREG(found.st_mode)) {
        return false;
    }
    stamp = {static_cast<std::uintmax_t>(found.st_size), time_point_of(found.st_mtim),
             time_point_of(found.st_ctim)};
    return true;
}

// The watch is set before the folder is read, so that nothing comes between.
void ArrivingFiles::watch(const fs::path& folder, Seen how) {
    std::error_code problem;
    if (!params_.exclude.empty() && fs::weakly_canonical(folder, problem) == params_.exclude) {
        return;
    }
    const int id = ::inotify_add_watch(events_, folder.c_str(),
                                       IN_CREATE | IN_CLOSE_WRITE | IN_MOVED_TO | IN_ONLYDIR);
    if (id >= 0) {
        watched_[id] = folder;
    }
    scan(folder, how);
}

void ArrivingFiles::scan(const fs::path& folder, Seen how) {
    std::error_code problem;
    for (fs::directory_iterator at(folder, problem), end; !problem && at != end;
         at.increment(problem)) {
        if (hidden(at->path())) {
            continue;
        }
        if (at->is_directory(problem) && !at->is_symlink(problem)) {
            const bool known = std::any_of(watched_.begin(), watched_.end(), [&](const auto& each) {
                return each.second == at->path();
            });
            known ? scan(at->path(), how) : watch(at->path(), how);
        } else {
            note(at->path(), how);
        }
        problem.clear();
    }
}

void ArrivingFiles::scan_all() {
    const auto start = Clock::now();
    scan(params_.folder, Seen::in_scan);
    // A large folder takes its time: no more than a twentieth of it all.
    scan_took_s_ = seconds(Clock::now() - start);
    next_scan_ =
        Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(
                           std::max(params_.look_again_s, 20.0 * scan_took_s_)));
}

void ArrivingFiles::note(const fs::path& file, Seen how) {
    Stamp stamp;
    if (hidden(file) || !look_at(file.string(), stamp)) {
        return;
    }
    if (how == Seen::in_scan &&
        (stamp.changed < not_before_ ||
         (newest_ != Time::min() && stamp.changed < newest_ - kSurelySeen))) {
        return;
    }
    const auto known = handed_out_.find(file.string());
    if (known == handed_out_.end() || known->second != stamp) {
        pending_.try_emplace(file.string(), Pending{stamp, Clock::now(), false});
    }
}

void ArrivingFiles::read_events() {
    alignas(inotify_event) std::array<char, 16384> bytes{};
    bool overflow = false;
    for (ssize_t got = 0; (got = ::read(events_, bytes.data(), bytes.size())) > 0;) {
        for (const char* at = bytes.data(); at < bytes.data() + got;) {
            inotify_event event{};
            std::memcpy(&event, at, sizeof event);
            const auto folder = watched_.find(event.wd);
            overflow = overflow || (event.mask & IN_Q_OVERFLOW) != 0;
            if ((event.mask & IN_IGNORED) != 0) {
                watched_.erase(event.wd);
            } else if (folder != watched_.end() && event.len > 0) {
                const fs::path path = folder->second / (at + sizeof event);
                const bool is_folder = (event.mask & IN_ISDIR) != 0;
                if (is_folder && !hidden(path)) {
                    watch(path, Seen::by_event);
                } else if (!is_folder) {
                    note(path, Seen::by_event);
                }
            }
            at += sizeof event + event.len;
        }
    }
    if (overflow) {
        scan_all();
    }
}

bool ArrivingFiles::is_whole(const std::string& path, const Pending& pending) const {
    switch (writer_of(path)) {
        case Writer::none:
            return true;
        case Writer::some:
            return false;
        case Writer::unknown:
            break;
    }
    return seconds(Clock::now() - pending.since) >= params_.settle_s;
}

std::vector<ArrivedFile> ArrivingFiles::take_whole() {
    std::vector<ArrivedFile> whole;
    for (auto at = pending_.begin(); at != pending_.end();) {
        Stamp now;
        if (!look_at(at->first, now)) {
            at = pending_.erase(at);
            continue;
        }
        Pending& pending = at->second;
        if (now != pending.stamp) {
            pending = {now, Clock::now(), false};
        }
        if (pending.broken || !is_whole(at->first, pending)) {
            ++at;
            continue;
        }
        whole.push_back({at->first, last_byte_of(now)});
        handed_out_[at->first] = now;
        newest_ = std::max(newest_, now.changed);
        at = pending_.erase(at);
    }
    std::sort(whole.begin(), whole.end(), [](const ArrivedFile& a, const ArrivedFile& b) {
        return a.last_byte != b.last_byte ? a.last_byte < b.last_byte : a.path < b.path;
    });
    return whole;
}

void ArrivingFiles::forget_old() {
    std::erase_if(handed_out_, [&](const auto& each) {
        return each.second.changed < newest_ - 2 * kSurelySeen;
    });
}

std::vector<ArrivedFile> ArrivingFiles::wait(std::chrono::milliseconds most) {
    const auto until = Clock::now() + most;
    for (;;) {
        read_events();
        if (Clock::now() >= next_scan_) {
            scan_all();
        }
        std::vector<ArrivedFile> whole = take_whole();
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now());
        if (!whole.empty() || left <= 0ms) {
            forget_old();
            return whole;
        }
        // The end of writing is an event; what an event cannot tell is looked at a few times a
        // second.
        const bool undecided = std::any_of(pending_.begin(), pending_.end(),
                                           [](const auto& each) { return !each.second.broken; });
        pollfd ready{events_, POLLIN, 0};
        ::poll(&ready, 1, static_cast<int>(std::min(left, undecided ? 20ms : 250ms).count()));
    }
}

void ArrivingFiles::again(const ArrivedFile& file) {
    take_back(file, true);
}

void ArrivingFiles::later(const ArrivedFile& file) {
    take_back(file, false);
}

void ArrivingFiles::take_back(const ArrivedFile& file, bool broken) {
    const auto known = handed_out_.find(file.path.string());
    Stamp stamp;
    if (known != handed_out_.end()) {
        stamp = known->second;
        handed_out_.erase(known);
    } else if (!look_at(file.path.string(), stamp)) {
        return;
    }
    pending_.insert_or_assign(file.path.string(), Pending{stamp, Clock::now(), broken});
}

std::vector<ArrivedFile> ArrivingFiles::given_up(double after_s) {
    std::vector<ArrivedFile> lost;
    for (auto at = pending_.begin(); at != pending_.end();) {
        if (at->second.broken && seconds(Clock::now() - at->second.since) >= after_s) {
            lost.push_back({at->first, last_byte_of(at->second.stamp)});
            handed_out_[at->first] = at->second.stamp;  // as it is now; a change brings it back
            at = pending_.erase(at);
        } else {
            ++at;
        }
    }
    return lost;
}

}  // namespace dsm
