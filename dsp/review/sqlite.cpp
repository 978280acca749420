#include "dsp/review/sqlite.h"

namespace dsm {
namespace {

constexpr int kMaxRowBytes = 32'000'000;

Error describe_error(const std::string& subject, int code) {
    const auto make = [&](ErrorKind kind, std::string what, std::string remedy) {
        return Error{kind, subject, std::move(what), std::move(remedy)};
    };
    switch (code & 0xFF) {  // the primary code
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return make(ErrorKind::unreadable, "is damaged", "restore it from a copy");
        case SQLITE_FULL:
            return make(ErrorKind::io, "the disk is full", "free some space");
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return make(ErrorKind::io, "is open in another program", "close it there");
        case SQLITE_READONLY:
        case SQLITE_CANTOPEN:
        case SQLITE_PERM:
        case SQLITE_AUTH:
            return make(ErrorKind::io, "cannot be written", "check the permissions");
        case SQLITE_IOERR:
            // A quota or a size limit of the file system shows as this, not as SQLITE_FULL.
            return code == SQLITE_IOERR_WRITE || code == SQLITE_IOERR_FSYNC
                       ? make(ErrorKind::io, "could not be written to the disk",
                              "check that it is neither full nor failing")
                       : make(ErrorKind::io, "the disk reports an error", "check the disk");
        default:
            return make(ErrorKind::io, sqlite3_errstr(code), "keep a copy and report this");
    }
}

}  // namespace

void SqliteStatement::bind(int index, std::int64_t value) {
    sqlite3_bind_int64(statement_.get(), index, value);
}

void SqliteStatement::bind(int index, const std::string& value) {
    sqlite3_bind_text64(statement_.get(), index, value.data(), value.size(), SQLITE_TRANSIENT,
                        SQLITE_UTF8);
}

int SqliteStatement::step() {
    const int code = sqlite3_step(statement_.get());
    if (code != SQLITE_ROW) {
        sqlite3_reset(statement_.get());
    }
    return code;
}

std::int64_t SqliteStatement::integer(int column) const {
    return sqlite3_column_int64(statement_.get(), column);
}

std::string SqliteStatement::text(int column) const {
    const unsigned char* bytes = sqlite3_column_text(statement_.get(), column);
    if (bytes == nullptr) {
        return {};
    }
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
    return {reinterpret_cast<const char*>(bytes), size};
}

Result<SqliteFile> SqliteFile::open(const std::filesystem::path& file) {
    sqlite3* raw = nullptr;
    const int code = sqlite3_open_v2(
        file.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX,
        nullptr);
    SqliteFile opened(raw, file);
    if (code != SQLITE_OK) {
        return tl::unexpected(describe_error(file.string(), sqlite3_extended_errcode(raw)));
    }
    sqlite3_extended_result_codes(raw, 1);
    sqlite3_limit(raw, SQLITE_LIMIT_LENGTH, kMaxRowBytes);
    // The file may be hostile: its schema runs no code, and cannot be rewritten by hand.
    sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    return opened;
}

Error SqliteFile::error(int code) const {
    return describe_error(file_.string(), code);
}

Result<void> SqliteFile::run(const std::string& sql) {
    const int code = sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) {
        return tl::unexpected(error(code));
    }
    return {};
}

Result<SqliteStatement> SqliteFile::prepare(const std::string& sql) {
    sqlite3_stmt* raw = nullptr;
    const int code = sqlite3_prepare_v2(database_.get(), sql.c_str(), -1, &raw, nullptr);
    if (code != SQLITE_OK) {
        return tl::unexpected(error(code));
    }
    return SqliteStatement(raw);
}

Result<std::int64_t> SqliteFile::integer_of(const std::string& sql) {
    auto statement = prepare(sql);
    if (!statement) {
        return tl::unexpected(statement.error());
    }
    const int code = statement->step();
    if (code != SQLITE_ROW && code != SQLITE_DONE) {
        return tl::unexpected(error(code));
    }
    return code == SQLITE_ROW ? statement->integer(0) : 0;
}

Result<std::string> SqliteFile::text_of(const std::string& sql) {
    auto statement = prepare(sql);
    if (!statement) {
        return tl::unexpected(statement.error());
    }
    const int code = statement->step();
    if (code != SQLITE_ROW && code != SQLITE_DONE) {
        return tl::unexpected(error(code));
    }
    return code == SQLITE_ROW ? statement->text(0) : std::string{};
}

}  // namespace dsm
