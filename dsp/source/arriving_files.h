// Files that arrive in a folder, each handed out once it is whole as far as the system can tell:
// nobody has it open for writing, or, where the file system cannot say so, it has not changed for a
// while. Whether its content is whole is for the reader to say, who may ask for it again.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "dsp/core/result.h"

namespace dsm {

struct ArrivingParams {
    std::filesystem::path folder;   // and all folders below it
    std::filesystem::path exclude;  // below it: not looked into; may be empty
    bool only_new{false};           // not what lies there already,
    double recent_s{0.0};           // but what came so shortly before
    double settle_s{1.0};           // unchanged for so long counts as written
    double look_again_s{2.0};       // folders that do not tell of changes (network shares)
};

struct ArrivedFile {
    std::filesystem::path path;
    // When it was last written to; of one that was copied with its times, when it got its name.
    std::chrono::system_clock::time_point last_byte;
};

// Names that begin with a dot are not looked at: unfinished things are called so. Memory is that
// of the files of the last minute, not of all. Not thread-safe.
class ArrivingFiles {
 public:
    // Errors: not_found, io.
    [[nodiscard]] static Result<ArrivingFiles> open(ArrivingParams params);
    ~ArrivingFiles();
    ArrivingFiles(ArrivingFiles&& other) noexcept;
    ArrivingFiles& operator=(ArrivingFiles&&) = delete;
    ArrivingFiles(const ArrivingFiles&) = delete;
    ArrivingFiles& operator=(const ArrivingFiles&) = delete;

    // Those that are whole by now, in order of their last byte; waits up to `most` for one.
    [[nodiscard]] std::vector<ArrivedFile> wait(std::chrono::milliseconds most);
    // Its content is not whole: hand it out again once it has changed.
    void again(const ArrivedFile& file);
    // It could not be looked at just now: hand it out again as it is.
    void later(const ArrivedFile& file);
    // Nothing is left that is not whole.
    [[nodiscard]] bool idle() const { return pending_.empty(); }
    // Files that were handed out, not whole, and have not changed for so long since; each once.
    [[nodiscard]] std::vector<ArrivedFile> given_up(double after_s);

 private:
    using Clock = std::chrono::steady_clock;
    using Time = std::chrono::system_clock::time_point;
    struct Stamp {
        std::uintmax_t bytes{0};
        Time written;
        Time changed;  // also renamed or linked into place
        // The same content: names and links may have come and gone meanwhile.
        friend bool operator==(const Stamp& a, const Stamp& b) {
            return a.bytes == b.bytes && a.written == b.written;
        }
    };
    struct Pending {
        Stamp stamp;
        Clock::time_point since;  // as it is now
        bool broken{false};       // handed out as it is now, and not whole
    };

    explicit ArrivingFiles(ArrivingParams params) : params_(std::move(params)) {}
    // How a file or folder came to be looked at: an event is of something new whatever its times
    // say, for clocks differ.
    enum class Seen { in_scan, by_event };
    void watch(const std::filesystem::path& folder, Seen how);
    void scan(const std::filesystem::path& folder, Seen how);
    void scan_all();
    void note(const std::filesystem::path& file, Seen how);
    void read_events();
    [[nodiscard]] std::vector<ArrivedFile> take_whole();
    [[nodiscard]] bool is_whole(const std::string& path, const Pending& pending) const;
    void forget_old();
    void take_back(const ArrivedFile& file, bool broken);
    [[nodiscard]] static Time last_byte_of(const Stamp& stamp);
    [[nodiscard]] static bool look_at(const std::string& path, Stamp& stamp);

    ArrivingParams params_;
    int events_{-1};
    std::map<int, std::filesystem::path> watched_;
    std::map<std::string, Pending> pending_;
    std::map<std::string, Stamp> handed_out_;  // whose change is recent
    Time newest_{Time::min()};                 // change of those handed out
    Time not_before_{Time::min()};             // changes before are of no interest
    Clock::time_point next_scan_;
    double scan_took_s_{0.0};
};

}  // namespace dsm
