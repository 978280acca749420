#include "dsp/review/journal_store.h"

#include "dsp/review/command_json.h"

namespace dsm {
namespace {

namespace fs = std::filesystem;

// An exclusive lock keeps the write-ahead index in memory, which also makes it work on network
// file systems (sqlite.org/wal.html, section 8). FULL syncs the log at every commit.
constexpr const char* kPragmas =
    "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
    "PRAGMA cell_size_check=ON;";

Error named(Error error, const std::filesystem::path& file) {
    error.subject = file.string();
    return error;
}

Result<SqliteFile> open_for_writing(const fs::path& path, const std::string& study) {
    std::error_code problem;
    if (!std::filesystem::exists(path, problem)) {
        if (auto made = make_journal(path, study); !made) {
            return tl::unexpected(made.error());
        }
    }
    auto file = SqliteFile::open(path);
    if (!file) {
        return file;
    }
    if (auto ready = file->run(kPragmas); !ready) {
        return tl::unexpected(ready.error());
    }
    if (file->is_read_only()) {
        return tl::unexpected(file->error(SQLITE_READONLY));
    }
    return file;
}

// What to tell the operator once the damaged file is replaced.
Result<std::string> mend(const fs::path& file, const std::string& study,
                         const JournalContent& content) {
    const auto aside = replace_damaged(file, study, content);
    if (!aside) {
        return tl::unexpected(aside.error());
    }
    return file.string() + ": was damaged (" + content.damage + "); the first " +
           std::to_string(content.rows.size()) + " changes are kept, the damaged file is " +
           aside->string();
}

}  // namespace

Result<JournalStore::Opened> JournalStore::open(const fs::path& file, const std::string& study,
                                                const AcceptStep& accept) {
    auto lock = FileLock::take(lock_file_of(file));
    if (!lock) {
        return tl::unexpected(lock.error());
    }
    auto content = read_journal_copy(file, accept);
    if (!content) {
        return tl::unexpected(content.error());
    }
    if (!content->study.empty() && content->study != study) {
        return fail(ErrorKind::invalid_input, file.string(), "is the journal of another study",
                    "move it to where its own data are");
    }
    Opened opened{nullptr, std::move(*content), {}};
    if (!*lock) {
        opened.notices.push_back(file.string() +
                                 ": is open in another program; marks are shown as they were "
                                 "there, close it there to change them");
        return opened;
    }
    if (!opened.content.damage.empty()) {
        auto notice = mend(file, study, opened.content);
        if (!notice) {
            return tl::unexpected(notice.error());
        }
        opened.notices.push_back(std::move(*notice));
    }
    auto database = open_for_writing(file, study);
    auto writer = database ? RowWriter::make(*database, opened.content.rows)
                           : Result<RowWriter>(tl::unexpected(database.error()));
    if (!writer) {
        return tl::unexpected(named(writer.error(), file));
    }
    opened.store.reset(
        new JournalStore(std::move(**lock), std::move(*database), std::move(*writer)));
    return opened;
}

Result<void> JournalStore::append(const Step& step) {
    auto body = to_json(step);
    if (!body) {
        return tl::unexpected(body.error());
    }
    const auto at = utc_now(file_);
    if (!at) {
        return tl::unexpected(at.error());
    }
    return writer_.append(file_, {*at, std::move(*body)});
}

Result<void> JournalStore::set_run_file(const std::string& run,
                                        const std::filesystem::path& run_file) {
    auto insert = file_.prepare("INSERT OR REPLACE INTO run VALUES(?1, ?2)");
    if (!insert) {
        return tl::unexpected(insert.error());
    }
    insert->bind(1, run);
    insert->bind(2, run_file.string());
    if (const int code = insert->step(); code != SQLITE_DONE) {
        return tl::unexpected(file_.error(code));
    }
    return {};
}

}  // namespace dsm
