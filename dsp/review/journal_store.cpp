#include "dsp/review/journal_store.h"

#include "dsp/review/command_json.h"

namespace dsm {
namespace {

// An exclusive lock keeps the write-ahead index in memory, which also makes it work on network
// file systems (sqlite.org/wal.html, section 8). FULL syncs the log at every commit.
constexpr const char* kPragmas =
    "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
    "PRAGMA cell_size_check=ON;";

Error named(Error error, const std::filesystem::path& file) {
    error.subject = file.string();
    return error;
}

Result<SqliteFile> open_for_writing(const std::filesystem::path& path, const std::string& study) {
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

}  // namespace

Result<JournalStore::Opened> JournalStore::open(const std::filesystem::path& path,
                                                const std::string& study,
                                                const AcceptStep& accept) {
    auto lock = FileLock::take(lock_file_of(path));
    if (!lock) {
        return tl::unexpected(lock.error());
    }
    auto content = read_journal_copy(path, accept);
    if (!content) {
        return tl::unexpected(content.error());
    }
    if (!content->study.empty() && content->study != study) {
        return fail(ErrorKind::invalid_input, path.string(), "is the journal of another study",
                    "move it to where its own data are");
    }
    Opened opened;
    if (!*lock) {
        opened.notices.push_back(path.string() +
                                 ": is open in another program; marks are shown as they were "
                                 "there, close it there to change them");
    } else {
        if (!content->damage.empty()) {
            const auto aside = replace_damaged(path, study, *content);
            if (!aside) {
                return tl::unexpected(aside.error());
            }
            opened.notices.push_back(path.string() + ": was damaged (" + content->damage +
                                     "); the first " + std::to_string(content->rows.size()) +
                                     " changes are kept, the damaged file is " + aside->string());
        }
        auto file = open_for_writing(path, study);
        auto writer = file ? RowWriter::make(*file, content->rows)
                           : Result<RowWriter>(tl::unexpected(file.error()));
        if (!writer) {
            return tl::unexpected(named(writer.error(), path));
        }
        opened.store.reset(
            new JournalStore(std::move(**lock), std::move(*file), std::move(*writer)));
    }
    opened.content = std::move(*content);
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
