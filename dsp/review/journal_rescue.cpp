#include <array>

#include "dsp/core/atomic_file.h"
#include "dsp/core/scratch_folder.h"
#include "dsp/review/journal_store.h"
#include "dsp/review/wal_check.h"

namespace dsm {
namespace {

namespace fs = std::filesystem;

// What SQLite keeps beside a database: its write-ahead log, that log's index, a rollback journal.
constexpr std::array kCompanions = {"-wal", "-shm", "-journal"};

Error trouble(const fs::path& file, const std::error_code& problem) {
    return {ErrorKind::io, file.string(), "cannot be copied: " + problem.message(),
            "free some space or check the permissions"};
}

Result<void> copy_if_there(const fs::path& from, const fs::path& to) {
    std::error_code problem;
    if (!fs::exists(from, problem)) {
        return {};
    }
    fs::copy_file(from, to, problem);
    if (problem) {
        return tl::unexpected(trouble(from, problem));
    }
    return {};
}

Result<void> copy_all(const fs::path& from, const fs::path& to) {
    if (auto copied = copy_if_there(from, to); !copied) {
        return copied;
    }
    return copy_if_there(from.string() + "-wal", to.string() + "-wal");
}

// A second name for the same bytes where the file system can, which needs no room on the disk.
Result<void> link_or_copy(const fs::path& from, const fs::path& to) {
    std::error_code problem;
    fs::create_hard_link(from, to, problem);
    return problem ? copy_if_there(from, to) : Result<void>{};
}

Result<fs::path> free_name(const fs::path& file) {
    std::error_code problem;
    for (int n = 1; n < 10'000; ++n) {
        fs::path name = file.string() + ".damaged-" + std::to_string(n);
        if (!fs::exists(name, problem)) {
            return name;
        }
    }
    return fail(ErrorKind::io, file.string(), "has been damaged too many times",
                "remove the files named .damaged beside it");
}

Result<void> fill(const fs::path& path, const std::string& study, const JournalContent& content) {
    auto file = SqliteFile::open(path);
    if (!file) {
        return tl::unexpected(file.error());
    }
    if (auto made = make_tables(*file, study); !made) {
        return made;
    }
    auto writer = RowWriter::make(*file, {});
    if (!writer) {
        return tl::unexpected(writer.error());
    }
    if (auto begun = file->run("BEGIN"); !begun) {
        return begun;
    }
    for (const JournalRow& row : content.rows) {
        if (auto appended = writer->append(*file, row); !appended) {
            return appended;
        }
    }
    return file->run("COMMIT");
}

}  // namespace

Result<JournalContent> read_journal_copy(const fs::path& file, const AcceptStep& accept) {
    const ScratchFolder scratch("journal");
    if (scratch.path().empty()) {
        return fail(ErrorKind::io, file.string(), "cannot be copied to a temporary folder",
                    "set TMPDIR to a folder with space");
    }
    const auto read = [&](const fs::path& copy, const AcceptStep& use) -> Result<JournalContent> {
        auto opened = SqliteFile::open(copy);
        if (!opened) {
            return tl::unexpected(opened.error());
        }
        return read_journal(*opened, use);
    };
    std::error_code problem;
    if (!fs::exists(file, problem) && !fs::exists(file.string() + "-wal", problem)) {
        return JournalContent{};
    }
    const bool log_is_damaged = is_damaged_log(file.string() + "-wal");
    // The writer may move its log into the file while it is copied; the copy then shows damage.
    fs::path copy;
    for (int attempt = 0; attempt < 4; ++attempt) {
        copy = scratch.path() / std::to_string(attempt);
        if (auto copied = copy_all(file, copy); !copied) {
            return tl::unexpected(copied.error());
        }
        fs::permissions(copy, fs::perms::owner_read | fs::perms::owner_write, problem);
        const auto trial = read(copy, [](const Step&) { return Result<void>{}; });
        if (trial && trial->damage.empty()) {
            break;
        }
    }
    auto content = read(copy, accept);
    if (!content) {
        Error error = content.error();
        error.subject = file.string();
        return tl::unexpected(error);
    }
    if (content->damage.empty() && !fs::exists(file, problem)) {
        content->damage = "its main file is gone";
    }
    if (content->damage.empty() && log_is_damaged) {
        content->damage = "its newest changes cannot be read";
    }
    return content;
}

Result<fs::path> replace_damaged(const fs::path& file, const std::string& study,
                                 const JournalContent& content) {
    auto aside = free_name(file);
    if (!aside) {
        return aside;
    }
    if (auto kept = link_or_copy(file, *aside); !kept) {
        return tl::unexpected(kept.error());
    }
    auto replaced = write_path_atomically(file, [&](const fs::path& temporary) -> Result<void> {
        if (auto filled = fill(temporary, study, content); !filled) {
            return filled;
        }
        // A log left beside the new file would be played into it.
        for (const char* companion : kCompanions) {
            const fs::path from = file.string() + companion;
            std::error_code problem;
            if (!fs::exists(from, problem)) {
                continue;
            }
            fs::rename(from, aside->string() + companion, problem);
            if (problem) {
                return tl::unexpected(trouble(from, problem));
            }
        }
        return {};
    });
    if (!replaced) {
        return tl::unexpected(replaced.error());
    }
    return aside;
}

Result<void> make_journal(const fs::path& file, const std::string& study) {
    return write_path_atomically(
        file, [&](const fs::path& temporary) { return fill(temporary, study, {}); });
}

Result<void> copy_journal(const fs::path& from, const fs::path& to, const std::string& study) {
    auto lock = FileLock::take(lock_file_of(to));
    if (!lock) {
        return tl::unexpected(lock.error());
    }
    std::error_code problem;
    if (!*lock || fs::exists(to.string() + "-wal", problem)) {
        return fail(ErrorKind::io, to.string(), "is in use", "close it in the other program");
    }
    const auto content = read_journal_copy(from, [](const Step&) { return Result<void>{}; });
    if (!content) {
        return tl::unexpected(content.error());
    }
    return write_path_atomically(
        to, [&](const fs::path& temporary) { return fill(temporary, study, *content); });
}

}  // namespace dsm
