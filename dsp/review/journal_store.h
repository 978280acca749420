// The file behind a Journal: locked, checked, mended where it is damaged, appended to.
// Internal to this room.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "dsp/review/file_lock.h"
#include "dsp/review/journal_rows.h"

namespace dsm {

class JournalStore {
 public:
    struct Opened {
        std::unique_ptr<JournalStore> store;  // nothing: another program has the file
        JournalContent content;
        std::vector<std::string> notices;
    };
    // As Journal::open. `accept` sees every step of the result once, in order.
    static Result<Opened> open(const std::filesystem::path& file, const std::string& study,
                               const AcceptStep& accept);

    // On the disk when this returns without an error.
    Result<void> append(const Step&);
    Result<void> set_run_file(const std::string& run, const std::filesystem::path& run_file);

 private:
    JournalStore(FileLock lock, SqliteFile file, RowWriter writer)
        : lock_(std::move(lock)), file_(std::move(file)), writer_(std::move(writer)) {}
    FileLock lock_;  // outlives the file
    SqliteFile file_;
    RowWriter writer_;
};

// What a journal holds, read from a copy: another program may be writing to it, and a damaged file
// has to stay as it is. Damage is in the content; an absent file is empty.
[[nodiscard]] Result<JournalContent> read_journal_copy(const std::filesystem::path& file,
                                                       const AcceptStep& accept);

// Makes an empty journal in one step: a file that is there and blank has lost its content.
[[nodiscard]] Result<void> make_journal(const std::filesystem::path& file,
                                        const std::string& study);

// Puts all rows of `from`, which may be read-only, into `to`, in one step and under its lock.
[[nodiscard]] Result<void> copy_journal(const std::filesystem::path& from,
                                        const std::filesystem::path& to, const std::string& study);

[[nodiscard]] inline std::filesystem::path lock_file_of(const std::filesystem::path& journal) {
    return journal.string() + "-lock";
}

// Names a damaged journal "<file>.damaged-<n>" and puts one with `content` in its place, in this
// order, so that at no moment anything readable is gone. Returns the new name. The caller holds
// the lock and has the file closed.
[[nodiscard]] Result<std::filesystem::path> replace_damaged(const std::filesystem::path& file,
                                                            const std::string& study,
                                                            const JournalContent& content);

}  // namespace dsm
