// The Review of one study with its undo history, kept in a crash-safe file. A step is on the disk
// before it counts: what execute(), undo() or redo() acknowledged survives a killed program and a
// power cut. Opening replays the steps, so that undo goes on where it was.
//
// The file is SQLite 3 in write-ahead mode (sqlite.org/wal.html) with synchronous=FULL, and holds
// one row per step with a running checksum. One program writes it at a time.
// Each call writes to the disk and may take some milliseconds. Not thread-safe.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "dsp/review/history.h"

namespace dsm {

class JournalStore;

class Journal {
 public:
    // Opens `file`, or makes it. `study` is study_key(): a journal of another study is refused.
    // A damaged file is set aside under a name of its own, what can be read from its beginning is
    // kept, and notices() says so. A file that another program has open is shown as it stands, and
    // is read_only(). Errors: the folder cannot be written, the journal is of a newer version, or
    // its beginning cannot be read and it cannot be set aside.
    static Result<Journal> open(const std::filesystem::path& file, const std::string& study);

    Journal(Journal&&) noexcept;
    Journal& operator=(Journal&&) noexcept;
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;
    ~Journal();  // closes the file

    [[nodiscard]] const Review& review() const { return review_; }
    [[nodiscard]] const History& history() const { return history_; }

    // As History's, kept in the file. On an error (refused, disk full, read-only) nothing changed.
    Result<bool> execute(const Edit&);
    Result<bool> undo();
    Result<bool> redo();
    Result<void> go_to(std::size_t position);
    void seal() { history_.seal(); }

    // Where the run was last seen, so that a study can be opened from its journal. No part of undo.
    Result<void> remember_run_file(const std::string& run, const std::filesystem::path& file);
    [[nodiscard]] const std::map<std::string, std::filesystem::path>& run_files() const {
        return run_files_;
    }

    [[nodiscard]] const std::filesystem::path& file() const { return file_; }
    [[nodiscard]] bool read_only() const { return store_ == nullptr; }
    // What the operator has to be told about this file, one line each; usually nothing.
    [[nodiscard]] const std::vector<std::string>& notices() const { return notices_; }
    void add_notice(std::string line) { notices_.push_back(std::move(line)); }

 private:
    Journal();
    [[nodiscard]] KeepStep keep();

    Review review_;
    History history_;
    std::map<std::string, std::filesystem::path> run_files_;
    std::filesystem::path file_;
    std::vector<std::string> notices_;
    std::unique_ptr<JournalStore> store_;  // nothing: read-only
};

}  // namespace dsm
