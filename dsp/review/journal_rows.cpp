#include "dsp/review/journal_rows.h"

#include "dsp/review/command_json.h"

namespace dsm {
namespace {

constexpr std::int64_t kApplicationId = 0x64736D4A;  // "dsmJ"
constexpr std::int64_t kVersion = 1;
constexpr const char* kMetaTable = "CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL)";
constexpr const char* kStepTable =
    "CREATE TABLE step(seq INTEGER PRIMARY KEY, at TEXT NOT NULL, body TEXT NOT NULL, "
    "chain INTEGER NOT NULL)";
constexpr const char* kRunTable =
    "CREATE TABLE run(sop_instance_uid TEXT PRIMARY KEY, file TEXT NOT NULL)";

std::uint64_t chain_of(std::uint64_t before, std::int64_t seq, const JournalRow& row) {
    std::string bytes = std::to_string(before) + ' ' + std::to_string(seq) + ' ' + row.at + ' ';
    return fnv1a(row.body, fnv1a(bytes));
}

// Tables as this program makes them, and nothing that runs by itself.
Result<bool> has_our_tables(SqliteFile& file) {
    const auto foreign =
        file.integer_of("SELECT count(*) FROM sqlite_schema WHERE type NOT IN ('table', 'index')");
    if (!foreign) {
        return tl::unexpected(foreign.error());
    }
    for (const char* table : {kMetaTable, kStepTable, kRunTable}) {
        const auto count = file.integer_of("SELECT count(*) FROM sqlite_schema WHERE sql = '" +
                                           std::string(table) + "'");
        if (!count) {
            return tl::unexpected(count.error());
        }
        if (*count != 1) {
            return false;
        }
    }
    return *foreign == 0;
}

Result<void> read_steps(SqliteFile& file, const AcceptStep& accept, JournalContent& content) {
    auto select = file.prepare("SELECT seq, at, body, chain FROM step ORDER BY seq");
    if (!select) {
        return tl::unexpected(select.error());
    }
    std::uint64_t chain = 0;
    int code = SQLITE_DONE;
    while ((code = select->step()) == SQLITE_ROW) {
        const auto seq = static_cast<std::int64_t>(content.rows.size()) + 1;
        JournalRow row{select->text(1), select->text(2)};
        chain = chain_of(chain, seq, row);
        const std::string name = "step " + std::to_string(seq);
        if (select->integer(0) != seq || static_cast<std::uint64_t>(select->integer(3)) != chain) {
            content.damage = name + " is missing or altered";
            return {};
        }
        const auto step = step_from_json(row.body);
        if (!step && step.error().kind == ErrorKind::unsupported) {
            return tl::unexpected(step.error());
        }
        const auto accepted = step ? accept(*step) : Result<void>(tl::unexpected(step.error()));
        if (!accepted) {
            content.damage = name + " cannot be used: " + accepted.error().message();
            return {};
        }
        content.rows.push_back(std::move(row));
    }
    if (code != SQLITE_DONE) {
        return tl::unexpected(file.error(code));
    }
    return {};
}

Result<void> read_run_files(SqliteFile& file, JournalContent& content) {
    auto select = file.prepare("SELECT sop_instance_uid, file FROM run");
    if (!select) {
        return tl::unexpected(select.error());
    }
    int code = SQLITE_DONE;
    while ((code = select->step()) == SQLITE_ROW) {
        content.run_files[select->text(0)] = select->text(1);
    }
    if (code != SQLITE_DONE) {
        return tl::unexpected(file.error(code));
    }
    return {};
}

Result<void> check_version(SqliteFile& file) {
    const auto application = file.integer_of("PRAGMA application_id");
    const auto version = file.integer_of("PRAGMA user_version");
    if (!application || !version) {
        return tl::unexpected(application ? version.error() : application.error());
    }
    if (*application == kApplicationId && *version > kVersion) {
        return fail(
            ErrorKind::unsupported, "journal",
            "was written by a later version of dsm (layout " + std::to_string(*version) + ")",
            "use that version");
    }
    const auto ours = has_our_tables(file);
    if (!ours) {
        return tl::unexpected(ours.error());
    }
    if (*application != kApplicationId || !*ours) {
        return fail(ErrorKind::unreadable, "journal", "is not a journal of dsm");
    }
    return {};
}

Result<void> read_all(SqliteFile& file, const AcceptStep& accept, JournalContent& content) {
    if (auto version = check_version(file); !version) {
        return version;
    }
    const auto study = file.text_of("SELECT value FROM meta WHERE key = 'study'");
    if (!study) {
        return tl::unexpected(study.error());
    }
    content.study = *study;
    if (auto steps = read_steps(file, accept, content); !steps) {
        return steps;
    }
    if (auto runs = read_run_files(file, content); !runs) {
        return runs;
    }
    const auto check = file.text_of("PRAGMA quick_check(1)");
    if (!check) {
        return tl::unexpected(check.error());
    }
    if (content.damage.empty() && *check != "ok") {
        content.damage = *check;
    }
    return {};
}

}  // namespace

std::uint64_t fnv1a(std::string_view bytes, std::uint64_t from) {
    for (const char c : bytes) {
        from = (from ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
    }
    return from;
}

Result<void> make_tables(SqliteFile& file, const std::string& study) {
    const std::string sql = std::string("BEGIN IMMEDIATE;") + kMetaTable + ";" + kStepTable + ";" +
                            kRunTable + ";PRAGMA application_id=" + std::to_string(kApplicationId) +
                            ";PRAGMA user_version=" + std::to_string(kVersion) + ";";
    if (auto made = file.run(sql); !made) {
        (void)file.run("ROLLBACK");
        return made;
    }
    auto insert = file.prepare("INSERT INTO meta VALUES('study', ?1)");
    if (!insert) {
        return tl::unexpected(insert.error());
    }
    insert->bind(1, study);
    if (const int code = insert->step(); code != SQLITE_DONE) {
        const Error error = file.error(code);
        (void)file.run("ROLLBACK");
        return tl::unexpected(error);
    }
    return file.run("COMMIT");
}

Result<JournalContent> read_journal(SqliteFile& file, const AcceptStep& accept) {
    JournalContent content;
    if (auto all = read_all(file, accept, content); !all) {
        if (all.error().kind != ErrorKind::unreadable) {
            return tl::unexpected(all.error());
        }
        if (content.damage.empty()) {
            content.damage = all.error().what;
        }
    }
    return content;
}

Result<RowWriter> RowWriter::make(SqliteFile& file, const std::vector<JournalRow>& rows_so_far) {
    auto insert = file.prepare("INSERT INTO step VALUES(?1, ?2, ?3, ?4)");
    if (!insert) {
        return tl::unexpected(insert.error());
    }
    RowWriter writer(std::move(*insert));
    for (const JournalRow& row : rows_so_far) {
        writer.chain_ = chain_of(writer.chain_, writer.next_seq_++, row);
    }
    return writer;
}

Result<void> RowWriter::append(SqliteFile& file, const JournalRow& row) {
    const std::uint64_t chain = chain_of(chain_, next_seq_, row);
    insert_.bind(1, next_seq_);
    insert_.bind(2, row.at);
    insert_.bind(3, row.body);
    insert_.bind(4, static_cast<std::int64_t>(chain));
    if (const int code = insert_.step(); code != SQLITE_DONE) {
        return tl::unexpected(file.error(code));
    }
    chain_ = chain;
    ++next_seq_;
    return {};
}

Result<std::string> utc_now(SqliteFile& file) {
    return file.text_of("SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now')");
}

}  // namespace dsm
